/** Whatever way a protected database drifts, `plan` names it; `apply` mends it, or says who must. */
import { plan } from '../../../sql/planner/plan';
import { withClient } from '../../support/database';
import { applyTo } from '../../support/engine';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';
import { createPlatformDatabase, type PlatformDatabase } from '../../support/platform';
import { platformRegistry } from '../../support/tenants';

let database: PlatformDatabase;
let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await moveToOwnCluster();
  database = await createPlatformDatabase();
  await applyTo(database.applier, platformRegistry);
});
afterAll(() => cluster.stop());

const changes = (useMemory: boolean) =>
  withClient(database.applier, async (client) =>
    (await plan(client, platformRegistry, { useMemory })).changes.map(
      (change) => `${change.unit}: ${change.action} ${change.name}`,
    ),
  );
const asAdministrator = (sql: string) => withClient(database.superuser, (client) => client.query(sql));

/** What was planted, what the plan says, and, where the applying login may not mend it itself, how it is undone. */
type Case = [what: string, plant: string, named: string, undo?: string];
const CASES: Case[] = [
  [
    'policy text',
    'alter policy tenant_zero_restrict_app_backend on public.employees using (true)',
    'public.employees: change tenant_zero_restrict_app_backend',
  ],
  [
    'a policy check alone',
    'alter policy tenant_zero_permit_app_backend on public.employees with check (true)',
    'public.employees: change tenant_zero_permit_app_backend',
  ],
  [
    'policy roles',
    'alter policy tenant_zero_permit_app_backend on public.employees to public',
    'public.employees: change tenant_zero_permit_app_backend',
  ],
  [
    'policy command',
    `drop policy tenant_zero_restrict_support_shell on public.employees; create policy tenant_zero_restrict_support_shell on public.employees as restrictive for select to support_shell using (true)`,
    'public.employees: change tenant_zero_restrict_support_shell',
  ],
  [
    'a missing policy',
    'drop policy tenant_zero_restrict_support_shell on public.legacy_notes',
    'public.legacy_notes: add tenant_zero_restrict_support_shell',
  ],
  [
    'a policy with our prefix',
    'create policy tenant_zero_extra on public.employees using (true)',
    'public.employees: remove tenant_zero_extra',
  ],
  [
    'an owner policy opened',
    'alter policy tenant_zero_owner on public.employees using (true)',
    'public.employees: change tenant_zero_owner',
  ],
  [
    'row security off',
    'alter table public.payslips disable row level security',
    'public.payslips: add ENABLE ROW LEVEL SECURITY',
  ],
  [
    'row security not forced',
    'alter table public.payslips no force row level security',
    'public.payslips: add FORCE ROW LEVEL SECURITY',
  ],
  [
    'a partition opened',
    'do $$ begin execute (select format($f$alter table %s disable row level security$f$, inhrelid::regclass) from pg_inherits where inhparent = $t$public.events$t$::regclass limit 1); end $$',
    'ENABLE ROW LEVEL SECURITY',
  ],
  [
    'a trigger disabled',
    'alter table public.employees disable trigger tenant_zero_truncate',
    'public.employees: change tenant_zero_truncate enabled',
  ],
  [
    'a trigger not ALWAYS',
    'alter table public.organizations enable trigger zz_tenant_zero_flag',
    'public.organizations: change zz_tenant_zero_flag enabled',
  ],
  [
    'a trigger dropped',
    'drop trigger zz_tenant_zero_organization on public.employees',
    'public.employees: add zz_tenant_zero_organization',
  ],
  [
    'a trigger narrowed',
    'drop trigger zz_tenant_zero_organization on public.employees; create trigger zz_tenant_zero_organization before update on public.employees for each row when (false) execute function guard.keep_organization(); alter table public.employees enable always trigger zz_tenant_zero_organization',
    'public.employees: change zz_tenant_zero_organization',
  ],
  [
    'a grant too many',
    'grant truncate on public.employees to app_backend',
    'public.employees: remove grants to app_backend',
  ],
  [
    'a grant with grant option',
    'grant select on public.employees to support_shell with grant option',
    'public.employees: remove grants to support_shell',
  ],
  ['a grant to PUBLIC', 'grant select on public.plans to public', 'public.plans: remove grants to PUBLIC'],
  [
    'a column grant',
    'grant select (is_sensitive) on public.organizations to sensitive_gate',
    'public.organizations: remove column grant SELECT (is_sensitive) to sensitive_gate',
  ],
  [
    'a grant too few',
    'revoke select on public.employees from app_backend',
    'public.employees: add grants to app_backend',
  ],
  [
    'helper source',
    `create or replace function guard.current_organization() returns uuid language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$ begin return '00000000-0000-4000-8000-00000000000c'::uuid; end $$`,
    'guard: change guard.current_organization()',
  ],
  [
    'an atomic helper',
    `create or replace function guard.hidden_organizations() returns uuid[] language sql stable parallel safe security definer begin atomic select '{}'::uuid[]; end`,
    'guard: change guard.hidden_organizations()',
  ],
  [
    'helper owner',
    'alter function guard.current_organization() owner to postgres',
    'guard: change guard.current_organization()',
    'alter function guard.current_organization() owner to guard_owner',
  ],
  [
    'helper settings',
    'alter function guard.current_organization() reset search_path',
    'guard: change guard.current_organization()',
  ],
  [
    'helper volatility',
    'alter function guard.current_organization() volatile',
    'guard: change guard.current_organization()',
  ],
  [
    'helper parallel',
    'alter function guard.hidden_organizations() parallel unsafe',
    'guard: change guard.hidden_organizations()',
  ],
  ['helper leakproof', 'alter function guard.owner_may() leakproof', 'guard: change guard.owner_may()'],
  [
    'helper invoker',
    'alter function guard.hidden_organizations() security invoker',
    'guard: change guard.hidden_organizations()',
  ],
  [
    'helper for everybody',
    'grant execute on function guard.hidden_organizations() to public',
    'guard: remove EXECUTE on guard.hidden_organizations()',
  ],
  [
    'helper dropped',
    'drop function vault.set_signing_key(text, bytea)',
    'guard: add vault.set_signing_key(text, bytea)',
  ],
  [
    'a stranger in guard',
    'create function guard.bypass() returns int language sql as $$ select 1 $$',
    'guard: remove guard.bypass()',
    'drop function guard.bypass()',
  ],
  [
    'a table of ours readable',
    'grant select on vault.signing_keys to app_backend',
    'guard: remove vault.signing_keys to app_backend',
  ],
  [
    'the hidden list emptied',
    `update guard.hidden set organizations = '{${'00000000-0000-4000-8000-00000000000d'}}', members = 1`,
    'guard: change guard.hidden',
  ],
  [
    'the rebuild trigger gone',
    'drop trigger tenant_zero_rebuild on guard.sensitive_organizations',
    'guard: add tenant_zero_rebuild on guard.sensitive_organizations',
  ],
  [
    'CREATE on our schema',
    'grant create on schema guard to app_backend',
    'guard: remove CREATE on schema guard to app_backend',
  ],
  [
    'CREATE on a product schema',
    'grant create on schema public to support_shell',
    'guard: remove CREATE on schema public to support_shell',
  ],
  [
    'table owner',
    'alter table public.surveys owner to postgres',
    'public.surveys: change owner',
    'alter table public.surveys owner to platform_owner',
  ],
  [
    'role attribute',
    'alter role auditor bypassrls',
    'roles: change auditor BYPASSRLS',
    'alter role auditor nobypassrls',
  ],
  ['role may create roles', 'alter role auditor createrole', 'roles: change auditor CREATEROLE'],
  [
    'role membership',
    'grant platform_owner to auditor',
    'roles: remove auditor in platform_owner',
    'revoke platform_owner from auditor',
  ],
  [
    'a role setting changed',
    `do $$ begin execute format('alter role support_shell in database %I set default_transaction_read_only = off', current_database()); end $$`,
    'roles: change support_shell default_transaction_read_only',
  ],
  [
    'a dangerous role setting',
    `do $$ begin execute format('alter role support_shell in database %I set "tenant_zero.token" = %L', current_database(), 'x'); end $$`,
    'roles: remove support_shell tenant_zero.token',
    'do $$ begin execute format($f$alter role support_shell in database %I reset "tenant_zero.token"$f$, current_database()); end $$',
  ],
  [
    'an unregistered table',
    'create table public.stray (id int); grant select on public.stray to app_backend',
    'public.stray: add ENABLE ROW LEVEL SECURITY',
    'drop table public.stray',
  ],
  [
    'an unregistered view',
    'create view public.peek as select * from public.employees; grant select on public.peek to app_backend',
    'public.peek: remove grants to app_backend',
    'drop view public.peek',
  ],
];

jest.setTimeout(60_000);

test('nothing differs at first', async () => {
  expect(await changes(true)).toEqual([]);
  expect(await changes(false)).toEqual([]);
});

// Rest parameters: jest takes a fourth one that a case does not fill for its `done` callback.
test.each(CASES)('%s', async (...[, plant, named, undo]: Case) => {
  await asAdministrator(plant);
  for (const useMemory of [true, false]) {
    const found = await changes(useMemory);
    expect(found.filter((change) => change.includes(named))).not.toEqual([]);
  }
  if (undo) await asAdministrator(undo);
  const report = await applyTo(database.applier, platformRegistry);
  if (!undo) expect(report.applied.length).toBeGreaterThan(0);
  expect(report.remaining).toEqual([]);
});
