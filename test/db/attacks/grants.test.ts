/** Live grants and assignments: for one person, one organization, one kind of session, one while. Promise 10 in rows. */
import type { Client } from 'pg';
import type { TokenSubject } from '../../../sql/db/token';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { markSensitive, ORGANIZATIONS, setToken, tokenFor } from '../../support/tenants';
import { logIn, logInToShell, outcome } from './attack';
import { createFilledDatabase, DIRECT } from './fill';

let database: PlatformDatabase;
let support: Client;
let staff: Client;
const SAM = '00000000-0000-4000-a000-000000000001';
beforeAll(async () => {
  database = await createFilledDatabase();
  await markSensitive(database, ORGANIZATIONS.zero);
  await withClient(database.migrator, (client) =>
    client.query(`set role platform_owner;
      insert into access.staff (id, name, email, kind) values ('${SAM}', 'Sam', 'sam@example.com', 'client-success');
      insert into access.staff_assignments (organization_id, staff_id)
        values ('${ORGANIZATIONS.acme}', '${SAM}'), ('${ORGANIZATIONS.clinic}', '${SAM}')`),
  );
  support = await logInToShell(database, { person: 'eng' });
  staff = await logIn(database, 'staff_admin');
}, 30_000);
afterAll(() => Promise.all([support?.end(), staff?.end()]));

const clinic = ORGANIZATIONS.clinic;

interface Grant {
  person?: string;
  organization?: string;
  kind?: 'shell' | 'console';
  from?: string;
  to?: string;
  revoked?: boolean;
  access?: 'read' | 'write';
}

/** With these grants committed, which organizations does the session see? */
async function seenWith(
  grants: readonly Grant[],
  client: Client,
  token: TokenSubject | string | undefined,
  mode: 'read only' | 'read write' = 'read only',
): Promise<string[] | string> {
  await withClient(database.superuser, async (superuser) => {
    await superuser.query('delete from guard.grants');
    for (const {
      person = 'eng',
      organization = clinic,
      kind = 'shell',
      from = '-1 h',
      to = '1 h',
      revoked = false,
      access = 'read',
    } of grants)
      await superuser.query(
        `insert into guard.grants (person, organization, kind, starts_at, ends_at, revoked_at, access)
         values ($1, $2, $3, now() + $4::interval, now() + $5::interval, case when $6 then now() end, $7)`,
        [person, organization, kind, from, to, revoked, access],
      );
  });
  await client.query(`begin ${mode}`);
  try {
    await setToken(client, token === undefined ? '' : typeof token === 'string' ? token : tokenFor(token));
    const { rows } = await client.query<{ name: string }>('select name from public.organizations order by 1');
    return rows.map(({ name }) => name);
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.query('rollback');
  }
}

const ordinary = ['acme', 'beta'];

describe('in the support shell, a grant', () => {
  test.each<[string, Grant[], string[]]>([
    ['that is live shows its organization', [{}], [...ordinary, 'clinic']],
    ['of another person shows nothing', [{ person: 'other' }], ordinary],
    ['of a person whose name only begins so shows nothing', [{ person: 'engineer' }], ordinary],
    ['of a person in other letters shows nothing', [{ person: 'ENG' }], ordinary],
    ['for the console shows nothing', [{ kind: 'console' }], ordinary],
    ['that begins later shows nothing yet', [{ from: '1 min', to: '1 h' }], ordinary],
    ['that has ended shows nothing', [{ from: '-2 h', to: '-1 s' }], ordinary],
    ['that is revoked shows nothing', [{ revoked: true }], ordinary],
    ['that is revoked does not take a second one with it', [{ revoked: true }, {}], [...ordinary, 'clinic']],
    [
      'for two organizations shows both',
      [{}, { organization: ORGANIZATIONS.zero }],
      [...ordinary, 'clinic', 'zero'],
    ],
    ['for an ordinary organization takes nothing away', [{ organization: ORGANIZATIONS.acme }], ordinary],
    [
      'for an organization that is not there shows nothing',
      [{ organization: '00000000-0000-4000-8000-0000000000ee' }],
      ordinary,
    ],
  ])('%s', async (_, grants, seen) => {
    expect(await seenWith(grants, support, undefined)).toEqual(seen);
  });

  test.each<[string, TokenSubject | string]>([
    ['of the kind that shells had', { kind: 'support', person: 'other' }],
    ['for the console', { kind: 'staff', person: 'other' }],
    ['of a tenant', { kind: 'tenant', organization: clinic, person: 'other' }],
    ['that is forged', `${tokenFor({ kind: 'support', person: 'other' }).slice(0, -1)}x`],
  ])('of another person is not reached by a token %s', async (_, token) => {
    expect(await seenWith([{ person: 'other' }], support, token)).toEqual(ordinary);
    expect(await seenWith([{}], support, token)).toEqual([...ordinary, 'clinic']);
  });

  test('to read counts in read-only transactions only, one to write in both', async () => {
    const writer = await logInToShell(database, { person: 'eng', write: true });
    try {
      const seen = (access: 'read' | 'write', mode: 'read only' | 'read write') =>
        seenWith([{ access }], writer, undefined, mode);
      expect(await seen('read', 'read only')).toEqual([...ordinary, 'clinic']);
      expect(await seen('read', 'read write')).toEqual(ordinary);
      expect(await seen('write', 'read only')).toEqual([...ordinary, 'clinic']);
      expect(await seen('write', 'read write')).toEqual([...ordinary, 'clinic']);
    } finally {
      await writer.end();
    }
  });
});

describe('in the console', () => {
  const sam = { kind: 'staff', person: SAM } as const;
  const grant = (more: Grant = {}): Grant => ({ person: SAM, kind: 'console', ...more });
  test.each<[string, Grant[], TokenSubject | undefined, string[] | string]>([
    ['a person sees what is assigned, the sensitive ones aside', [], sam, ['acme']],
    ['a live grant lifts the veil from what is assigned', [grant()], sam, ['acme', 'clinic']],
    [
      'a live grant assigns nothing',
      [grant({ organization: ORGANIZATIONS.zero }), grant({ organization: ORGANIZATIONS.beta })],
      sam,
      ['acme'],
    ],
    ['a grant to write shows it too', [grant({ access: 'write' })], sam, ['acme', 'clinic']],
    ['a grant for the shell shows nothing', [grant({ kind: 'shell' })], sam, ['acme']],
    ['a grant of another person shows nothing', [grant({ person: 'eng' })], sam, ['acme']],
    ['a grant that is revoked shows nothing', [grant({ revoked: true })], sam, ['acme']],
    [
      'a person without assignments sees nothing',
      [grant({ person: 'nobody' })],
      { kind: 'staff', person: 'nobody' },
      [],
    ],
    ['a token for the shell is refused', [grant()], { kind: 'support', person: SAM }, 'TZ005'],
    [
      'a token of a tenant is refused',
      [grant()],
      { kind: 'tenant', organization: clinic, person: SAM },
      'TZ005',
    ],
    ['no token is an error, not nothing', [], undefined, 'TZ001'],
  ])('%s', async (_, grants, token, seen) => {
    expect(await seenWith(grants, staff, token)).toEqual(seen);
  });
});

test('a grant that ends in the middle of a cursor shows no more rows of it', async () => {
  await seenWith([{ to: '1500 ms' }], support, undefined);
  await support.query('begin');
  await support.query(
    'declare c cursor for select organization_id from public.documents order by organization_id',
  );
  expect((await support.query('fetch 2 from c')).rowCount).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 1600));
  const { rows } = await support.query('fetch all from c');
  expect(rows.filter((row) => row.organization_id === clinic)).toEqual([]);
  expect(await outcome(support, `select from public.documents where organization_id = '${clinic}'`)).toBe(0);
  await support.query('rollback');
});

test('a revocation holds for the next statement of an open transaction', async () => {
  await seenWith([{}], support, undefined);
  await support.query('begin');
  const count = () => outcome(support, `select from public.employees where organization_id = '${clinic}'`);
  expect(await count()).toBe(1);
  await withClient(database.superuser, (client) =>
    client.query('update guard.grants set revoked_at = now()'),
  );
  expect(await count()).toBe(0);
  await support.query('rollback');
});

/** Own tenant within sensitive customer within ordinary one, for each role, verb and table. */
describe('access to the own tenant is within access to a sensitive one, and that within access to an ordinary one', () => {
  test.each(['app_backend', 'staff_admin', 'support_shell', 'sensitive_gate', 'break_glass', 'auditor'])(
    '%s',
    async (role) => {
      await withClient(database.superuser, (client) => client.query('delete from guard.grants'));
      const client = await (role === 'support_shell' ? logInToShell(database) : logIn(database, role));
      try {
        const reach = async (organization: string) => {
          const reached: string[] = [];
          for (const [table, column] of DIRECT) {
            for (const [verb, sql] of [
              ['select', `select from ${table} where ${column} = '${organization}' limit 1`],
              ['update', `update ${table} set ${column} = ${column} where ${column} = '${organization}'`],
              ['lock', `select from ${table} where ${column} = '${organization}' limit 1 for update`],
            ] as const) {
              await client.query('begin read write');
              if (role === 'staff_admin') await setToken(client, tokenFor({ kind: 'staff', person: SAM }));
              const got = await outcome(client, sql);
              if (typeof got === 'number' && got > 0) reached.push(`${verb} ${table}`);
              await client.query('rollback');
            }
          }
          return reached;
        };
        const [own, sensitive, common] = [
          await reach(ORGANIZATIONS.zero),
          await reach(clinic),
          await reach(ORGANIZATIONS.acme),
        ];
        expect(own.filter((each) => !sensitive.includes(each))).toEqual([]);
        expect(sensitive.filter((each) => !common.includes(each))).toEqual([]);
        expect(common.length).toBeGreaterThan(
          ['support_shell', 'staff_admin', 'break_glass'].includes(role) ? 20 : -1,
        );
        if (role !== 'break_glass') expect(sensitive).toEqual([]);
      } finally {
        await client.end();
      }
    },
  );
});
