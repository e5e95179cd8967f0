import type { Mistake } from './mistake';

/** The engine's own schemas, tables and functions. */
export const guard: readonly Mistake[] = [
  {
    what: 'the signing keys readable by the app',
    plant: 'grant select on vault.signing_keys to app_backend; grant usage on schema vault to app_backend',
    finds: 'TZ160 vault.signing_keys to app_backend',
  },
  {
    what: 'one column of the grants writable by the support role',
    plant: 'grant update (ends_at) on guard.grants to support_shell',
    undo: 'revoke update (ends_at) on guard.grants from support_shell',
    finds: 'TZ160 guard.grants to support_shell',
  },
  {
    what: 'the list of hidden organizations writable by the gate',
    plant: 'grant insert, delete on guard.sensitive_organizations to sensitive_gate',
    finds: 'TZ160 guard.sensitive_organizations to sensitive_gate',
  },
  {
    what: 'the sequence of the grants for everybody',
    plant: 'grant usage on sequence guard.grants_id_seq to public',
    undo: 'revoke usage on sequence guard.grants_id_seq from public',
    finds: 'TZ160 guard.grants_id_seq to PUBLIC',
  },
  {
    what: 'CREATE in the schema of the guard',
    plant: 'grant create on schema guard to app_backend',
    finds: 'TZ160 guard to app_backend',
  },
  {
    what: 'the vault open to everybody',
    plant: 'grant usage on schema vault to public',
    finds: 'TZ160 vault to PUBLIC',
  },
  {
    what: 'the function that sets signing keys for the app',
    plant: 'grant execute on function vault.set_signing_key(text, bytea) to app_backend',
    finds: 'TZ161 vault.set_signing_key(text, bytea) to app_backend',
  },
  {
    what: 'the function that hides an organization for a probe for everybody',
    plant: 'grant execute on function guard.probe_hide(uuid) to public',
    finds: 'TZ161 guard.probe_hide(uuid) to PUBLIC',
  },
  {
    what: 'the function that changes the flag for the support role',
    plant: 'grant execute on function guard.set_sensitive(uuid, boolean) to support_shell',
    finds: 'TZ100 guard EXECUTE on guard.set_sensitive(uuid, boolean)',
  },
  {
    what: 'the right to call a guard function with grant option',
    plant: 'grant execute on function guard.hidden_organizations() to support_shell with grant option',
    finds: 'TZ100 guard EXECUTE on guard.hidden_organizations()',
  },
  {
    what: 'a guard function that belongs to another owner',
    plant: 'alter function guard.verified_token(text) owner to platform_owner',
    undo: 'alter function guard.verified_token(text) owner to guard_owner',
    finds: 'TZ162 ROUTINE guard.verified_token(text)',
  },
  {
    what: 'a table of the guard that belongs to another owner',
    plant: 'alter table guard.grants owner to platform_owner',
    undo: 'alter table guard.grants owner to guard_owner',
    finds: 'TZ162 TABLE guard.grants',
  },
  {
    what: 'the schema of the guard that belongs to another owner',
    plant: 'alter schema guard owner to platform_owner',
    undo: 'alter schema guard owner to guard_owner; grant usage on schema guard to platform_owner',
    finds: 'TZ162 SCHEMA guard',
  },
  {
    what: 'a guard function that is volatile',
    plant: 'alter function guard.granted() volatile',
    finds: 'TZ163 guard.granted()',
  },
  {
    what: 'row security on a table of the guard',
    plant: 'alter table guard.sensitive_organizations enable row level security',
    finds: 'TZ164 guard.sensitive_organizations',
  },
  {
    what: 'forced row security on the one-row list',
    plant: 'alter table guard.hidden enable row level security, force row level security',
    undo: 'alter table guard.hidden no force row level security, disable row level security',
    finds: 'TZ164 guard.hidden',
  },
  {
    what: 'a helper that says yes to every token',
    plant: `create or replace function guard.verified_token(wanted_kind text) returns text[] language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$ begin return string_to_array(current_setting('tenant_zero.token', true), '.'); end $$`,
    finds: 'TZ100 guard guard.verified_token(text)',
  },
  {
    what: 'a helper with a default for its argument',
    plant: `create or replace function guard.verified_token(wanted_kind text default null) returns text[] language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $f$ begin return null; end $f$`,
    finds: 'TZ100 guard guard.verified_token(text)',
  },
  {
    what: 'a helper without its search path',
    plant: 'alter function guard.granted() reset search_path',
    finds: 'TZ169 guard.granted()',
  },
  {
    what: 'a helper with a setting of its own',
    plant: `alter function guard.owner_may() set session_replication_role = 'replica'`,
    finds: 'TZ100 guard guard.owner_may()',
  },
  {
    what: 'a second function of the same name in the guard',
    plant:
      'create function guard.current_organization(text) returns uuid language sql as $$ select null::uuid $$',
    undo: 'drop function guard.current_organization(text)',
    finds: 'TZ100 guard guard.current_organization(text)',
  },
  {
    what: 'a view in the schema of the guard',
    plant:
      'create view guard.peek as select * from vault.signing_keys; grant select on guard.peek to app_backend',
    undo: 'drop view guard.peek',
    finds: 'TZ160 guard.peek to app_backend',
  },
  {
    what: 'a table in the vault that the engine does not know',
    plant: 'create table vault.m_codes (code text); alter table vault.m_codes owner to guard_owner',
    undo: 'drop table vault.m_codes',
    finds: 'TZ100 guard vault.m_codes',
  },
  {
    what: 'a trigger on a table of the guard',
    plant:
      'create function public.m_undo() returns trigger language plpgsql as $$ begin return null; end $$; create trigger m_undo before insert on guard.sensitive_organizations for each row execute function public.m_undo()',
    undo: 'drop trigger m_undo on guard.sensitive_organizations; drop function public.m_undo()',
    finds: 'TZ100 guard m_undo on guard.sensitive_organizations',
  },
  {
    what: 'a rewrite rule on the list of hidden organizations',
    plant: 'create rule m_never as on insert to guard.sensitive_organizations do instead nothing',
    undo: 'drop rule m_never on guard.sensitive_organizations',
    finds: 'TZ100 guard rule m_never on guard.sensitive_organizations',
  },
  {
    what: 'a column of the grants that may be empty',
    plant: 'alter table guard.grants alter column ends_at drop not null',
    finds: 'TZ100 guard guard.grants',
  },
  {
    what: 'a check of the hidden list dropped',
    plant: 'alter table guard.hidden drop constraint hidden_check',
    finds: 'TZ100 guard guard.hidden',
  },
  {
    what: 'the primary key of the hidden organizations dropped',
    plant: 'alter table guard.sensitive_organizations drop constraint sensitive_organizations_pkey',
    finds: 'TZ100 guard guard.sensitive_organizations',
  },
  {
    what: 'the rebuild trigger switched off',
    plant: 'alter table guard.sensitive_organizations disable trigger tenant_zero_rebuild',
    finds: 'TZ100 guard tenant_zero_rebuild',
  },
];
