/** The one statement that reads the catalog. One statement is one snapshot, inside a transaction or not. */

/** Schemas that are PostgreSQL's (`pg_temp_*`, `pg_toast` among them) or the engine's own. */
const OURS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'guard', 'vault')`;

/**
 * A hashed sub-plan. As a join the planner may well loop over `ours` for each row, because it cannot estimate a fresh
 * catalog: 4.5 s instead of 1 s for 5,000 tables. IS TRUE keeps it from making the join.
 */
const inOurs = (oid: string) => `(${oid} in (select o.oid from ours o)) is true`;

const extensionOf = (catalog: string, oid: string) =>
  `(select e.extname from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
     where d.classid = 'pg_catalog.${catalog}'::regclass and d.objid = ${oid} and d.objsubid = 0
       and d.refclassid = 'pg_catalog.pg_extension'::regclass and d.deptype = 'e' limit 1)`;

/** Column names for an array of attribute numbers, in its order; 0 (an expression) and the whole row are left out. */
const columnNames = (relation: string, numbers: string) =>
  `(select coalesce(json_agg(a.attname order by pos.n), '[]') from unnest(${numbers}) with ordinality as pos(num, n)
     join pg_catalog.pg_attribute a on a.attrelid = ${relation} and a.attnum = pos.num)`;

const PARTS = {
  server: `select current_database() as database, current_setting('server_version_num')::int as version`,

  relations: `
    select c.oid::bigint as oid, n.nspname as schema, c.relname as name, c.relkind as kind,
           pg_catalog.pg_get_userbyid(c.relowner) as owner, c.relrowsecurity as rls, c.relforcerowsecurity as force,
           c.relispartition as partition, c.relpersistence = 'u' as unlogged, c.reltuples as rows,
           coalesce((select o.option_value::boolean from pg_catalog.pg_options_to_table(c.reloptions) o
                      where o.option_name = 'security_invoker'), false) as invoker,
           ${extensionOf('pg_class', 'c.oid')} as extension
      from ours c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     order by n.nspname, c.relname`,

  columns: `
    select a.attrelid::bigint as rel, a.attname as name, a.attnum as num,
           pg_catalog.format_type(a.atttypid, a.atttypmod) as type, a.atttypid::bigint as typid,
           a.attnotnull and not exists (
             select 1 from pg_catalog.pg_constraint k where k.conrelid = a.attrelid and k.contype = 'n'
                and k.conkey[1] = a.attnum and not k.convalidated) as "notNull",
           a.attidentity as identity, a.attgenerated as generated, a.atthasdef as "hasDefault"
      from pg_catalog.pg_attribute a
     where ${inOurs('a.attrelid')} and a.attnum > 0 and not a.attisdropped
     order by a.attrelid, a.attnum`,

  // Only what cannot be told from the column alone: domains, arrays, enums.
  types: `
    select t.oid::bigint as oid, t.typbasetype::bigint as base, t.typcategory = 'A' as "isArray",
           (select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e
             where e.enumtypid = t.oid) as labels
      from pg_catalog.pg_type t where t.typtype in ('d', 'e') or t.typcategory = 'A'`,

  unique: `
    select i.indrelid::bigint as rel, x.relname as name, i.indisprimary as primary,
           i.indpred is not null as partial, i.indexprs is not null as expression,
           i.indisexclusion as temporal, i.indimmediate and i.indisvalid as immediate,
           ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')} as columns
      from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
     where ${inOurs('i.indrelid')} and i.indisunique order by i.indrelid, x.relname`,

  constraints: `
    select k.conrelid::bigint as rel, k.conname as name, k.contype as kind,
           pg_catalog.pg_get_constraintdef(k.oid) as definition,
           ${columnNames('k.conrelid', 'k.conkey')} as columns
      from pg_catalog.pg_constraint k
     where ${inOurs('k.conrelid')} and k.contype in ('c', 'x') order by k.conrelid, k.conname`,

  // conparentid: PostgreSQL keeps a copy for each partition of the child and for each partition of the parent.
  // conenforced exists since 18; through jsonb its absence is no error.
  foreign: `
    select k.conrelid::bigint as rel, k.conname as name, k.confrelid::bigint as parent, k.confdeltype as "onDelete",
           k.confupdtype as "onUpdate", k.condeferrable as deferrable, k.convalidated as validated,
           coalesce((pg_catalog.to_jsonb(k) ->> 'conenforced')::boolean, true) as enforced,
           ${columnNames('k.conrelid', 'k.conkey')} as columns,
           ${columnNames('k.confrelid', 'k.confkey')} as "parentColumns"
      from pg_catalog.pg_constraint k
     where ${inOurs('k.conrelid')} and k.contype = 'f' and k.conparentid = 0 order by k.conrelid, k.conname`,

  parents: `
    select i.inhrelid::bigint as rel, i.inhparent::bigint as parent
      from pg_catalog.pg_inherits i where ${inOurs('i.inhrelid')} order by i.inhrelid, i.inhseqno`,

  policies: `
    select p.polrelid::bigint as rel, p.polname as name, p.polpermissive as permissive, p.polcmd as command,
           (select json_agg(case when r.oid = 0 then 'public' else pg_catalog.pg_get_userbyid(r.oid) end order by r.n)
              from unnest(p.polroles) with ordinality as r(oid, n)) as roles
      from pg_catalog.pg_policy p where ${inOurs('p.polrelid')} order by p.polrelid, p.polname`,

  rules: `
    select r.ev_class::bigint as rel, r.rulename as name from pg_catalog.pg_rewrite r
     where ${inOurs('r.ev_class')} and r.rulename <> '_RETURN' order by r.ev_class, r.rulename`,

  triggers: `
    select t.tgrelid::bigint as rel, t.tgname as name from pg_catalog.pg_trigger t
     where ${inOurs('t.tgrelid')} and not t.tgisinternal order by t.tgrelid, t.tgname`,

  reads: `
    select distinct r.ev_class::bigint as rel, d.refobjid::bigint as "reads"
      from pg_catalog.pg_rewrite r join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
       and d.refclassid = 'pg_catalog.pg_class'::regclass
     where ${inOurs('r.ev_class')} and r.rulename = '_RETURN' and d.refobjid <> r.ev_class`,

  functions: `
    select p.oid::bigint as oid, n.nspname as schema, p.proname as name,
           pg_catalog.pg_get_userbyid(p.proowner) as owner, l.lanname as language, p.prosecdef as definer,
           ${extensionOf('pg_proc', 'p.oid')} as extension,
           case when p.prosqlbody is null and l.lanname not in ('c', 'internal') then p.prosrc end as source,
           case when p.prosqlbody is not null then
             (select json_agg(distinct d.refobjid::bigint) from pg_catalog.pg_depend d
               where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid
                 and d.refclassid = 'pg_catalog.pg_class'::regclass) end as reads
      from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      join pg_catalog.pg_language l on l.oid = p.prolang
     where ${OURS} order by n.nspname, p.proname, p.oid`,
};

export type CatalogPart = keyof typeof PARTS;

const MAIN = `
  with ours as materialized (
    select c.* from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and ${OURS})
  ${Object.entries(PARTS)
    .map(
      ([part, sql]) =>
        `select '${part}' as part, coalesce((select json_agg(t) from (${sql}) t), '[]'::json) as rows`,
    )
    .join('\n  union all\n  ')}`;

/**
 * Three statements in one string, so one round trip and, outside a transaction, one implicit transaction. Types and
 * definitions are printed with an empty `search_path`; the caller's is put back within the same string, and as a local
 * setting, so that neither a transaction's nor the session's value changes.
 */
export const CATALOG_SQL = `
  select set_config('tenant_zero.path', current_setting('search_path'), true), set_config('search_path', '', true);
  ${MAIN};
  select set_config('search_path', current_setting('tenant_zero.path'), true)`;

/** Which of the three statements' results holds the rows. */
export const CATALOG_RESULT = 1;
