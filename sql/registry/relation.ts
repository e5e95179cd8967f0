/** Names of relations as the registry spells them. */
import { parseName, qualified, type RelationName } from '../db/names';

/** PostgreSQL cuts longer identifiers without an error (NAMEDATALEN - 1). */
export const IDENTIFIER_BYTES = 63;

export interface SpelledRelation {
  /** Exactly as spelled, quotes removed; `public` where no schema is given. */
  readonly relation: RelationName;
  /** Every relation that the spelling may mean, as canonical text: unquoted, also what SQL would fold it to. */
  readonly meanings: readonly string[];
}

/** Undefined when the text cannot be the name of a relation. */
export function readRelation(text: string): SpelledRelation | undefined {
  const name = text.includes('\0') ? undefined : parseName(text);
  if (!name || name.parts.some((part) => Buffer.byteLength(part) > IDENTIFIER_BYTES)) return undefined;
  const relation = pair(name.parts);
  return { relation, meanings: [...new Set([qualified(relation), qualified(pair(name.folded))])] };
}

function pair(parts: readonly string[]): RelationName {
  const [first = '', second] = parts;
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second };
}
