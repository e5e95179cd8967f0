/**
 * A small database protected by hand, in the shape in which the engine leaves one: the ground on which faults are
 * planted. Written out, not produced by the engine, so that rules and engine cannot be wrong together.
 */
import type { ClientBase } from 'pg';
import type { RuleParameters } from '../../../sql/verifier/rule';

const ROLES = {
  app_backend: '(organization_id = (SELECT guard.current_organization()))',
  support_shell: '(organization_id <> ALL ((SELECT guard.hidden_organizations())::uuid[]))',
  break_glass: 'true',
} as const;

/** What the engine does to a registered table whose organization column is `column`. */
export function protect(table: string, column = 'organization_id'): string {
  const policies = Object.entries(ROLES).flatMap(([role, expression]) => {
    const using = expression.replace('organization_id', column);
    return [
      `create policy tenant_zero_permit_${role} on ${table} to ${role} using (${using}) with check (${using});`,
      `create policy tenant_zero_restrict_${role} on ${table} as restrictive to ${role} using (${using}) with check (${using});`,
    ];
  });
  return `
    alter table ${table} owner to platform_owner, enable row level security, force row level security;
    create policy tenant_zero_owner on ${table} to platform_owner using (guard.owner_may());
    ${policies.join('\n')}
    create trigger tenant_zero_truncate before truncate on ${table} execute function guard.refuse_truncate();
    alter table ${table} enable always trigger tenant_zero_truncate;
    create trigger zz_tenant_zero_organization before update on ${table} for each row execute function guard.refuse_move();
    alter table ${table} enable always trigger zz_tenant_zero_organization;
    grant select, insert, update, delete on ${table} to app_backend;
    grant select, update on ${table} to support_shell;
    grant select on ${table} to break_glass;`;
}

const helper = (name: string, returns: string, body: string) => `
  create function guard.${name}() returns ${returns} stable parallel safe security definer begin atomic ${body}; end;`;
const refusal = (name: string) => `
  create function guard.${name}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp
  as 'begin return coalesce(new, old); end';`;

export const CLEAN = `
  create role guard_owner nologin;
  create role platform_owner nologin;
  create role app_backend nologin;
  create role support_shell nologin;
  create role break_glass nologin;
  create role sensitive_gate login;
  create role reporting nologin;
  create role stranger login;
  create role applier login createrole;
  create role migrator login;
  create role app_login login noinherit;
  grant platform_owner, guard_owner to applier;
  grant platform_owner to migrator;
  grant app_backend to app_login with inherit false, set true;

  create schema guard authorization guard_owner;
  create schema vault authorization guard_owner;
  grant usage on schema guard to app_backend, support_shell, break_glass, platform_owner, migrator;
  set local role guard_owner;
  create table guard.hidden (organizations uuid[] not null);
  create table vault.signing_keys (id text primary key);
  ${helper('current_organization', 'uuid', 'select null::uuid')}
  ${helper('hidden_organizations', 'uuid[]', 'select organizations from guard.hidden')}
  ${helper('owner_may', 'boolean', 'select false')}
  create function vault.set_signing_key(key_id text, secret bytea) returns void security definer
    begin atomic insert into vault.signing_keys values (key_id); end;
  ${['refuse_truncate', 'refuse_move', 'flag_guard', 'sync_sensitive'].map(refusal).join('')}
  revoke execute on all functions in schema guard, vault from public;
  grant execute on all functions in schema guard to platform_owner, migrator;
  grant execute on function guard.current_organization() to app_backend;
  grant execute on function guard.hidden_organizations() to support_shell;
  reset role;

  alter default privileges for role platform_owner revoke execute on functions from public;
  do $$ begin
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to app_login, stranger', current_database());
  end $$;

  create table public.organizations (id uuid primary key, name text, is_sensitive boolean not null default false);
  create table public.employees (
    organization_id uuid not null references public.organizations, id uuid, name text, primary key (organization_id, id));
  create table public.payslips (
    organization_id uuid not null, id uuid, employee_id uuid, primary key (organization_id, id),
    constraint payslips_employee foreign key (organization_id, employee_id) references public.employees);
  create table public.events (
    organization_id uuid not null references public.organizations, id uuid, at date, primary key (organization_id, id, at)
  ) partition by range (at);
  create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
  alter table public.events_2026 owner to platform_owner, enable row level security, force row level security;
  create trigger tenant_zero_truncate before truncate on public.events_2026 execute function guard.refuse_truncate();
  alter table public.events_2026 enable always trigger tenant_zero_truncate;
  ${protect('public.employees')}
  ${protect('public.payslips')}
  ${protect('public.events')}
  ${protect('public.organizations', 'id')}
  revoke insert, update, delete on public.organizations from app_backend, support_shell;
  drop trigger zz_tenant_zero_organization on public.organizations;
  create trigger zz_tenant_zero_flag before insert or update or delete on public.organizations
    for each row execute function guard.flag_guard();
  create trigger tenant_zero_sync after insert or update or delete on public.organizations
    for each row execute function guard.sync_sensitive();
  alter table public.organizations enable always trigger zz_tenant_zero_flag, enable always trigger tenant_zero_sync;

  create table public.currencies (code text primary key);
  create view public.staff_directory with (security_invoker = true) as select name from public.employees;
  alter table public.currencies owner to platform_owner;
  alter view public.staff_directory owner to platform_owner;
  grant select on public.currencies, public.staff_directory to app_backend;`;

/** How a case differs from the registry of the clean database. Names are `schema.table` as in SQL. */
export interface Register {
  readonly registered?: Readonly<
    Record<string, { kind: 'direct' | 'via' | 'through'; columns: readonly string[] }>
  >;
  readonly excluded?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly self?: string;
}

const direct = (...columns: string[]) => ({ kind: 'direct', columns }) as const;

/** The document that `bind` would make, from names. Whatever no list names is unregistered. */
export async function parametersFor(client: ClientBase, register: Register = {}): Promise<RuleParameters> {
  const registered = {
    'public.organizations': direct('id'),
    'public.employees': direct('organization_id'),
    'public.payslips': direct('organization_id'),
    'public.events': direct('organization_id'),
    ...register.registered,
  };
  const excluded = ['public.currencies', ...(register.excluded ?? [])];
  const { rows } = await client.query<{ oid: number; text: string; child: boolean }>(
    `with recursive child(oid) as (
       select inhrelid from pg_inherits where inhparent = any ($1::regclass[])
       union select i.inhrelid from child c join pg_inherits i on i.inhparent = c.oid)
     select c.oid::bigint::float8 as oid, format('%I.%I', n.nspname, c.relname) as text, c.oid in (select oid from child) as child
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema', 'guard', 'vault')
       and n.nspname !~ '^pg_'`,
    [Object.keys(registered)],
  );
  const oid = (text: string) => rows.find((row) => row.text === text)?.oid ?? 0;
  const named = new Set([...Object.keys(registered), ...excluded, 'public.staff_directory']);
  return {
    self: register.self ?? 'applier',
    organizations: { oid: oid('public.organizations'), key: 'id', key_type: 'uuid' },
    flag: { kind: 'column', column: 'is_sensitive', own: null },
    roles: [
      { name: 'app_backend', sees: 'current-organization', settings: register.settings ?? {} },
      { name: 'support_shell', sees: 'non-sensitive', settings: {} },
      { name: 'break_glass', sees: 'everything', settings: {} },
    ],
    registered: Object.entries(registered).map(([text, entry]) => ({ oid: oid(text), ...entry })),
    children: rows.filter((row) => row.child && !named.has(row.text)).map((row) => row.oid),
    excluded: excluded.map(oid),
    views: [oid('public.staff_directory')],
    unregistered: rows.filter((row) => !row.child && !named.has(row.text)).map((row) => row.oid),
    migration_login: 'migrator',
    appliers: ['applier'],
    administrators: [],
    gate: 'sensitive_gate',
    guard_owner: 'guard_owner',
  };
}
