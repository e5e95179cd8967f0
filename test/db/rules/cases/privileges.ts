import type { RuleCase } from '../case';

const onDatabase = (grant: string) => `do $$ begin execute format('${grant}', current_database()); end $$`;

export const privileges: readonly RuleCase[] = [
  {
    rule: 'TZ150',
    fault: 'TRUNCATE for a registry role',
    plant: 'grant truncate on public.employees to app_backend',
    key: 'public.employees to app_backend',
  },
  {
    rule: 'TZ150',
    fault: 'MAINTAIN and a grant option for another role',
    plant:
      'grant maintain on public.employees to reporting; grant select on public.employees to reporting with grant option',
    key: 'public.employees to reporting',
    severity: 'warning',
  },
  {
    rule: 'TZ150',
    fault: 'a privilege on one column',
    setup: 'grant select (is_sensitive), update (is_sensitive) on public.organizations to sensitive_gate',
    plant: 'grant update (name) on public.employees to break_glass',
    key: 'public.employees to break_glass',
    severity: 'warning',
  },
  {
    rule: 'TZ151',
    fault: 'a registered table granted to PUBLIC',
    plant: 'grant select on public.employees to public',
    key: 'public.employees',
  },
  {
    rule: 'TZ151',
    fault: 'an excluded table granted to PUBLIC',
    plant: 'grant select on public.currencies to public',
    key: 'public.currencies',
    severity: 'warning',
  },
  {
    rule: 'TZ152',
    fault: 'a role that the registry does not know',
    plant: 'grant select on public.employees, public.payslips to reporting',
    key: 'reporting',
  },
  {
    rule: 'TZ153',
    fault: 'a sequence that a registry role may set',
    setup: 'create sequence public.numbers; grant usage on sequence public.numbers to app_backend',
    plant: 'grant update on sequence public.numbers to app_backend',
    key: 'public.numbers to app_backend',
  },
  {
    rule: 'TZ153',
    fault: 'a sequence that a registry role may read',
    setup: 'create sequence public.numbers',
    plant: 'grant select on sequence public.numbers to app_backend',
    key: 'public.numbers to app_backend',
    severity: 'info',
  },
  {
    rule: 'TZ154',
    fault: 'tables that are granted as they are created',
    plant: 'alter default privileges for role platform_owner grant select on tables to app_backend',
    key: 'tables for platform_owner to app_backend',
  },
  {
    rule: 'TZ154',
    fault: 'sequences of one schema that are granted as they are created',
    plant:
      'alter default privileges for role platform_owner in schema public grant select on sequences to public',
    key: 'sequences in public for platform_owner to PUBLIC',
    severity: 'warning',
  },
  {
    rule: 'TZ155',
    fault: 'functions that everybody may call as they are created',
    plant: 'alter default privileges for role platform_owner grant execute on functions to public',
    key: 'platform_owner',
  },
  {
    rule: 'TZ156',
    fault: 'a schema in which everybody may create',
    plant: 'grant create on schema public to public',
    key: 'public to PUBLIC',
  },
  {
    rule: 'TZ157',
    fault: 'temporary tables for everybody',
    plant: onDatabase('grant temporary on database %I to public'),
    key: 'PUBLIC TEMPORARY',
  },
  {
    rule: 'TZ157',
    fault: 'schemas for a registry role',
    plant: onDatabase('grant create on database %I to app_backend'),
    key: 'app_backend CREATE',
    severity: 'error',
  },
  {
    rule: 'TZ154',
    fault: 'functions that a registry role may call as they are created',
    plant: 'alter default privileges for role platform_owner grant execute on functions to app_backend',
    key: 'functions for platform_owner to app_backend',
    severity: 'warning',
  },
  {
    rule: 'TZ157',
    fault: 'temporary tables for a registry role',
    plant: onDatabase('grant temporary on database %I to app_backend'),
    key: 'app_backend TEMPORARY',
  },
  {
    rule: 'TZ157',
    fault: 'a registry role that may let others in',
    plant: onDatabase('grant connect on database %I to app_backend with grant option'),
    key: 'app_backend CONNECT',
  },
  {
    rule: 'TZ158',
    fault: 'statistics that a registry role may read',
    plant: 'grant select on pg_catalog.pg_statistic to support_shell',
    key: 'table pg_catalog.pg_statistic to support_shell',
  },
  {
    rule: 'TZ158',
    fault: 'a function for files that a stranger may call',
    plant: 'grant execute on function pg_catalog.pg_read_file(text) to stranger',
    key: 'function pg_read_file(text) to stranger',
    severity: 'warning',
  },
];
