/** Tables of a bound registry by what others ask for. Made once per registry: asking 5,000 times must not be quadratic. */
import type { BoundRegistry, BoundTable } from './bound';

interface Lookup {
  readonly byOid: ReadonlyMap<number, BoundTable>;
  /** Tables that are shared through the rows of the one with this oid. */
  readonly sharedThrough: ReadonlyMap<number, readonly BoundTable[]>;
}

const lookups = new WeakMap<BoundRegistry, Lookup>();

export function lookup(bound: BoundRegistry): Lookup {
  const known = lookups.get(bound);
  if (known) return known;
  const sharedThrough = new Map<number, BoundTable[]>();
  for (const table of bound.tables) {
    if (table.entry.belongs.kind !== 'through' || !table.link) continue;
    const { oid } = table.link.relation;
    sharedThrough.set(oid, [...(sharedThrough.get(oid) ?? []), table]);
  }
  const made = { byOid: new Map(bound.tables.map((table) => [table.relation.oid, table])), sharedThrough };
  lookups.set(bound, made);
  return made;
}
