/**
 * Names as PostgreSQL understands them: folding, quoting, parsing.
 * Every identifier and literal that ends up in generated SQL passes through `ident`, `qualified` or `literal`.
 */

/** A relation's name, unquoted, exactly as it stands in `pg_class` and `pg_namespace`. */
export interface RelationName {
  readonly schema: string;
  readonly name: string;
}

/** Words that PostgreSQL refuses or misreads as a bare identifier (reserved, or reserved but callable). */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation ' +
    'column concurrently constraint create cross current_catalog current_date current_role current_schema ' +
    'current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch ' +
    'for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral ' +
    'leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer ' +
    'overlaps placing primary references returning right select session_user similar some symmetric system_user ' +
    'table tablesample then to trailing true union unique user using variadic verbose when where window with ' +
    'between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout ' +
    'int integer interval least merge_action national nchar none normalize nullif numeric out overlay position ' +
    'precision real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat ' +
    'xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable json json_array ' +
    'json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value'
  ).split(' '),
);

/** Quotes an identifier where SQL needs it: `organizations`, `"Core"`, `"user"`. Throws on the empty string and NUL. */
export function ident(name: string): string {
  if (name === '' || name.includes('\0')) throw new TypeError(`not an identifier: ${JSON.stringify(name)}`);
  if (/^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** `schema.name`, quoted where needed. The canonical text of a relation in registry, reports and state. */
export function qualified(relation: RelationName): string {
  return `${ident(relation.schema)}.${ident(relation.name)}`;
}

/** A string literal, safe whatever `standard_conforming_strings` says. */
export function literal(value: string): string {
  if (value.includes('\0')) throw new TypeError('a PostgreSQL string cannot contain NUL');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return quoted.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/**
 * Splits a name written as in SQL into its parts: `public.employees`, `"Core"."Workspace"`, `organizations`.
 * Unquoted parts keep their spelling; `folded` says what SQL would make of them. Returns undefined when malformed.
 */
export function parseName(text: string): { parts: string[]; folded: string[] } | undefined {
  const parts: string[] = [];
  const folded: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")+)"|([^\s".]+))\s*(\.|$)/y;
  for (;;) {
    const match = part.exec(text);
    if (!match) return undefined;
    const raw = match[1] === undefined ? (match[2] as string) : match[1].replaceAll('""', '"');
    parts.push(raw);
    folded.push(match[1] === undefined ? raw.toLowerCase() : raw);
    if (match[3] === '') return parts.length <= 2 ? { parts, folded } : undefined;
  }
}
