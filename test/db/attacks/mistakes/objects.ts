import type { Mistake } from './mistake';

const DEFINER = 'language sql security definer';

/** Privileges, the guard's own objects, views, functions, extensions, copies. */
export const objects: readonly Mistake[] = [
  {
    what: 'TRUNCATE for a registry role',
    plant: 'grant truncate on public.jobs to app_backend',
    finds: 'TZ150 public.jobs to app_backend',
  },
  {
    what: 'REFERENCES for a registry role',
    plant: 'grant references on public.organizations to support_shell',
    finds: 'TZ150 public.organizations to support_shell',
  },
  {
    what: 'TRIGGER for a registry role',
    plant: 'grant trigger on public.payslips to staff_admin',
    finds: 'TZ150 public.payslips to staff_admin',
  },
  {
    what: 'MAINTAIN for a registry role',
    plant: 'grant maintain on public.payslips to support_shell',
    finds: 'TZ150 public.payslips to support_shell',
  },
  {
    what: 'SELECT with grant option',
    plant: 'grant select on public.surveys to app_backend with grant option',
    finds: 'TZ150 public.surveys to app_backend',
  },
  {
    what: 'a column of a registered table for the gate',
    plant: 'grant select (name) on public.employees to sensitive_gate',
    finds: 'TZ150 public.employees to sensitive_gate',
  },
  {
    what: 'references to one column for a login outside the registry',
    plant: 'create role m_refs login; grant references (id) on public.employees to m_refs',
    undo: 'drop owned by m_refs; drop role m_refs',
    finds: 'TZ150 public.employees to m_refs',
  },
  {
    what: 'an excluded table that everybody may read',
    plant: 'grant select on public.plans to public',
    finds: 'TZ151 public.plans',
  },
  {
    what: 'a registered table that everybody may read',
    plant: 'grant select on public.documents to public',
    finds: 'TZ151 public.documents',
  },
  {
    what: 'a verb that the registry withholds',
    plant: 'grant insert on public.users to app_backend',
    finds: 'TZ100 public.users grants to app_backend',
  },
  {
    what: 'a verb too few',
    plant: 'revoke select on public.rooms from support_shell',
    finds: 'TZ100 public.rooms grants to support_shell',
  },
  {
    what: 'the update of the flag for a role that is not the gate',
    plant: 'grant update (is_sensitive) on public.organizations to staff_admin',
    finds: 'TZ188 public.organizations.is_sensitive to staff_admin',
  },
  {
    what: 'a sequence that a registry role may set back',
    plant: 'grant update on sequence public.legacy_notes_id_seq to support_shell',
    undo: 'revoke update on sequence public.legacy_notes_id_seq from support_shell',
    finds: 'TZ153 public.legacy_notes_id_seq to support_shell',
  },
  {
    what: 'a sequence that everybody may read',
    plant: 'grant select on sequence public.payslip_lines_id_seq to public',
    undo: 'revoke select on sequence public.payslip_lines_id_seq from public',
    finds: 'TZ153 public.payslip_lines_id_seq to PUBLIC',
  },
  {
    what: 'a view over a registered table that runs as its owner',
    plant:
      'create view public.m_view as select * from public.employees; grant select on public.m_view to support_shell',
    undo: 'drop view public.m_view',
    finds: 'TZ165 public.m_view',
  },
  {
    what: 'a view over a view that runs as its owner, granted one step above',
    plant:
      'create view public.m_inner as select * from public.payslips; create view public.m_outer with (security_invoker = true) as select * from public.m_inner; grant select on public.m_inner, public.m_outer to auditor',
    undo: 'drop view public.m_outer, public.m_inner',
    finds: 'TZ165 public.m_inner',
  },
  {
    what: 'a view that lost its security_invoker',
    plant:
      'create view public.m_invoker with (security_invoker = true) as select * from public.jobs; grant select on public.m_invoker to app_backend; alter view public.m_invoker reset (security_invoker)',
    undo: 'drop view public.m_invoker',
    finds: 'TZ165 public.m_invoker',
  },
  {
    what: 'one column of a view granted',
    plant:
      'create view public.m_columns as select id, name from public.employees; grant select (name) on public.m_columns to support_shell',
    undo: 'drop view public.m_columns',
    finds: 'TZ165 public.m_columns',
  },
  {
    what: 'a view over the tables of the guard',
    plant:
      'create view public.m_keys as select * from vault.signing_keys; grant select on public.m_keys to app_backend',
    undo: 'drop view public.m_keys',
    finds: 'TZ165 public.m_keys',
  },
  {
    what: 'a view that calls a guard function as somebody stronger',
    plant:
      'create view public.m_hidden as select unnest(guard.hidden_organizations()) as id; grant select on public.m_hidden to app_backend',
    undo: 'drop view public.m_hidden',
    finds: 'TZ106 public.m_hidden to app_backend',
  },
  {
    what: 'a materialised view over a registered table',
    plant:
      'create materialized view public.m_copy as select * from public.documents; grant select on public.m_copy to staff_admin',
    undo: 'drop materialized view public.m_copy',
    finds: 'TZ166 public.m_copy',
  },
  {
    what: 'a materialised view that nobody may read yet',
    plant: 'create materialized view public.m_quiet as select * from public.documents',
    undo: 'drop materialized view public.m_quiet',
    finds: 'TZ105 public.m_quiet',
  },
  {
    what: 'a foreign table that a registry role may read',
    plant:
      'create foreign data wrapper m_fdw; create server m_server foreign data wrapper m_fdw; create foreign table public.m_remote (id int) server m_server; grant select on public.m_remote to support_shell',
    undo: 'drop foreign data wrapper m_fdw cascade',
    finds: 'TZ167 public.m_remote to support_shell',
  },
  {
    what: 'a foreign server that everybody may use',
    plant:
      'create foreign data wrapper m_wrapper; create server m_away foreign data wrapper m_wrapper; grant usage on foreign server m_away to public',
    undo: 'drop foreign data wrapper m_wrapper cascade',
    finds: 'TZ167 server m_away to PUBLIC',
  },
  {
    what: 'a function that runs as a superuser and everybody may call',
    plant: `create function public.m_all() returns setof public.employees ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select * from public.employees $$; grant usage on schema public to auditor`,
    undo: 'drop function public.m_all(); revoke usage on schema public from auditor',
    finds: 'TZ168 public.m_all()',
  },
  {
    what: 'a function that runs as the owner of the tables',
    plant: `create function public.m_as_owner() returns bigint ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select count(*) from public.employees $$; alter function public.m_as_owner() owner to platform_owner; grant execute on function public.m_as_owner() to support_shell`,
    undo: 'drop function public.m_as_owner()',
    finds: 'TZ168 public.m_as_owner()',
  },
  {
    what: 'a function that runs as the role that sees everything',
    plant: `create function public.m_as_glass() returns bigint ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select count(*) from public.employees $$; alter function public.m_as_glass() owner to break_glass; grant execute on function public.m_as_glass() to support_shell; revoke execute on function public.m_as_glass() from public`,
    undo: 'drop function public.m_as_glass()',
    finds: 'TZ168 public.m_as_glass()',
  },
  {
    what: 'a function that runs as the gate',
    plant: `create function public.m_as_gate() returns void ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select guard.set_sensitive('00000000-0000-4000-8000-00000000000c', false) $$; alter function public.m_as_gate() owner to sensitive_gate; grant execute on function public.m_as_gate() to support_shell; revoke execute on function public.m_as_gate() from public`,
    undo: 'drop function public.m_as_gate()',
    finds: 'TZ168 public.m_as_gate()',
  },
  {
    what: 'a function that runs as another registry role',
    plant: `create function public.m_as_staff() returns bigint ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select count(*) from public.employees $$; alter function public.m_as_staff() owner to staff_admin; grant execute on function public.m_as_staff() to app_backend; revoke execute on function public.m_as_staff() from public`,
    undo: 'drop function public.m_as_staff()',
    finds: 'TZ168 public.m_as_staff()',
  },
  {
    what: 'a procedure that runs as the owner of the tables, without a search path',
    plant:
      'create procedure access.m_do() language plpgsql security definer as $$ begin delete from public.jobs; end $$; alter procedure access.m_do() owner to platform_owner; grant execute on procedure access.m_do() to app_backend',
    undo: 'drop procedure access.m_do()',
    finds: 'TZ169 access.m_do()',
  },
  {
    what: 'a definer function whose search path ends in a schema that others fill',
    plant: `create function public.m_path() returns int ${DEFINER} set search_path = pg_catalog, public as $$ select 1 $$`,
    undo: 'drop function public.m_path()',
    finds: 'TZ169 public.m_path()',
  },
  {
    what: 'a default that runs a function as its owner',
    plant: `create function public.m_default() returns text ${DEFINER} set search_path = pg_catalog, pg_temp as $$ select max(name) from public.employees $$; alter table public.jobs alter column kind set default public.m_default()`,
    undo: 'alter table public.jobs alter column kind drop default; drop function public.m_default()',
    finds: 'TZ170 public.jobs',
  },
  {
    what: 'a leakproof function',
    plant:
      'create function public.m_leak(text) returns boolean language plpgsql leakproof as $$ begin raise notice $n$%$n$, $1; return true; end $$',
    undo: 'drop function public.m_leak(text)',
    finds: 'TZ171 public.m_leak(text)',
  },
  {
    what: 'a leakproof function of the system that is not so',
    plant: 'alter function pg_catalog.texticlike(text, text) leakproof',
    undo: 'alter function pg_catalog.texticlike(text, text) not leakproof',
    finds: 'TZ171 pg_catalog.texticlike(text,text)',
  },
  {
    what: 'an operator that reads every row past the policies',
    plant: `create function public.m_eq(uuid, uuid) returns boolean language plpgsql leakproof as $$ begin return true; end $$; create operator public.=== (leftarg = uuid, rightarg = uuid, function = public.m_eq)`,
    undo: 'drop operator public.=== (uuid, uuid); drop function public.m_eq(uuid, uuid)',
    finds: 'TZ171 public.m_eq(uuid, uuid)',
  },
  {
    what: 'a function of an ordinary role with the name of a system one',
    plant:
      'create role m_dev login; grant create, usage on schema public to m_dev; create function public.lower(varchar) returns text language sql as $$ select $1::text $$; alter function public.lower(varchar) owner to m_dev',
    undo: 'drop owned by m_dev cascade; drop role m_dev',
    finds: 'TZ172 function public.lower(',
  },
  {
    what: 'a schema in front of the system on the search path of everybody',
    plant: 'alter database :db set search_path = access, pg_catalog',
    undo: 'alter database :db reset search_path',
    finds: 'TZ141 PUBLIC in database search_path',
  },
  {
    what: 'an extension that opens connections, for everybody',
    plant: 'create extension dblink schema extensions',
    undo: 'drop extension dblink',
    finds: 'TZ173 dblink',
  },
  {
    what: 'a foreign data wrapper for a registry role',
    plant:
      'create extension postgres_fdw schema extensions; grant usage on foreign data wrapper postgres_fdw to app_backend',
    undo: 'drop extension postgres_fdw cascade',
    finds: 'TZ173 foreign data wrapper postgres_fdw',
  },
  {
    what: 'an extension that reads pages of tables, for a registry role',
    plant:
      'create extension pageinspect schema extensions; grant execute on all functions in schema extensions to support_shell',
    undo: 'revoke execute on all functions in schema extensions from support_shell; drop extension pageinspect',
    finds: 'TZ173 pageinspect',
  },
  {
    what: 'a file function of the system for a registry role',
    plant: 'grant execute on function pg_catalog.pg_read_file(text) to support_shell',
    undo: 'revoke execute on function pg_catalog.pg_read_file(text) from support_shell',
    finds: 'TZ158 function pg_read_file(text) to support_shell',
  },
  {
    what: 'a table of the system with frequent values, readable by everybody',
    plant: 'grant select on pg_catalog.pg_statistic to public',
    undo: 'revoke select on pg_catalog.pg_statistic from public',
    finds: 'TZ158 table pg_catalog.pg_statistic to PUBLIC',
  },
  {
    what: 'large objects',
    plant: 'select lo_create(4242); grant select on large object 4242 to app_backend',
    undo: 'select lo_unlink(4242)',
    finds: 'TZ174 large objects',
  },
  {
    what: 'a publication of one table',
    plant: 'create publication m_one for table public.employees',
    undo: 'drop publication m_one',
    finds: 'TZ175 m_one',
  },
  {
    what: 'a publication of all tables',
    plant: 'create publication m_every for all tables',
    undo: 'drop publication m_every',
    finds: 'TZ175 m_every',
  },
  {
    what: 'a publication of the tables of a schema',
    plant: 'create publication m_schema for tables in schema public',
    undo: 'drop publication m_schema',
    finds: 'TZ175 m_schema',
  },
  {
    what: 'a publication of the signing keys',
    plant: 'create publication m_vault for tables in schema vault',
    undo: 'drop publication m_vault',
    finds: 'TZ175 m_vault',
  },
  {
    what: 'a cast that runs a function on every comparison',
    plant:
      'create function public.m_cast(text) returns uuid language plpgsql immutable as $$ begin return $1::varchar::uuid; end $$; create cast (text as uuid) with function public.m_cast(text) as implicit',
    undo: 'drop cast (text as uuid); drop function public.m_cast(text)',
    finds: 'TZ177 cast text as uuid',
  },
];
