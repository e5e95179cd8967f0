/** An organization is never without an owner, whatever the statement and whoever is faster. */
import { randomUUID } from 'node:crypto';
import { type Client, Client as PgClient } from 'pg';
import { withClient } from '../support/database';
import { createPlatformDatabase, type PlatformDatabase } from '../support/platform';

interface Acme {
  organization: string;
  owner: string;
  ownerMembership: string;
  ownerRole: string;
  /** A second member with an ordinary role. */
  member: string;
  memberRole: string;
  memberMembership: string;
}

let database: PlatformDatabase;
beforeAll(async () => {
  database = await createPlatformDatabase();
});

async function user(client: Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into public.users (name, email) values ('Ada', $1) returning id`,
    [`${randomUUID()}@example.org`],
  );
  return rows[0]?.id as string;
}

async function create(client: Client, creator: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `select access.create_organization('Acme', $1, $2) as id`,
    [`acme-${randomUUID()}`, creator],
  );
  return rows[0]?.id as string;
}

async function acme(client: Client): Promise<Acme> {
  const owner = await user(client);
  const member = await user(client);
  const organization = await create(client, owner);
  const made = await client.query(
    `with role as (
       insert into public.organization_roles (organization_id, name) values ($1, 'Member') returning *
     ), membership as (
       insert into public.memberships (organization_id, user_id, role_id)
       select $1, $2, id from role returning *
     )
     select role.id as "memberRole", membership.id as "memberMembership",
       o.owner_membership_id as "ownerMembership", m.role_id as "ownerRole"
     from role, membership, public.organizations o
     join public.memberships m on m.organization_id = o.id and m.id = o.owner_membership_id where o.id = $1`,
    [organization, member],
  );
  return { organization, owner, member, ...made.rows[0] };
}

const using = <T>(use: (client: Client) => Promise<T>) => withClient(database.superuser, use);

/** Fills `:name` with the ids of an organization. */
const fill = (sql: string, ids: Acme) => sql.replace(/:(\w+)/g, (_, name: keyof Acme) => `'${ids[name]}'`);

test('creating one makes the organization, its protected Owner role and the membership of its creator', () =>
  using(async (client) => {
    const owner = await user(client);
    const organization = await create(client, owner);
    const { rows } = await client.query(
      `select o.name, o.plan, o.is_sensitive, r.name as role, r.permissions, r.is_protected, m.user_id
       from public.organizations o
       join public.memberships m on m.organization_id = o.id and m.id = o.owner_membership_id
       join public.organization_roles r on r.organization_id = o.id and r.id = m.role_id where o.id = $1`,
      [organization],
    );
    expect(rows).toEqual([
      {
        name: 'Acme',
        plan: 'free',
        is_sensitive: false,
        role: 'Owner',
        permissions: { all: true },
        is_protected: true,
        user_id: owner,
      },
    ]);
  }));

test('nothing is created when the creator does not exist or the slug is taken', () =>
  using(async (client) => {
    const count = async () => (await client.query('select count(*) from public.organizations')).rows[0];
    const before = await count();
    await expect(create(client, randomUUID())).rejects.toMatchObject({ code: '23503' });
    const owner = await user(client);
    const sql = `select access.create_organization('One', 'taken-' || $1::text, $1::uuid)`;
    await client.query(sql, [owner]);
    await expect(client.query(sql, [owner])).rejects.toMatchObject({ code: '23505' });
    expect(Number((await count()).count)).toBe(Number(before.count) + 1);
  }));

/** Ways to lose the owner. `23503` foreign key, `23514` check, `23505` unique, `428C9` generated column. */
const ways: { way: string; sql: string; code: string }[] = [
  {
    way: 'an organization without anything',
    sql: `insert into public.organizations (name, slug, owner_membership_id) values ('x', 'x', gen_random_uuid())`,
    code: '23503',
  },
  {
    way: 'an organization that says it has no owner',
    sql: `insert into public.organizations (name, slug, owner_membership_id) values ('x', 'x', null)`,
    code: '23502',
  },
  {
    way: "deleting the owner's membership",
    sql: 'delete from public.memberships where id = :ownerMembership',
    code: '23503',
  },
  {
    way: 'deleting all memberships',
    sql: 'delete from public.memberships where organization_id = :organization',
    code: '23503',
  },
  { way: "deleting the owner's user", sql: 'delete from public.users where id = :owner', code: '23503' },
  {
    way: "deleting the owner's user with the membership",
    sql: 'delete from public.memberships where user_id = :owner; delete from public.users where id = :owner',
    code: '23503',
  },
  {
    way: 'giving the owner another role',
    sql: 'update public.memberships set role_id = :memberRole, role_is_protected = false where id = :ownerMembership',
    code: '23503',
  },
  {
    way: 'giving the owner another role that pretends to be the Owner role',
    sql: 'update public.memberships set role_id = :memberRole where id = :ownerMembership',
    code: '23503',
  },
  {
    way: 'another key for the membership',
    sql: 'update public.memberships set id = gen_random_uuid() where id = :ownerMembership',
    code: '23503',
  },
  {
    way: 'pointing at a member who is no owner',
    sql: 'update public.organizations set owner_membership_id = :memberMembership where id = :organization',
    code: '23503',
  },
  {
    way: 'pointing at no membership',
    sql: 'update public.organizations set owner_membership_id = gen_random_uuid() where id = :organization',
    code: '23503',
  },
  {
    way: 'another key for the organization',
    sql: 'update public.organizations set id = gen_random_uuid() where id = :organization',
    code: '23503',
  },
  {
    way: 'saying that the owner needs no Owner role',
    sql: 'update public.organizations set owner_is_protected = false where id = :organization',
    code: '428C9',
  },
  {
    way: 'renaming the role',
    sql: `update public.organization_roles set name = 'Boss' where id = :ownerRole`,
    code: '23514',
  },
  {
    way: 'emptying its permissions',
    sql: `update public.organization_roles set permissions = '{}' where id = :ownerRole`,
    code: '23514',
  },
  {
    way: 'lifting its protection',
    sql: 'update public.organization_roles set is_protected = false where id = :ownerRole',
    code: '23503',
  },
  {
    way: 'lifting its protection together with the membership',
    sql: `set constraints all deferred;
          update public.memberships set role_id = :memberRole, role_is_protected = false where role_id = :ownerRole;
          update public.organization_roles set is_protected = false where id = :ownerRole`,
    code: '23503',
  },
  {
    way: 'deleting the role',
    sql: 'delete from public.organization_roles where id = :ownerRole',
    code: '23503',
  },
  {
    way: 'a second Owner role',
    sql: `insert into public.organization_roles (organization_id, name, permissions, is_protected)
          values (:organization, 'Owner', '{"all": true}', true)`,
    code: '23505',
  },
  {
    way: 'a protected role with another name',
    sql: `insert into public.organization_roles (organization_id, name, permissions, is_protected)
          values (:organization, 'Boss', '{"all": true}', true)`,
    code: '23514',
  },
  { way: 'truncating memberships', sql: 'truncate public.memberships', code: '0A000' },
];

test.each(ways)('refused: $way', ({ sql, code }) =>
  using(async (client) => {
    const ids = await acme(client);
    await expect(client.query(`begin; ${fill(sql, ids)}; commit`)).rejects.toMatchObject({ code });
    await client.query('rollback');
    const { rows } = await client.query(
      `select user_id from public.organizations o join public.memberships m on m.id = o.owner_membership_id
       where o.id = $1`,
      [ids.organization],
    );
    expect(rows).toEqual([{ user_id: ids.owner }]);
  }),
);

/** The same statements where they are nobody's harm: what is refused above is refused for the owner's sake. */
const allowed: { what: string; sql: string }[] = [
  { what: 'a member leaves', sql: 'delete from public.memberships where id = :memberMembership' },
  {
    what: "a member's user is deleted with the membership",
    sql: 'delete from public.memberships where user_id = :member; delete from public.users where id = :member',
  },
  {
    what: 'an ordinary role is changed',
    sql: `update public.organization_roles set name = 'Staff', permissions = '{"read": true}' where id = :memberRole`,
  },
  {
    what: 'an ordinary role is deleted after its members',
    sql: 'delete from public.memberships where role_id = :memberRole; delete from public.organization_roles where id = :memberRole',
  },
  {
    what: 'a second owner, who takes over, and the first one goes',
    sql: `update public.memberships set role_id = :ownerRole, role_is_protected = true where id = :memberMembership;
          delete from public.memberships where id = :ownerMembership;
          update public.organizations set owner_membership_id = :memberMembership where id = :organization;
          delete from public.users where id = :owner`,
  },
  {
    what: 'the organization ends, with everything of it',
    sql: `delete from public.memberships where organization_id = :organization;
          delete from public.organization_roles where organization_id = :organization;
          delete from public.organizations where id = :organization`,
  },
];

test.each(allowed)('allowed: $what', ({ sql }) =>
  using(async (client) => {
    await client.query(`begin; ${fill(sql, await acme(client))}; commit`);
  }),
);

describe('two at the same moment', () => {
  const handOver = `
    update public.memberships set role_id = :ownerRole, role_is_protected = true where id = :memberMembership;
    update public.organizations set owner_membership_id = :memberMembership where id = :organization`;
  const drop = 'delete from public.memberships where id = :memberMembership';
  const races = [
    { race: 'the ownership is handed to a member while the member leaves', first: handOver, second: drop },
    { race: 'a member leaves while the ownership is handed to them', first: drop, second: handOver },
    {
      race: 'the owner goes after the hand-over while the new one is demoted',
      first: `${handOver}; delete from public.memberships where id = :ownerMembership`,
      second:
        'update public.memberships set role_id = :memberRole, role_is_protected = false where id = :memberMembership; delete from public.memberships where id = :memberMembership',
    },
  ];

  test.each(races)('$race: one of them fails, and an owner remains', async ({ first, second }) => {
    const ids = await using(acme);
    const [one, two] = [database.superuser, database.superuser].map(
      (connectionString) => new PgClient({ connectionString }),
    ) as [Client, Client];
    await Promise.all([one.connect(), two.connect()]);
    await Promise.all([one.query('begin'), two.query('begin')]);
    await one.query(fill(first, ids));
    // May have to wait for the first.
    const later = two.query(fill(second, ids)).then(() => two.query('commit'));
    later.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const results = await Promise.allSettled([one.query('commit'), later]);
    await Promise.all([one.end(), two.end()]);

    const { rows } = await using((client) =>
      client.query(
        `select r.name from public.organizations o
         join public.memberships m on m.organization_id = o.id and m.id = o.owner_membership_id
         join public.organization_roles r on r.organization_id = o.id and r.id = m.role_id where o.id = $1`,
        [ids.organization],
      ),
    );
    expect(rows).toEqual([{ name: 'Owner' }]);
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
  });
});

/** Stands in for what the registry engine installs: FORCE, an owner who is refused, app_backend confined to one organization. */
describe('under row security that stops the owner too', () => {
  const token = randomUUID();
  beforeAll(() =>
    using(async (client) => {
      await client.query(`
        create function public.refuse() returns boolean language plpgsql as
          $$ begin raise exception 'owner' using errcode = 'TZ010'; end $$;
        grant execute on function public.refuse() to platform_owner;
        grant connect on database ${database.name} to app_backend;
        grant usage on schema public to app_backend`);
      for (const [table, key] of [
        ['organizations', 'id'],
        ['organization_roles', 'organization_id'],
        ['memberships', 'organization_id'],
        ['users', `'${token}'::uuid`],
      ]) {
        await client.query(`
          alter table public.${table} enable row level security, force row level security;
          create policy owner on public.${table} to platform_owner using (public.refuse()) with check (public.refuse());
          create policy app on public.${table} to app_backend using (${key} = '${token}') with check (${key} = '${token}');
          grant select, insert, update, delete on public.${table} to app_backend`);
      }
    }),
  );

  test('app_backend creates exactly the organization that its token names', async () => {
    const creator = await using(user);
    const sql = `select access.create_organization('Mine', $1, $2, $3) as id`;
    await using(async (client) => {
      await client.query('set role app_backend');
      await expect(client.query(sql, ['other', creator, randomUUID()])).rejects.toMatchObject({
        code: '42501',
      });
      expect((await client.query(sql, ['mine', creator, token])).rows).toEqual([{ id: token }]);
      // And the keys still hold, though nobody who checks them may read.
      await expect(client.query('delete from public.memberships')).rejects.toMatchObject({ code: '23503' });
      await expect(client.query('delete from public.users where id = $1', [creator])).rejects.toMatchObject({
        code: '23503',
      });
    });
    await withClient(database.migrator, async (client) => {
      await client.query('set role platform_owner');
      await expect(client.query('select from public.memberships')).rejects.toMatchObject({ code: 'TZ010' });
    });
  });

  test('nobody else may call it', async () => {
    await withClient(database.applier, (client) =>
      expect(
        client.query(`select access.create_organization('x', 'x', gen_random_uuid())`),
      ).rejects.toMatchObject({ code: '42501' }),
    );
  });
});
