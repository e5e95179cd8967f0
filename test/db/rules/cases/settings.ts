import type { RuleCase } from '../case';

export const settings: readonly RuleCase[] = [
  {
    rule: 'TZ140',
    fault: 'a login that may switch triggers off',
    plant: 'grant set on parameter session_replication_role to stranger',
    key: 'session_replication_role to stranger',
  },
  {
    rule: 'TZ141',
    fault: 'a search_path that nobody declared',
    plant: 'alter role app_backend set search_path = public, pg_catalog',
    key: 'app_backend search_path',
  },
  {
    rule: 'TZ141',
    fault: 'another value than the declared one',
    setup: `alter role app_backend set search_path = "$user", public; alter role app_backend set work_mem = '8MB'`,
    register: { settings: { search_path: '"$user",public', work_mem: '8MB' } },
    plant: `alter role app_backend set work_mem = '800MB'`,
    key: 'app_backend work_mem',
    severity: 'warning',
  },
  {
    rule: 'TZ141',
    fault: 'a token for everybody in this database',
    plant: `do $$ begin execute format('alter database %I set tenant_zero.token = %L', current_database(), 'tz1'); end $$`,
    key: 'PUBLIC in database tenant_zero.token',
  },
  {
    rule: 'TZ142',
    fault: 'large objects without privileges',
    plant: 'set local lo_compat_privileges = on',
    key: 'lo_compat_privileges',
    fix: 'set local lo_compat_privileges = off',
  },
  {
    rule: 'TZ143',
    fault: 'a server before the fix',
    plant: 'select 1',
    key: 'server',
    fix: 'select 1',
    version: [180006, 180004, 190000],
  },
  {
    rule: 'TZ141',
    fault: 'a migration login without triggers',
    plant: 'alter role migrator set session_replication_role = replica',
    key: 'migrator session_replication_role',
  },
];
