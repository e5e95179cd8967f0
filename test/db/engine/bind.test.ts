/** Names of the registry that the database does not have, or has in another shape: all at once, each at its place. */
import { bind } from '../../../sql/compiler/bind';
import type { Problem } from '../../../sql/registry';
import { createDatabase, urlFor, withClient } from '../../support/database';
import { registryOf } from '../../support/engine';

let url: string;
beforeAll(async () => {
  url = urlFor(await createDatabase());
  await withClient(url, (client) =>
    client.query(`
      create table organizations (id uuid primary key, name text);
      create table notes (id int primary key, organization_id uuid, parent int references notes);
      create table events (organization_id uuid, at date) partition by range (at);
      create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
      create view peek as select * from notes`),
  );
});

const problems = (tables: string, organizations = 'table: organizations, id: id, sensitive: managed') =>
  withClient(url, async (client) => {
    const registry = registryOf(
      `organizations: { ${organizations} }\nroles: { app: { sees: current-organization } }\ntables:\n${tables}`,
    );
    const result = await bind(client, registry);
    return 'problems' in result ? result.problems : [];
  });
const said = (found: readonly Problem[]) =>
  found.map(({ location, message }) => `${location.line}: ${message}`);

test('a registry that fits has no problems', async () => {
  expect(
    await problems('  notes: { organization: organization_id }\n  events: { organization: organization_id }'),
  ).toEqual([]);
});

test('everything that does not resolve is said at once, with its line', async () => {
  const found = await problems(
    [
      '  note: { organization: organization_id }',
      '  notes: { organization: organisation_id }',
      '  peek: { organization: organization_id }',
      '  events: { organization: organization_id }',
      '  events_2026: { organization: organization_id }',
    ].join('\n'),
  );
  expect(said(found)).toEqual([
    '4: there is no table public.note',
    '6: public.peek is not a table: row security does not apply to it',
    '8: public.events_2026 is a partition or child of public.events, which is registered',
    '5: public.notes has no column organisation_id',
  ]);
  expect(found[0]?.fix).toBe('did you mean public.notes?');
});

test.each([
  ['a way through itself', '  notes: { via: parent }', 'public.notes would belong through itself'],
  [
    'a foreign key that is not there',
    '  notes: { via: id }',
    'public.notes has no foreign key that starts at id',
  ],
  [
    'persons through a table that does not point at them',
    '  notes: { through: { table: events, column: at } }',
    'no foreign key leads from public.events (at) to public.notes',
  ],
  [
    'search without an organization column',
    '  notes: { via: parent, search: [{ column: id, operator: ilike }] }',
    'public.notes would belong through itself',
  ],
])('%s is refused', async (...[, tables, message]: [string, string, string]) => {
  expect((await problems(tables)).map((each) => each.message)).toContain(message);
});

test('a flag that is not boolean is refused', async () => {
  const found = await problems(
    '  notes: { organization: organization_id }',
    'table: organizations, id: id, sensitive: name',
  );
  expect(said(found)).toEqual(['1: organizations.sensitive: name is text, not boolean']);
});
