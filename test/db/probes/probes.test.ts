import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { apply } from '../../../sql/applier/apply';
import type { BoundRegistry } from '../../../sql/compiler/bound';
import { findings, type ProbeReport, runProbes } from '../../../sql/verifier/probes';
import { urlFor, withClient } from '../../support/database';
import { applyTo, registryOf } from '../../support/engine';
import { createPlatformDatabase, REGISTRY as PLATFORM } from '../../support/platform';
import { asApplier, boundOf, product, REGISTRY, ROLES, unprotected } from './product';

jest.setTimeout(120_000);

const keys = (report: ProbeReport): string[] => findings(report).map(({ rule, key }) => `${rule} ${key}`);

/** Everything that a probe could leave behind: rows, memberships, privileges, keys, the hidden list. */
async function traces(client: Client): Promise<unknown> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and (n.nspname in ('public', 'guard', 'vault')) order by 1`,
  );
  const contents = [];
  for (const { name } of tables) {
    const { rows } = await client.query(
      `select count(*), md5(string_agg(t::text, '|' order by t::text)) from ${name} t`,
    );
    contents.push([name, rows[0]]);
  }
  const { rows: members } = await client.query(
    `select to_jsonb(m) - 'oid' as member from pg_auth_members m
     where member in ('registry_applier'::regrole) order by 1`,
  );
  const { rows: privileges } = await client.query(
    `select oid::regclass::text, relacl::text from pg_class where relnamespace = 'public'::regnamespace order by 1`,
  );
  return { contents, members, privileges };
}

test('the probes leave nothing behind', async () => {
  await product('', async (client, bound) => {
    const database = bound.database;
    const before = await withClient(urlFor(database), traces);
    await runProbes(client, bound);
    await runProbes(client, bound, { mode: 'existing' });
    expect(await withClient(urlFor(database), traces)).toEqual(before);
  });
});

test('the product of this repository is proved', async () => {
  const database = await createPlatformDatabase();
  const yaml = readFileSync(PLATFORM, 'utf8');
  await applyTo(database.applier, registryOf(yaml));
  await withClient(database.applier, async (client) => {
    const report = await runProbes(client, await boundOf(client, yaml));
    expect(findings(report)).toEqual([]);
    expect(report.counts.proved).toBeGreaterThan(500);
  });
});

test('columns and constraints of every make are proved', async () => {
  const name = await unprotected(readFileSync(path.join(__dirname, 'zoo.sql'), 'utf8'));
  const { rows } = await withClient(urlFor(name), (client) =>
    client.query<{ name: string; column: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name, a.attname as column
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where c.relkind in ('r', 'p') and not c.relispartition and c.relname ~* '^z_' and a.attname ~* '^organization_?id$' order by 1`,
    ),
  );
  const yaml = `
organizations: { table: public.organizations, id: id, sensitive: managed }
roles:
  ${ROLES.tenant}: { sees: current-organization, verbs: [select, insert, update, delete] }
  ${ROLES.support}: { sees: non-sensitive, verbs: [select, insert, update, delete] }
tables:
${rows.map((row) => `  ${JSON.stringify(row.name)}: { organization: ${row.column} }`).join('\n')}
excluded:
  public.countries: { reason: the same for all, owner: test, until: 2099-12-31 }
`;
  await asApplier(name, async (client) => {
    await apply(client, registryOf(yaml));
    // The CHECK function runs as the role that inserts.
    await withClient(urlFor(name), (admin) =>
      admin.query(`grant execute on function application_is to ${ROLES.tenant}, ${ROLES.support}`),
    );
    const report = await runProbes(client, await boundOf(client, yaml));
    expect(findings(report).map((each) => each.message)).toEqual([]);
  });
});

describe('on rows that exist', () => {
  const fill = `
    insert into settings select id, 'free', 9 from organizations;
    insert into staff (email) select name || '@staff.example.com' from organizations where not is_sensitive;
    insert into staff_assignments select s.id, o.id from staff s join organizations o on s.email = o.name || '@staff.example.com';
  `;

  test('tables with rows of three organizations are proved, the others are not', async () => {
    await product(fill, async (client, bound) => {
      const report = await runProbes(client, bound, { mode: 'existing' });
      expect(keys(report)).toEqual(
        ['staff_assignments', 'payslips', 'notes', 'memberships', 'users', 'partnerships', 'events'].map(
          (table) => `TZ203 public.${table}`,
        ),
      );
      const outcomes = report.measurements.filter(
        ({ table, role }) => table === 'public.settings' && role === ROLES.tenant,
      );
      expect(outcomes.map(({ verb, outcome }) => `${verb} ${outcome}`).sort()).toEqual([
        'delete proved',
        'select proved',
        'truncate proved',
        'update proved',
      ]);
      expect(
        report.measurements
          .filter(
            ({ table, outcome, granted }) => table === 'public.events' && granted && outcome === 'proved',
          )
          .every(({ granted, verb }) => !granted || verb === 'truncate'),
      ).toBe(true);
    });
  });

  test('an open table is found, and nothing in it is touched', async () => {
    await product(`${fill} alter table settings disable row level security`, async (client, bound) => {
      const report = await runProbes(client, bound, { mode: 'existing' });
      expect(keys(report)).toContain(`TZ201 public.settings ${ROLES.tenant}`);
      const writes = report.measurements.filter(
        ({ table, verb }) => table === 'public.settings' && verb === 'delete',
      );
      const tried = writes
        .flatMap(({ evidence }) => evidence)
        .filter(({ expected, rows }) => expected === 'hidden' && rows !== undefined);
      expect(tried).toEqual([]);
    });
  });
});

describe('a table that cannot be guessed', () => {
  const secretive = `
    create function secretive(kind text) returns boolean language plpgsql as $$ begin return kind = 'Zw5'; end $$;
    alter table events add constraint secretive check (secretive(kind))`;

  test('is reported with what stood in the way and what to write about it', async () => {
    await product(secretive, async (client, bound) => {
      const report = await runProbes(client, bound);
      expect(findings(report)).toEqual([
        expect.objectContaining({
          rule: 'TZ203',
          key: 'public.events',
          message: expect.stringMatching(/^public\.events: 23514 \(constraint secretive\)/),
          fix: expect.stringMatching(/under public\.events: samples: \{/),
        }),
      ]);
      // What the roles do not hold needs no row to be proved; everything else does.
      const proved = report.measurements.filter(
        ({ table, outcome, granted }) => table === 'public.events' && granted && outcome === 'proved',
      );
      expect(proved).toEqual([]);
    });
  });

  test('is proved once the registry has the sample', async () => {
    const yaml = REGISTRY.replace(
      'public.events: { organization: organization_id }',
      `public.events: { organization: organization_id, samples: { kind: "'Zw5'" } }`,
    );
    await product(
      secretive,
      async (client, bound) => expect(findings(await runProbes(client, bound))).toEqual([]),
      yaml,
    );
  });
});

describe('a lock that somebody holds', () => {
  const locked = (mode: string, probe: (client: Client, bound: BoundRegistry) => Promise<void>) =>
    product('', async (client, bound) => {
      await withClient(urlFor(bound.database), async (other) => {
        await other.query(`begin; lock table settings in ${mode} mode`);
        await probe(client, bound);
        await other.query('rollback');
      });
    });

  test('is a failure, not a pass; the other tables are probed all the same', async () => {
    await locked('share', async (client, bound) => {
      const report = await runProbes(client, bound, { lockTimeoutMs: 100 });
      expect(keys(report)).toEqual(['TZ204 public.settings']);
      expect(report.failed[0]?.reason).toMatch(/^55P03/);
      expect(report.measurements.filter(({ table }) => table === 'public.settings')).toEqual([]);
      expect(report.measurements.filter(({ table }) => table === 'public.events').length).toBeGreaterThan(20);
    });
  });

  test('ends the probes when not even the catalog can be read', async () => {
    await locked('access exclusive', async (client, bound) => {
      await expect(runProbes(client, bound, { lockTimeoutMs: 100 })).rejects.toMatchObject({ code: '55P03' });
      expect(await client.query('select 1')).toMatchObject({ rowCount: 1 });
    });
  });
});
