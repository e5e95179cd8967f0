/** The relations of a database, by name, oid and descent. */
import { qualified, type RelationName } from '../db/names';
import type { Relation } from './bound';

/** Looks names up the way SQL would after trying them as spelled: `Core.Workspace` finds "Core"."Workspace". */
export class Relations {
  private readonly byText = new Map<string, Relation>();
  readonly byOid = new Map<number, Relation>();
  readonly children = new Map<number, Relation[]>();

  constructor(readonly all: readonly Relation[]) {
    for (const relation of all) {
      this.byText.set(relation.text, relation);
      this.byOid.set(relation.oid, relation);
      for (const parent of relation.parents) {
        const list = this.children.get(parent) ?? [];
        list.push(relation);
        this.children.set(parent, list);
      }
    }
  }

  find(name: RelationName): Relation | undefined {
    const folded = { schema: name.schema.toLowerCase(), name: name.name.toLowerCase() };
    return this.byText.get(qualified(name)) ?? this.byText.get(qualified(folded));
  }

  /** Partitions and inheriting tables at any depth. */
  descendants(oid: number): Relation[] {
    const found = new Map<number, Relation>();
    const visit = (parent: number) => {
      for (const child of this.children.get(parent) ?? []) {
        if (found.has(child.oid)) continue;
        found.set(child.oid, child);
        visit(child.oid);
      }
    };
    visit(oid);
    return [...found.values()];
  }
}
