import type { RuleCase } from '../case';

export const code: readonly RuleCase[] = [
  {
    rule: 'TZ165',
    fault: 'a view that runs as its owner',
    setup: 'create view public.names as select name from public.employees',
    plant: 'grant select on public.names to reporting',
    key: 'public.names',
  },
  {
    rule: 'TZ165',
    fault: 'a view under a view',
    setup: `create view public.names as select name from public.employees;
      create view public.short_names with (security_invoker) as select left(name, 1) from public.names`,
    plant: 'grant select on public.short_names to app_backend',
    key: 'public.names',
  },
  {
    rule: 'TZ166',
    fault: 'a materialised view behind a view',
    setup: `create materialized view public.totals as select count(*) from public.payslips;
      create view public.total with (security_invoker = on) as select * from public.totals`,
    plant: 'grant select on public.total to support_shell',
    key: 'public.totals',
  },
  {
    rule: 'TZ167',
    fault: 'a foreign table for a registry role',
    setup: `create foreign data wrapper far; create server elsewhere foreign data wrapper far;
      create foreign table public.remote (name text) server elsewhere`,
    plant: 'grant select on public.remote to app_backend',
    key: 'public.remote to app_backend',
    severity: 'error',
  },
  {
    rule: 'TZ167',
    fault: 'a foreign server for everybody',
    setup: 'create foreign data wrapper far; create server elsewhere foreign data wrapper far',
    plant: 'grant usage on foreign server elsewhere to public',
    key: 'server elsewhere to PUBLIC',
  },
  {
    rule: 'TZ168',
    fault: 'a function of the table owner for everybody',
    setup: `create function public.total(organization uuid) returns bigint security definer
        begin atomic select count(*) from public.payslips; end;
      alter function public.total(uuid) owner to platform_owner; revoke execute on function public.total(uuid) from public`,
    plant: 'grant execute on function public.total(uuid) to public',
    key: 'public.total(uuid)',
  },
  {
    rule: 'TZ168',
    fault: 'a function of an ordinary role for a registry role',
    setup: `create schema reports authorization reporting; grant usage on schema reports to app_backend;
      create procedure reports.refresh() language plpgsql security definer as 'begin end';
      alter procedure reports.refresh() owner to reporting; revoke execute on procedure reports.refresh() from public`,
    plant: 'grant execute on procedure reports.refresh() to app_backend',
    key: 'reports.refresh()',
    severity: 'warning',
  },
  {
    rule: 'TZ169',
    fault: 'a definer function without a search_path',
    plant: `create function public.total() returns bigint language plpgsql security definer
      as 'begin return (select count(*) from payslips); end'`,
    key: 'public.total()',
  },
  {
    rule: 'TZ169',
    fault: 'a definer function whose search_path does not end in pg_temp',
    plant: `create function public.total() returns bigint language plpgsql security definer set search_path = public
        as 'begin return (select count(*) from payslips); end';
      revoke execute on function public.total() from public`,
    key: 'public.total()',
    severity: 'warning',
  },
  {
    rule: 'TZ170',
    fault: 'a default that calls a definer function',
    plant: `create function public.next_name() returns text security definer begin atomic select 'x'::text; end;
      alter table public.employees alter column name set default public.next_name()`,
    key: 'public.employees public.next_name()',
  },
  {
    rule: 'TZ170',
    fault: 'a check that calls a definer function',
    plant: `create function public.fits(text) returns boolean immutable security definer begin atomic select true; end;
      alter table public.employees add check (public.fits(name))`,
    key: 'public.employees public.fits(text)',
  },
  {
    rule: 'TZ171',
    fault: 'a leakproof function',
    plant: `create function public.peek(text) returns boolean language plpgsql leakproof
      as 'begin raise notice ''%'', $1; return true; end'`,
    key: 'public.peek(text)',
  },
  {
    rule: 'TZ172',
    fault: 'a function with the name of a system one',
    setup: 'create schema mine authorization stranger',
    plant: `create function mine.lower(varchar) returns text immutable begin atomic select $1::text; end;
      alter function mine.lower(varchar) owner to stranger`,
    key: 'function mine.lower(character varying)',
  },
  {
    rule: 'TZ172',
    fault: 'an operator with the name of a system one',
    setup: `create schema mine authorization stranger;
      create function mine.same(varchar, varchar) returns boolean immutable begin atomic select true; end`,
    plant: `create operator mine.= (leftarg = varchar, rightarg = varchar, function = mine.same);
      alter operator mine.= (varchar, varchar) owner to stranger`,
    key: 'operator mine.= (character varying, character varying)',
  },
  {
    rule: 'TZ173',
    fault: 'dblink for everybody',
    plant: 'create extension dblink',
    key: 'dblink',
    severity: 'warning',
  },
  {
    rule: 'TZ173',
    fault: 'pg_surgery for a registry role',
    setup: 'create extension pg_surgery',
    plant: 'grant execute on function heap_force_kill(regclass, tid[]) to support_shell',
    key: 'pg_surgery',
  },
  {
    rule: 'TZ173',
    fault: 'a foreign data wrapper for a registry role',
    setup: 'create extension postgres_fdw',
    plant: 'grant usage on foreign data wrapper postgres_fdw to app_backend',
    key: 'foreign data wrapper postgres_fdw',
    severity: 'warning',
  },
  {
    rule: 'TZ173',
    fault: 'a function in C for everybody',
    plant: `create function public.raw() returns trigger language c as '$libdir/refint', 'check_primary_key'`,
    key: 'function public.raw()',
  },
  {
    rule: 'TZ174',
    fault: 'a large object',
    plant: 'select lo_create(4711)',
    key: 'large objects',
    fix: 'select lo_unlink(4711)',
  },
  {
    rule: 'TZ174',
    fault: 'a column of object numbers',
    plant: 'alter table public.employees add column photo oid',
    key: 'public.employees.photo',
    fix: 'alter table public.employees drop column photo',
  },
  {
    rule: 'TZ175',
    fault: 'a publication of all tables',
    plant: 'create publication everything for all tables',
    key: 'everything',
  },
  {
    rule: 'TZ175',
    fault: 'a publication of one partition',
    plant: 'create publication year for table public.events_2026',
    key: 'year',
  },
  {
    rule: 'TZ176',
    fault: 'extended statistics',
    plant: 'create statistics public.pair (mcv) on organization_id, name from public.employees',
    key: 'public.pair',
  },
  {
    rule: 'TZ171',
    fault: 'an operator of the system that was made leakproof',
    plant: 'alter function pg_catalog.texticlike(text, text) leakproof',
    key: 'pg_catalog.texticlike(text,text)',
  },
  {
    rule: 'TZ172',
    fault: 'a function among those of the system',
    plant: `set local allow_system_table_mods = on;
      create function pg_catalog.lower(integer) returns text language sql return 'x';
      set local allow_system_table_mods = off`,
    key: 'function lower(integer)',
    fix: 'drop function pg_catalog.lower(integer)',
  },
  {
    rule: 'TZ177',
    fault: 'a cast from text to uuid',
    plant: `create function public.to_uuid(text) returns uuid immutable language plpgsql as 'begin return null; end';
      create cast (text as uuid) with function public.to_uuid(text)`,
    key: 'cast text as uuid',
  },
  {
    rule: 'TZ178',
    fault: 'a subscription',
    plant: `create subscription mirror connection 'dbname=nowhere' publication everything with (connect = false, slot_name = none)`,
    key: 'mirror',
    fix: 'drop subscription mirror',
  },
];
