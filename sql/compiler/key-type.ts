/** Types of organization keys: what guard functions return, and which types compare without a cast. */
import { parseName } from '../db/names';

const FAMILIES: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint'],
  ['text', 'character varying'],
];

function bare(type: string): string {
  return type.replace(/\(.*\)/, '').trim();
}

/** Same type, or types whose comparison needs no cast and keeps its index. `varchar(21)` and `text` are one family. */
export function sameFamily(a: string, b: string): boolean {
  const [x, y] = [bare(a), bare(b)];
  return x === y || FAMILIES.some((family) => family.includes(x) && family.includes(y));
}

/** The type that guard functions use for a key column of this type (domains already resolved): `varchar(21)` -> `text`. */
export function keyTypeOf(type: string): string {
  const plain = bare(type);
  return plain === 'character varying' || plain === 'character' ? 'text' : plain;
}

/** The schema of a type as `format_type` prints it with an empty search path; undefined: `pg_catalog`. */
export function typeSchema(type: string): string | undefined {
  const parts = parseName(bare(type))?.parts ?? [];
  return parts.length === 2 ? parts[0] : undefined;
}
