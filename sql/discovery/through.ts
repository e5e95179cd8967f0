/** Tables without a path up that belong through rows which point at them: users through memberships. */
import { type Choice, isPlainTable, type Reach, type Verdict } from './choices';
import type { Edge, ForeignKeyGraph } from './graph';
import type { SchemaRelation } from './schema';

/** How plainly an association says "this one is a member of that organization". */
type Strength = 'membership' | 'association' | 'mention';

const ORDER: readonly Strength[] = ['membership', 'association', 'mention'];

/** More choices than this are not read; the shape of the answer is clear from the first. */
const MOST_CHOICES = 5;

/** Undefined when nothing that reaches the organizations points here in the way an association does. */
export function throughVerdict(
  table: SchemaRelation,
  graph: ForeignKeyGraph,
  reach: (oid: number) => Reach | undefined,
): Verdict | undefined {
  if (!isPlainTable(table)) return undefined;
  const people = graph.isPeople(table.oid);
  const found = graph
    .children(table.oid)
    .filter((edge) => !graph.isActor(edge) && isReached(reach(edge.child.oid)))
    .map((edge) => ({ edge, strength: strength(edge, reach(edge.child.oid)) }))
    // An invitation is a membership without a user yet; any other key that may be NULL only mentions somebody.
    .filter((one) => one.edge.key.notNull || one.strength === 'membership')
    // What merely points at reference data (`currency_id`) does not make it anybody's.
    .filter((one) => one.strength !== 'mention' || people)
    .sort((a, b) => ORDER.indexOf(a.strength) - ORDER.indexOf(b.strength));
  const [best] = found;
  if (!best) return undefined;

  const memberships = found.filter((one) => one.strength === 'membership');
  const choices = found.slice(0, MOST_CHOICES).map(({ edge }) => asChoice(edge, reach(edge.child.oid)));
  const through = best.edge.child.text;
  if (people && memberships.length === 1 && reach(best.edge.child.oid)?.certainty === 'certain') {
    return {
      certainty: 'certain',
      reason: `through ${through}, unique per organization and ${best.edge.key.columns.join(' + ')}`,
      choices,
      notes: ['whoever belongs to two organizations is visible to both'],
    };
  }
  return {
    certainty: 'ambiguous',
    reason: people
      ? `no foreign key leads up; ${found.length} tables of organizations point here`
      : `no foreign key leads up: reference data, the same for everybody, or rows that belong through ${through}`,
    choices,
    notes: [],
  };
}

function isReached(reach: Reach | undefined): boolean {
  return reach?.standing.kind === 'table' && reach.certainty !== 'none';
}

function strength({ child, key }: Edge, reach: Reach | undefined): Strength {
  const here = new Set(key.columns);
  const belongs = reach?.choices[0]?.belongs;
  const owner = new Set(belongs?.kind === 'direct' ? belongs.columns : []);
  const linking = new Set([...owner, ...child.foreignKeys.flatMap((fk) => fk.columns)]);
  const unique = child.uniqueKeys.filter(
    (one) =>
      !one.partial &&
      !one.expression &&
      !one.temporal &&
      one.columns.length > here.size &&
      key.columns.every((column) => one.columns.includes(column)) &&
      one.columns.every((column) => linking.has(column)),
  );
  if (unique.length === 0) return 'mention';
  const perOrganization = unique.some((one) =>
    one.columns.every((column) => here.has(column) || owner.has(column)),
  );
  return perOrganization ? 'membership' : 'association';
}

function asChoice({ child, key }: Edge, reach: Reach | undefined): Choice {
  return {
    belongs: { kind: 'through', table: child.table, columns: key.columns },
    because: `rows of ${child.text} point here`,
    relation: child.oid,
    distance: (reach?.choices[0]?.distance ?? 0) + 1,
  };
}
