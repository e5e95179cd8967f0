/**
 * The two statements of an auditor, the same for both ways to the database. Everything comes as text that says one thing
 * only: the Data API leaves out zones, and drivers differ in how they print times and bytes.
 */

export interface Statement {
  /** Values stand as `:name`. */
  readonly sql: string;
  /** In the order of `$1`, `$2`. */
  readonly names: readonly string[];
}

export type Value = string | number;
export type Row = Readonly<Record<string, unknown>>;

/** Microseconds since 1970. No format with colons in it: a value would begin there for whoever reads carelessly. */
const micros = (column: string) => `cast(cast(extract(epoch from ${column}) * 1000000 as bigint) as text)`;

/** The order is total: pages cut it nowhere twice. */
export const AUDIT: Statement = {
  sql: `
    select how, person, login, persona, kind, access, ${micros('starts')} as "from", ${micros('ends')} as until,
           cast(request as text) as request, cast(to_json(approved_by) as text) as approved_by, ticket, reason, note
    from guard.audit(cast(:organization as text), cast(:from as timestamptz), cast(:to as timestamptz))
    order by starts, ends, how, person, kind, access, request, ticket, reason, note
    limit cast(:size as bigint) offset cast(:skip as bigint)`,
  names: ['organization', 'from', 'to', 'size', 'skip'],
};

/** Columns that the table derives from the body, for whoever queries it. */
export const DERIVED = [
  'at',
  'event',
  'person',
  'login',
  'persona',
  'organization',
  'request',
  'detail',
] as const;

export const LEDGER_PAGE: Statement = {
  sql: `
    select sequence, body, encode(previous, 'hex') as previous, encode(hash, 'hex') as hash,
           ${DERIVED.map((name) => `cast(${name} as text) as ${name}`).join(', ')}
    from guard.ledger_page(cast(:after as bigint), cast(:size as integer))`,
  names: ['after', 'size'],
};

/** For drivers that know places, not names. */
export function positional({ sql, names }: Statement): string {
  return sql.replace(/(?<!:):([a-z_]+)/g, (_, name: string) => {
    const place = names.indexOf(name);
    if (place === -1) throw new Error(`the statement names no value ${name}`);
    return `$${place + 1}`;
  });
}
