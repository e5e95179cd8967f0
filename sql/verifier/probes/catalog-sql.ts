/** The queries of `readCatalog`. Oids come as float8: the driver reads int8 as text, and oids fit exactly. */

/** Tables that are not PostgreSQL's own. Temporary ones belong to other sessions. */
const USER_TABLES = `
  c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

const COLUMN_NAMES = (attnums: string, relation: string) => `
  ARRAY(SELECT a.attname::text FROM unnest(${attnums}) WITH ORDINALITY place (attnum, ordinal)
        JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = place.attnum ORDER BY place.ordinal)`;

export const CATALOG_SQL = {
  tables: `
    SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
           format('%I.%I', n.nspname, c.relname) AS text,
           r.rolname::text AS owner, c.relkind::text AS kind
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
    WHERE ${USER_TABLES}`,

  columns: `
    SELECT a.attrelid::int8::float8 AS relation, a.attname::text AS name, a.atttypid::int8::float8 AS type,
           a.atttypmod AS modifier, format_type(a.atttypid, a.atttypmod) AS type_text,
           (a.attnotnull OR t.typnotnull) AS not_null,
           (a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL) AS has_default,
           a.attidentity::text AS identity, a.attgenerated::text AS generated,
           CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS default_sql
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE ${USER_TABLES} AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid, a.attnum`,

  types: `
    SELECT t.oid::int8::float8 AS oid, t.typname::text AS name, t.typtype::text AS kind, t.typcategory::text AS category,
           format_type(t.oid, NULL) AS text,
           t.typbasetype::int8::float8 AS base, t.typtypmod AS base_modifier,
           CASE WHEN t.typcategory = 'A' THEN t.typelem::int8::float8 ELSE 0 END AS element,
           coalesce((SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid), 0)::int8::float8 AS subtype,
           CASE WHEN t.typtype = 'c' THEN (SELECT count(*)::int FROM pg_attribute a
             WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) ELSE 0 END AS fields,
           CASE WHEN t.typtype = 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_enum e
             WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) ELSE '{}' END AS labels,
           CASE WHEN t.typtype = 'd' THEN ARRAY(SELECT pg_get_expr(k.conbin, 0) FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c') ELSE '{}' END AS checks
    FROM pg_type t
    WHERE t.typtype <> 'p' AND (t.typtype <> 'c' OR EXISTS (
      SELECT FROM pg_attribute a WHERE a.atttypid = t.oid AND a.attnum > 0))`,

  /** A constraint of a partition that comes from its parent is left out there: rows are made through the parent. */
  constraints: `
    SELECT k.conrelid::int8::float8 AS relation, k.contype::text AS type, k.conname::text AS name,
           k.confrelid::int8::float8 AS target, k.condeferrable AS deferrable,
           ${COLUMN_NAMES('k.conkey', 'k.conrelid')} AS here, ${COLUMN_NAMES('k.confkey', 'k.confrelid')} AS there,
           CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END AS sql
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_TABLES} AND k.contype IN ('c', 'f') AND (k.conparentid = 0 OR k.contype = 'c')
    ORDER BY k.conrelid, k.conname`,

  indexes: `
    SELECT i.indrelid::int8::float8 AS relation, x.relname::text AS name, i.indisprimary AS primary,
           ${COLUMN_NAMES('i.indkey', 'i.indrelid')} AS columns,
           coalesce(pg_get_expr(i.indexprs, i.indrelid), '') AS expressions
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_TABLES} AND (i.indisunique OR i.indisexclusion)
    ORDER BY i.indrelid, i.indisprimary DESC, x.relname`,

  /** Leaves of partitioned tables: a row has to fit one of them. Eight are enough to find one that it fits. */
  partitions: `
    SELECT c.oid::int8::float8 AS relation, leaf.sql
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
      SELECT pg_get_partition_constraintdef(p.relid) AS sql FROM pg_partition_tree(c.oid) p
      WHERE p.isleaf AND p.relid <> c.oid LIMIT 8) leaf
    WHERE ${USER_TABLES} AND c.relkind = 'p'`,
} as const;
