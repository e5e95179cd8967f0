import { organizationsTable } from '../../../sql/discovery/organizations-table';
import { proposeRegistry } from '../../../sql/discovery/propose';
import { discover } from '../../../sql/discovery/reach';
import { readSchema } from '../../../sql/discovery/read-schema';
import type { Schema } from '../../../sql/discovery/schema';
import { createDatabase, urlFor, withClient } from '../../support/database';
import { loadLogto } from '../../support/logto';

let schema: Schema;
let names: string[];

beforeAll(async () => {
  const database = await createDatabase();
  await withClient(urlFor(database), async (client) => {
    names = await loadLogto(client, database);
    schema = await readSchema(client);
  });
}, 60_000);

test('tenants is found by itself, although organizations is a likely name too', () => {
  expect(schema.relations.get(organizationsTable(schema).oid)?.text).toBe('public.tenants');
});

test('every table with a tenant_id belongs through it, with a foreign key or without', () => {
  const reaches = discover(schema, organizationsTable(schema));
  const tables = [...schema.relations.values()].filter((one) => one.kind === 'r');
  expect(tables.map((one) => one.table.name).sort()).toEqual(names);
  const direct = tables.filter((one) => one.columns.some((column) => column.name === 'tenant_id'));
  expect(direct.length).toBeGreaterThanOrEqual(75);
  const wrong = direct.filter((one) => {
    const reach = reaches.get(one.oid);
    const belongs = reach?.choices[0]?.belongs;
    return (
      reach?.certainty !== 'certain' || belongs?.kind !== 'direct' || belongs.columns.join() !== 'tenant_id'
    );
  });
  expect(wrong.map((one) => one.text)).toEqual([]);
  const unkeyed = tables.filter((one) => reaches.get(one.oid)?.notes.includes('no foreign key'));
  expect(unkeyed.map((one) => one.table.name)).toEqual([
    'aggregated_daily_active_users',
    'daily_active_users',
    'daily_token_usage',
    'service_logs',
  ]);
});

test('what belongs to nobody is asked about, and policies for PUBLIC are pointed out', () => {
  const proposal = proposeRegistry(schema);
  expect(proposal.undecided.map((one) => one.table)).toEqual(['public.systems']);
  expect(proposal.registered).toBe(names.length - 2);
  expect(proposal.questions.find((one) => one.table === 'public.users')?.text).toBe(
    'policies of its own: users_modification (PUBLIC), users_tenant_id (RESTRICTIVE, PUBLIC)',
  );
});
