import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { bind } from '../../../sql/compiler/bind';
import { planRows, RowMaker } from '../../../sql/verifier/probes';
import { matching } from '../../../sql/verifier/probes/regex';
import { ProbeSession } from '../../../sql/verifier/probes/session';
import { createDatabase, urlFor, withClient } from '../../support/database';
import { registryOf } from '../../support/engine';
import { loadLogto } from '../../support/logto';

jest.setTimeout(120_000);

const ZOO = readFileSync(path.join(__dirname, 'zoo.sql'), 'utf8');

/** Registers every table that has the column, and makes two rows of each for two organizations. Returns what failed. */
async function makeEverything(
  client: Client,
  organizations: string,
  column: string,
): Promise<{ made: string[]; failed: string[] }> {
  const { rows } = await client.query<{ name: string; column: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, a.attname as column
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname ~* $1
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema)'
       and c.oid <> $2::regclass order by 1`,
    [`^${column}$`, organizations],
  );
  const tables = rows.map(({ name, column }) => `  ${JSON.stringify(name)}: { organization: ${column} }`);
  const bound = await bind(
    client,
    registryOf(`
organizations: { table: ${organizations}, id: id, sensitive: managed }
roles:
  some_role: { sees: current-organization }
tables:
${tables.join('\n')}`),
  );
  if ('problems' in bound) throw new Error(bound.problems.map((each) => each.message).join('\n'));
  const failed: string[] = [];
  const made: string[] = [];
  await client.query('begin');
  const plans = await planRows(client, bound.bound);
  const maker = new RowMaker(new ProbeSession(client, bound.bound.serverVersion), plans);
  await client.query('set constraints all deferred');
  const own = bound.bound.organizations.relation.oid;
  const keys = [];
  for (let i = 0; i < 2; i += 1)
    keys.push((await maker.insertRow(own, { organizations: [] })).organizations[0] as string);
  for (const { relation } of bound.bound.tables.filter((table) => !table.isOrganizations)) {
    try {
      for (const key of [...keys, ...keys]) {
        const row = await maker.insertRow(relation.oid, { organizations: [key] });
        expect(Object.values(row.values)).toContain(key);
      }
      made.push(relation.text);
    } catch (error) {
      failed.push(String(error));
    }
  }
  await client.query('set constraints all immediate');
  await client.query('rollback');
  return { made, failed };
}

test('rows of every table of the zoo can be made, again and again, and break no deferred constraint', async () => {
  await withClient(urlFor(await createDatabase()), async (client) => {
    await client.query(ZOO);
    const { made, failed } = await makeEverything(client, 'public.organizations', 'organization_?id');
    expect(failed).toEqual([]);
    expect(made.length).toBeGreaterThan(20);
  });
});

test('rows of every table of a real product can be made', async () => {
  const database = await createDatabase();
  await withClient(urlFor(database), async (client) => {
    await loadLogto(client, database);
    const { made, failed } = await makeEverything(client, 'public.tenants', 'tenant_id');
    expect(failed).toEqual([]);
    // Every table with a tenant column, as of @logto/schemas 1.43.
    expect(made).toHaveLength(77);
  });
});

test.each([
  ['^[a-z]{2}-[A-Z]{2}$'],
  ['^(foo|bar)_\\d{3,}$'],
  ['^\\+[1-9]\\d{6,14}$'],
  ['^[^/]+/[[:alnum:]._-]+$'],
  ['^#(?:[0-9a-f]{3}){1,2}$'],
  ['^v\\d+(\\.\\d+)*$'],
])('a text that matches %s is found', (pattern) => {
  const example = matching(pattern);
  expect(example).toMatch(new RegExp(pattern.replace('[:alnum:]', 'a-zA-Z0-9')));
});

test('a pattern that is not understood gives no text', () => {
  expect(matching('([a-z')).toBeUndefined();
});
