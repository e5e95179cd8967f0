/** Plausible values by type, as SQL expressions. `n` differs from call to call: equal types, different values. */
import { createHash } from 'node:crypto';
import { literal } from '../../db/names';
import { baseOf, type TypeShape } from './type-shape';

/** A value as it goes into a statement. `text` is unquoted and `undefined` means NULL; `sql` is an expression. */
export type Value =
  | { readonly kind: 'text'; readonly text: string | undefined }
  | { readonly kind: 'sql'; readonly sql: string };

export const NULL: Value = { kind: 'text', text: undefined };
export const text = (value: string): Value => ({ kind: 'text', text: value });

export function textOrNull(value: string | null | undefined): Value {
  return value === null || value === undefined ? NULL : text(value);
}

export function toSql(value: Value): string {
  if (value.kind === 'sql') return `(${value.sql})`;
  return value.text === undefined ? 'NULL' : literal(value.text);
}

/** Cut to the type's length from the left: what varies stands at the end. */
function cut(value: string, length: number | undefined): string {
  return length === undefined ? value : value.slice(Math.max(0, value.length - length));
}

/** A UUID that follows from `n`: made here and not in the database, so that the row can be written again. */
function uuid(n: number): string {
  const hex = createHash('sha256').update(`tenant-zero ${n}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function moment(n: number): string {
  return new Date(Date.UTC(2020, 0, 1) + (n % 100_000_000) * 1000).toISOString();
}

/** Values of the types that are neither numbers nor text nor made of others. */
const OTHERS: Readonly<Record<string, (n: number, type: TypeShape) => string[]>> = {
  bool: () => ['false', 'true'],
  uuid: (n) => [uuid(n)],
  date: (n) => [moment(n * 86_400).slice(0, 10), '2020-01-01', '2099-12-31'],
  time: (n) => [moment(n).slice(11, 19), '00:00:00', '23:59:59'],
  timetz: (n) => [`${moment(n).slice(11, 19)}+00`],
  timestamp: (n) => [moment(n), '2000-01-01 00:00:00', '2099-12-31 00:00:00'],
  timestamptz: (n) => [moment(n), '2000-01-01 00:00:00Z', '2099-12-31 00:00:00Z'],
  interval: (n) => [`${(n % 1000) + 1} seconds`, '1 day', '0'],
  json: (n) => ['{}', '[]', '""', '1', 'true', `{"tz":${n}}`],
  jsonb: (n) => ['{}', '[]', '""', '1', 'true', `{"tz":${n}}`],
  jsonpath: () => ['$'],
  xml: () => ['<tz/>'],
  bytea: (n) => [
    `\\x${cut(n.toString(16).padStart(8, '0'), 8)}`,
    '\\x',
    `\\x${uuid(n).replaceAll('-', '').repeat(2)}`,
  ],
  inet: (n) => [`10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, '::1'],
  cidr: (n) => [`10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}/32`],
  macaddr: (n) => [
    `02:00:${uuid(n)
      .slice(0, 8)
      .replace(/(..)(?=.)/g, '$1:')}`,
  ],
  macaddr8: (n) => [
    `02:00:00:00:${uuid(n)
      .slice(0, 8)
      .replace(/(..)(?=.)/g, '$1:')}`,
  ],
  bit: (n, type) => [cut(n.toString(2).padStart(type.length ?? 1, '0'), type.length ?? 1)],
  varbit: (n, type) => [cut(n.toString(2), type.length)],
  point: (n) => [`(${n % 1000},1)`],
  line: () => ['{1,1,1}'],
  lseg: (n) => [`[(0,0),(${n % 1000},1)]`],
  box: (n) => [`((0,0),(${n % 1000},1))`],
  path: (n) => [`((0,0),(${n % 1000},1))`],
  polygon: (n) => [`((0,0),(${n % 1000},1),(1,1))`],
  circle: (n) => [`<(${n % 1000},1),1>`],
  tsvector: (n) => [`probe${n}:1`],
  tsquery: () => ['probe'],
  pg_lsn: (n) => [`0/${(n % 0xffffff).toString(16)}`],
  txid_snapshot: () => ['10:20:'],
  pg_snapshot: () => ['10:20:'],
  hstore: (n) => [`tz=>${n}`],
  ltree: (n) => [`probe.n${n}`],
  lquery: () => ['probe'],
  vector: (_n, type) => [`[${Array.from({ length: type.length ?? 3 }, () => 1).join(',')}]`],
  halfvec: (_n, type) => [`[${Array.from({ length: type.length ?? 3 }, () => 1).join(',')}]`],
  geometry: (n) => [`POINT(${n % 100} 1)`, 'POLYGON((0 0,1 0,1 1,0 0))', 'LINESTRING(0 0,1 1)'],
  geography: (n) => [`POINT(${n % 100} 1)`, 'POLYGON((0 0,1 0,1 1,0 0))', 'LINESTRING(0 0,1 1)'],
  cube: () => ['(1,2)'],
  regclass: () => ['pg_catalog.pg_class'],
  regtype: () => ['pg_catalog.int4'],
  regrole: () => ['pg_monitor'],
  regproc: () => ['pg_catalog.now'],
  regnamespace: () => ['pg_catalog'],
};

function numbers(type: TypeShape, n: number, unique: boolean): string[] {
  if (type.digits) {
    const [integer, fraction] = type.digits;
    const whole = integer > 0 ? String(unique ? n % 10 ** Math.min(integer, 12) : 1) : '0';
    const part =
      fraction > 0 && integer <= 0 ? `${whole}.${'1'.padStart(Math.max(1, fraction), '0')}` : whole;
    return [part, '0', '1'];
  }
  const most = type.name === 'int2' ? 30_000 : 2_000_000_000;
  const one = String((n % most) + 1);
  return unique
    ? [one, '1', '0', '-1']
    : ['1', '0', '2', '10', '100', '-1', '0.5', one].filter((each) =>
        type.name.startsWith('int') ? !each.includes('.') : true,
      );
}

/** Text for the name of the column: what triggers and regular expressions of products often ask for. */
function hinted(column: string, n: number): string[] {
  const code = n.toString(36);
  if (/e_?mail/i.test(column)) return [`probe-${code}@example.com`];
  if (/(url|uri|link|website|endpoint)/i.test(column)) return [`https://example.com/${code}`];
  if (/(domain|host)/i.test(column)) return [`p${code}.example.com`];
  if (/phone|mobile/i.test(column)) return [`+1202${String(n % 10_000_000).padStart(7, '0')}`];
  if (/currency/i.test(column)) return ['USD'];
  if (/country/i.test(column)) return ['US'];
  if (/(locale|lang)/i.test(column)) return ['en'];
  if (/colou?r/i.test(column)) return ['#1a2b3c'];
  if (/(time_?zone|^tz$)/i.test(column)) return ['UTC'];
  return [];
}

/** Candidates for a column of this type, the most plausible first. Never empty. */
export function valuesFor(type: TypeShape, n: number, options: { unique: boolean; column: string }): Value[] {
  const base = baseOf(type);
  if (base.kind === 'e') return base.labels.length > 0 ? base.labels.map(text) : [NULL];
  if (base.kind === 'c') return [text(`(${','.repeat(Math.max(0, base.fields - 1))})`)];
  if (base.kind === 'r' && base.of) return ranges(base, n).map(text);
  if (base.kind === 'm' && base.of) return [text('{}')];
  if (base.category === 'A' && base.of) {
    const [element] = valuesFor(base.of, n, options);
    const filled: Value[] = element ? [{ kind: 'sql', sql: `ARRAY[${toSql(element)}]::${base.text}` }] : [];
    return options.unique ? [...filled, text('{}')] : [text('{}'), ...filled];
  }
  const known = OTHERS[base.name];
  if (known) return known(n, base).map(text);
  if (base.category === 'N' && base.name !== 'oid') return numbers(base, n, options.unique).map(text);
  if (base.name === 'oid') return [text('1')];
  return textual(base, n, options.column).map(text);
}

function ranges(base: TypeShape, n: number): string[] {
  const bound = base.of as TypeShape;
  const [low] = valuesFor(bound, n, { unique: true, column: '' });
  const [high] = valuesFor(bound, n + 1, { unique: true, column: '' });
  const [from, to] = [low, high].map((value) => (value?.kind === 'text' ? value.text : undefined));
  return from === undefined || to === undefined || Number(from) > Number(to)
    ? ['empty']
    : [`["${from}","${to}")`, 'empty'];
}

function textual(base: TypeShape, n: number, column: string): string[] {
  const code = n.toString(36);
  const plain = cut(`probe${code}`, base.length);
  const all = [
    ...hinted(column, n),
    plain,
    plain.toUpperCase(),
    `probe-${code}@example.com`,
    `https://example.com/${code}`,
    String(n),
    '1',
    'a',
    'en',
    'USD',
    'US',
    '#1a2b3c',
    uuid(n),
    createHash('sha256').update(code).digest('hex'),
    '2020-01-01',
    '{}',
    '+12025550123',
    'UTC',
    '',
  ];
  return [...new Set(all)].filter((each) => base.length === undefined || each.length <= base.length);
}
