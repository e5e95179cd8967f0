/** The foreign keys as a graph, child to parent: how far each table is from an organization's column. */
import { isPlainTable } from './choices';
import { partitionRoot } from './organization-columns';
import type { ForeignKey, Schema, SchemaRelation } from './schema';
import { holdsPeople, namesActor } from './words';

export interface Edge {
  readonly child: SchemaRelation;
  /** The partitioned table, where the key points at a partition. */
  readonly parent: SchemaRelation;
  readonly key: ForeignKey;
}

export class ForeignKeyGraph {
  private readonly up = new Map<number, Edge[]>();
  private readonly down = new Map<number, Edge[]>();
  private readonly people = new Set<number>();

  constructor(schema: Schema) {
    const actors = new Map<number, Set<number>>();
    for (const child of schema.relations.values()) {
      if (!isPlainTable(child)) continue;
      const seen = new Set<string>();
      for (const key of child.foreignKeys) {
        const parent = schema.relations.get(partitionRoot(schema, key.parent));
        // The same columns twice to the same table (a migration that ran twice) are one way.
        const way = JSON.stringify([parent?.oid, ...[...key.columns].sort()]);
        if (!parent || parent === child || parent.extension || !key.enforced || seen.has(way)) continue;
        seen.add(way);
        const edge = { child, parent, key };
        append(this.up, child.oid, edge);
        append(this.down, parent.oid, edge);
        if (key.columns.some(namesActor)) {
          actors.set(parent.oid, (actors.get(parent.oid) ?? new Set()).add(child.oid));
        }
      }
    }
    for (const relation of schema.relations.values()) {
      // Pointed at by `created_by` and its like from two tables: people, whatever it is called.
      const isPointedAt = (actors.get(relation.oid)?.size ?? 0) >= 2;
      if (isPointedAt || holdsPeople(relation.table.name)) this.people.add(relation.oid);
    }
  }

  parents(child: number): readonly Edge[] {
    return this.up.get(child) ?? [];
  }

  children(parent: number): readonly Edge[] {
    return this.down.get(parent) ?? [];
  }

  isPeople(relation: number): boolean {
    return this.people.has(relation);
  }

  /** `created_by`, `author_id`: to people always; to anything else only where the name leaves no doubt. */
  isActor(edge: Edge): boolean {
    return edge.key.columns.some(namesActor) && this.isPeople(edge.parent.oid);
  }

  /** Fewest foreign keys from each table to one of `sources`, given each source's own distance. */
  distances(sources: ReadonlyMap<number, number>): Map<number, number> {
    const distance = new Map<number, number>();
    const waiting: number[][] = [];
    for (const [oid, d] of sources) waiting[d] = [...(waiting[d] ?? []), oid];
    for (let d = 0; d < waiting.length; d++) {
      for (const oid of waiting[d] ?? []) {
        if (distance.has(oid)) continue;
        distance.set(oid, d);
        const next = waiting[d + 1] ?? [];
        waiting[d + 1] = next;
        for (const { child } of this.children(oid)) if (!distance.has(child.oid)) next.push(child.oid);
        if (next.length === 0 && d + 1 === waiting.length - 1) waiting.pop();
      }
    }
    return distance;
  }

  /** Whether `from` comes to one of `sources` without passing through `avoiding`. */
  reaches(from: number, sources: ReadonlyMap<number, number>, avoiding: number): boolean {
    const seen = new Set([avoiding]);
    const pending = [from];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      if (sources.has(next)) return true;
      seen.add(next);
      for (const { parent } of this.parents(next)) pending.push(parent.oid);
    }
    return false;
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
