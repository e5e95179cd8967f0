/** `explain`: what decided, said without a word about single rows. */

import { explainTable, renderExplanation } from '../../../sql/explain';
import type { Plan } from '../../../sql/planner/plan';
import { plan } from '../../../sql/planner/plan';
import { withClient } from '../../support/database';
import { applyTo } from '../../support/engine';
import { createPlatformDatabase } from '../../support/platform';
import { platformRegistry } from '../../support/tenants';
import { rls } from './rls';

jest.setTimeout(60_000);

let read: Plan;
let applier: string;

beforeAll(async () => {
  const database = await createPlatformDatabase();
  applier = database.applier;
  await applyTo(applier, platformRegistry);
  await withClient(database.migrator, (client) =>
    client.query(`set role platform_owner; create table public.forgotten (id int);
      create policy theirs on public.rooms using (true); drop policy tenant_zero_owner on public.jobs`),
  );
  read = await withClient(applier, (client) => plan(client, platformRegistry));
});

const text = (table: string, role?: string) => renderExplanation(explainTable(read, table, role));

test('a direct column is named', () => {
  expect(explainTable(read, 'public.employees').path).toEqual([
    { kind: 'column', table: 'public.employees', column: 'organization_id' },
  ]);
});

test('a chain of foreign keys is spelled out to the column that ends it', () => {
  expect(text('public.legacy_notes')).toContain(
    'public.legacy_notes (employee_id) -> public.employees (id): the row it points at must be visible\n' +
      '  public.employees.organization_id names the organization',
  );
});

test('rows that are pointed at are visible through any of those that point', () => {
  expect(text('users')).toContain(
    'public.memberships (user_id) -> public.users (id): at least one such row must be visible',
  );
});

test('a row of two organizations shows both columns', () => {
  expect(explainTable(read, 'public.partnerships').path).toHaveLength(2);
  expect(text('public.partnerships', 'support_shell')).toContain(
    'rows of which all organizations are organizations that are not sensitive',
  );
});

test('a partition is explained by its parent', () => {
  const { mode, decision, path } = explainTable(read, 'public.events_2026_11');
  expect({ mode, kind: decision.kind, path }).toEqual({
    mode: 'child',
    kind: 'child',
    path: [{ kind: 'column', table: 'public.events', column: 'organization_id' }],
  });
});

test('an excluded table says why, who answers for it, and until when', () => {
  expect(text('public.plans')).toContain(
    'excluded because: The price list, the same for every tenant. (platform, until 2027-06-30)',
  );
});

test('a table that nobody registered is sealed for that reason', () => {
  expect(text('public.forgotten')).toContain('sealed, because nobody registered it');
  expect(
    explainTable(read, 'public.forgotten').roles.every(
      (role) => role.verbs.length === 0 || role.role === 'platform_owner',
    ),
  ).toBe(true);
});

test.each([
  ['app_backend', 'no token -> SQLSTATE TZ001'],
  ['support_shell', 'sees rows of organizations that are not sensitive'],
  ['auditor', 'every statement fails (SQLSTATE 42501)'],
  ['platform_owner', 'is refused with SQLSTATE TZ010'],
])('%s hears why it sees what it sees', (role, sentence) => {
  const said = text('public.payslips', role);
  expect(said).toContain(sentence);
  expect(explainTable(read, 'public.payslips', role).roles.map((each) => each.role)).toEqual([role]);
});

test('the state of the database is part of it', () => {
  expect(explainTable(read, 'public.employees').database).toMatchObject({ matches: true, pending: [] });
  expect(explainTable(read, 'public.jobs').database).toMatchObject({
    matches: false,
    pending: ['add policy tenant_zero_owner'],
  });
  expect(explainTable(read, 'public.rooms').database.foreignPolicies).toEqual(['theirs']);
});

test('unknown names are answered with the nearest ones', async () => {
  const run = (...args: string[]) => rls('explain', ...args, '--database-url', applier);
  const [table, role, good] = await Promise.all([
    run('public.employes'),
    run('public.employees', '--as', 'suport_shell'),
    run('public.employees', '--as', 'app_backend', '--format', 'json'),
  ]);
  expect(table).toMatchObject({ code: 2, stdout: '' });
  expect(table.stderr).toMatch(
    /^error: there is no table public\.employes in t_\w+\nnext: did you mean public\.employees/,
  );
  expect(role.stderr).toBe(
    'error: suport_shell is no role of the registry\nnext: did you mean support_shell?\n',
  );
  expect(JSON.parse(good.stdout)).toMatchObject({ table: 'public.employees', mode: 'registered' });
});
