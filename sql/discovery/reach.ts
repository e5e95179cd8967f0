/** Which tables reach the organizations table, and how. Pure: a `Schema` in, one answer per relation out. */
import { isPlainTable, type OrganizationsKey, type Reach, type Standing, type Verdict } from './choices';
import { directVerdict, mistypedNotes } from './direct';
import { ForeignKeyGraph } from './graph';
import { type OrganizationColumns, organizationColumns } from './organization-columns';
import type { Schema, SchemaRelation } from './schema';
import { throughVerdict } from './through';
import { unreached } from './unreached';
import { viaVerdict, type Way, waysUp } from './via';

export type { Choice, OrganizationsKey, Reach, Standing, Verdict } from './choices';

/**
 * Looks in the order of what proves most: a column with a foreign key, a column by name and type, a foreign key to a
 * table that reaches, rows of a table that reaches. Every relation of the schema is in the result.
 */
export function discover(schema: Schema, organizations: OrganizationsKey): Map<number, Reach> {
  const graph = new ForeignKeyGraph(schema);
  const columns = organizationColumns(schema, organizations);
  const verdicts = new Map<number, Verdict>();
  const plain = [...schema.relations.values()].filter(isPlainTable);

  const sources = new Map<number, number>();
  for (const table of plain) {
    const verdict =
      table.oid === organizations.oid ? theKey(organizations.idColumn) : directVerdict(table, columns);
    if (!verdict) continue;
    sources.set(table.oid, 0);
    verdicts.set(table.oid, verdict);
  }
  decideVia(plain, graph, sources, verdicts);

  // One round: what associates with people is a membership, what associates with a membership's people is noise.
  const decided = new Map(verdicts);
  const asReach = (oid: number): Reach | undefined => {
    const verdict = decided.get(oid);
    return (
      verdict && { ...verdict, standing: { kind: oid === organizations.oid ? 'organizations' : 'table' } }
    );
  };
  const associated = new Map<number, number>();
  for (const table of plain) {
    const before = decided.get(table.oid);
    // A user's `default_workspace_id` leaves doubt; the memberships are another answer.
    if (before && !(before.certainty === 'ambiguous' && graph.isPeople(table.oid))) continue;
    const verdict = throughVerdict(table, graph, asReach);
    if (!verdict) continue;
    if (before) {
      // Only what reaches by a column of its own: anything else may itself hang off this table.
      const sound = verdict.choices.filter(({ relation }) =>
        relation === undefined ? false : decided.get(relation)?.choices[0]?.belongs.kind === 'direct',
      );
      verdicts.set(table.oid, { ...before, choices: [...before.choices, ...sound] });
      continue;
    }
    associated.set(table.oid, verdict.choices[0]?.distance ?? 1);
    verdicts.set(table.oid, verdict);
  }
  decideVia(plain, graph, associated, verdicts, [OF_SHARED_ROWS]);

  return new Map(
    [...schema.relations.values()].map((relation) => [
      relation.oid,
      withMistyped(answer(relation, schema, organizations, verdicts), relation, columns),
    ]),
  );
}

/** A session of a user who is in two organizations. */
const OF_SHARED_ROWS = 'hangs off rows that several organizations may share: visible to each of them';

/**
 * Adds verdicts for the tables that a foreign key takes to one of `sources`, and the same choices to a source whose
 * own column leaves doubt.
 */
function decideVia(
  tables: readonly SchemaRelation[],
  graph: ForeignKeyGraph,
  sources: ReadonlyMap<number, number>,
  verdicts: Map<number, Verdict>,
  notes: readonly string[] = [],
): void {
  const distances = graph.distances(sources);
  const open = new Set(
    tables.map((table) => table.oid).filter((oid) => distances.has(oid) && !verdicts.has(oid)),
  );
  const inProgress = new Set<number>();

  const decide = (oid: number): Verdict | undefined => {
    if (!open.has(oid) || verdicts.has(oid)) return verdicts.get(oid);
    if (inProgress.has(oid)) return undefined;
    inProgress.add(oid);
    const plainly = viaVerdict(waysUp(oid, graph, sources, distances), ancestors);
    const verdict = { ...plainly, notes: [...plainly.notes, ...notes] };
    const parent = verdict.certainty === 'certain' ? verdict.choices[0]?.relation : undefined;
    const final = parent === undefined ? verdict : dependingOn(verdict, decide(parent), graph, oid, parent);
    inProgress.delete(oid);
    verdicts.set(oid, final);
    return final;
  };
  const ancestors = (oid: number): Set<number> => {
    const found = new Set<number>();
    for (let next: number | undefined = oid; next !== undefined; ) {
      const verdict = decide(next);
      next = verdict?.certainty === 'certain' ? verdict.choices[0]?.relation : undefined;
      if (next === undefined || found.has(next)) break;
      found.add(next);
    }
    return found;
  };
  for (const oid of open) decide(oid);

  for (const oid of sources.keys()) {
    const verdict = verdicts.get(oid);
    if (verdict?.certainty !== 'ambiguous' || verdict.choices[0]?.belongs.kind !== 'direct') continue;
    // A key that starts at one of the columns in doubt is that column's choice already.
    const named = new Set(verdict.choices.flatMap((choice) => choice.belongs.columns));
    const ways: Way[] = waysUp(oid, graph, sources, distances).filter(
      (way) => !way.edge.key.columns.some((column) => named.has(column)),
    );
    if (ways.length === 0) continue;
    const via = viaVerdict(ways, ancestors).choices;
    verdicts.set(oid, { ...verdict, choices: [...verdict.choices, ...via] });
  }
}

/** What hangs off an undecided table is undecided: the registry could not name its parent. */
function dependingOn(
  verdict: Verdict,
  parent: Verdict | undefined,
  graph: ForeignKeyGraph,
  oid: number,
  parentOid: number,
): Verdict {
  if (parent?.certainty === 'certain') return verdict;
  const name = graph.parents(oid).find((edge) => edge.parent.oid === parentOid)?.parent.text;
  const why = parent ? 'which is itself undecided' : 'which leads back here';
  return { ...verdict, certainty: 'ambiguous', reason: `${verdict.reason}; leads to ${name}, ${why}` };
}

function answer(
  relation: SchemaRelation,
  schema: Schema,
  organizations: OrganizationsKey,
  verdicts: ReadonlyMap<number, Verdict>,
): Reach {
  const standing = standingOf(relation, schema, organizations, verdicts);
  if (standing.kind === 'follows') {
    const parent = schema.relations.get(standing.parent);
    const verdict = verdicts.get(standing.parent) ?? unreached(relation, schema);
    return { ...verdict, standing, choices: [], notes: [], reason: `follows ${parent?.text}` };
  }
  const verdict = verdicts.get(relation.oid) ?? unreached(relation, schema);
  const readThrough = relation.isPartition ? [] : relation.parents;
  const notes = readThrough.map(
    (oid) =>
      `its rows are also read through ${schema.relations.get(oid)?.text ?? oid}, under that table's policies`,
  );
  return { ...verdict, notes: [...verdict.notes, ...notes], standing };
}

/** A copy of the key in another type is worth knowing of wherever it is not what decides. */
function withMistyped(reach: Reach, relation: SchemaRelation, columns: OrganizationColumns): Reach {
  if (reach.standing.kind !== 'table') return reach;
  const known = new Set(reach.notes);
  const notes = mistypedNotes(relation, columns).filter((note) => !known.has(note));
  return notes.length === 0 ? reach : { ...reach, notes: [...reach.notes, ...notes] };
}

function standingOf(
  relation: SchemaRelation,
  schema: Schema,
  organizations: OrganizationsKey,
  verdicts: ReadonlyMap<number, Verdict>,
): Standing {
  if (relation.oid === organizations.oid) return { kind: 'organizations' };
  if (relation.extension !== undefined) return { kind: 'extension', extension: relation.extension };
  const parent = followed(relation, schema, verdicts);
  if (parent !== undefined) return { kind: 'follows', parent };
  if (relation.kind === 'v' || relation.kind === 'm') return { kind: 'reads', relations: relation.reads };
  return { kind: relation.kind === 'f' ? 'foreign' : 'table' };
}

/** The topmost table that this one is protected with: a partition's root always, an inheriting table's if it reaches. */
function followed(
  relation: SchemaRelation,
  schema: Schema,
  verdicts: ReadonlyMap<number, Verdict>,
): number | undefined {
  for (const oid of relation.parents) {
    const parent = schema.relations.get(oid);
    if (!parent) continue;
    const above = followed(parent, schema, verdicts);
    if (above !== undefined) return above;
    if (relation.isPartition || verdicts.has(oid)) return oid;
  }
  return undefined;
}

function theKey(idColumn: string): Verdict {
  return {
    certainty: 'certain',
    reason: 'the organizations table',
    choices: [
      {
        belongs: { kind: 'direct', columns: [idColumn] },
        because: 'its own key',
        relation: undefined,
        distance: 0,
      },
    ],
    notes: [],
  };
}
