/**
 * What every rule may start from: the `RuleParameters` document and the catalog, as named subqueries.
 *
 * One text for all rules keeps a word's meaning the same everywhere (`trusted`, `guarded`, `relation_grant`).
 * PostgreSQL does not run what a rule leaves out. Only catalogs that every role may read are used.
 */

/** The registry's side: `$1` taken apart. */
const PARAMETERS = `with recursive
registered as materialized (
  select r.oid::oid as oid, r.kind, array(select jsonb_array_elements_text(r.columns)) as columns
  from jsonb_to_recordset($1::jsonb -> 'registered') as r(oid bigint, kind text, columns jsonb)),
child as materialized (select value::bigint::oid as oid from jsonb_array_elements_text($1::jsonb -> 'children')),
guarded as materialized (select oid from registered union select oid from child),
excluded as (select value::bigint::oid as oid from jsonb_array_elements_text($1::jsonb -> 'excluded')),
listed_view as (select value::bigint::oid as oid from jsonb_array_elements_text($1::jsonb -> 'views')),
unregistered as (select value::bigint::oid as oid from jsonb_array_elements_text($1::jsonb -> 'unregistered')),
organization as (
  select ($1::jsonb #>> '{organizations,oid}')::bigint::oid as oid, $1::jsonb #>> '{organizations,key}' as key,
    $1::jsonb #>> '{organizations,key_type}' as key_type),
declared as (
  select d.name, d.sees, coalesce(d.settings, '{}') as settings
  from jsonb_to_recordset($1::jsonb -> 'roles') as d(name text, sees text, settings jsonb)),`;

/**
 * Roles. `trusted`: superusers, the login that verifies, the appliers, the administrators, the guard owner and the roles that a cloud
 * provider keeps for itself (names alone do not count: the provider's own superuser must be there); what they hold is
 * never a finding. `reach`: membership of any kind, transitively.
 */
const ROLES = `
provider as (
  select r.oid from pg_roles r
  where r.rolname in ('rdsadmin', 'rds_superuser', 'rds_replication', 'rdsrepladmin', 'rdstopmgr', 'rdsproxyadmin',
      'azuresu', 'azure_pg_admin', 'cloudsqladmin', 'cloudsqlsuperuser', 'cloudsqlreplica', 'cloudsqlagent')
    and exists (select from pg_roles p where p.rolsuper and p.rolname in ('rdsadmin', 'azuresu', 'cloudsqladmin'))),
account as materialized (
  select r.*, quote_ident(r.rolname) as name, d.name is not null as registry, d.sees, d.settings, p.oid is not null as provider,
    r.rolname ~ '^pg_' as predefined,
    r.rolname = ($1::jsonb ->> 'migration_login') is true as migration,
    r.rolname = ($1::jsonb ->> 'gate') is true as gate,
    r.rolname = ($1::jsonb ->> 'guard_owner') as guard,
    r.rolsuper or r.rolname in ($1::jsonb ->> 'self', $1::jsonb ->> 'guard_owner')
      or $1::jsonb -> 'appliers' ? r.rolname or $1::jsonb -> 'administrators' ? r.rolname
      or p.oid is not null as trusted
  from pg_roles r left join declared d on d.name = r.rolname left join provider p on p.oid = r.oid),
table_owner as (select distinct c.relowner as oid from guarded g join pg_class c on c.oid = g.oid),
reach(member, roleid) as (
  select member, roleid from pg_auth_members
  union
  select m.member, r.roleid from reach r join pg_auth_members m on m.roleid = r.member),`;

/** Objects outside the system's schemas and outside extensions, and who was granted what on them. */
const OBJECTS = `
extension_member as (select classid, objid from pg_depend where deptype = 'e'),
relation as (
  select c.*, n.nspname, format('%I.%I', n.nspname, c.relname) as text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'),
relation_grant as (
  select r.oid, r.text, r.relkind, r.relrowsecurity, r.nspname, a.grantee, coalesce(g.name, 'PUBLIC') as name,
    a.privilege_type, a.is_grantable, coalesce(g.registry, false) as registry, a.grantee = 0 as public,
    coalesce(g.gate, false) as gate, coalesce(g.migration, false) as migration
  from relation r cross join lateral aclexplode(r.relacl) a left join account g on g.oid = a.grantee
  where a.grantee <> r.relowner and g.trusted is not true),
column_grant as (
  select r.oid, r.text, r.nspname, r.relrowsecurity, c.attname, a.grantee, coalesce(g.name, 'PUBLIC') as name,
    a.privilege_type, a.is_grantable, coalesce(g.registry, false) as registry, a.grantee = 0 as public,
    coalesce(g.gate, false) as gate
  from relation r join pg_attribute c on c.attrelid = r.oid and c.attacl is not null and not c.attisdropped
  cross join lateral aclexplode(c.attacl) a left join account g on g.oid = a.grantee
  where a.grantee <> r.relowner and g.trusted is not true),
policy as (
  select p.*, r.text, r.relowner, quote_ident(p.polname) as name, starts_with(p.polname::text, 'tenant_zero_') as ours
  from pg_policy p join relation r on r.oid = p.polrelid),
routine as (
  select p.*, n.nspname, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as text
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and not exists (select from extension_member e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)),`;

/** Functions that PUBLIC or a registry role may call: EXECUTE on the function and USAGE on its schema. */
const REACHABLE = `
usable_schema as (
  select distinct n.oid from pg_namespace n
  cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
  left join account g on g.oid = a.grantee
  where a.privilege_type = 'USAGE' and (a.grantee = 0 or g.registry)),
callable as (
  select p.oid, string_agg(distinct coalesce(g.name, 'PUBLIC'), ', ') as callers
  from pg_proc p join usable_schema u on u.oid = p.pronamespace
  cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
  left join account g on g.oid = a.grantee
  where p.oid >= 16384 and a.privilege_type = 'EXECUTE' and (a.grantee = 0 or g.registry) and a.grantee <> p.proowner
  group by p.oid)`;

/** A rule's `sql` is this, then either `, name as (...)` for subqueries of its own, or the final `select`. */
export const GIVEN = PARAMETERS + ROLES + OBJECTS + REACHABLE;
