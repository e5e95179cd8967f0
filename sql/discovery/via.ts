/** Tables that belong to an organization through a foreign key. */
import type { Choice, Verdict } from './choices';
import type { Edge, ForeignKeyGraph } from './graph';

/** One foreign key to a table that reaches the organizations, and what decides between several. */
export interface Way {
  readonly edge: Edge;
  readonly distance: number;
  readonly notNull: boolean;
  /** `created_by`: who did it. */
  readonly actor: boolean;
  /** `user_id`: a person, perhaps the owner, perhaps a participant. */
  readonly people: boolean;
  /** The row dies with its parent. */
  readonly cascade: boolean;
  /** The row is named after its parent. */
  readonly inPrimaryKey: boolean;
}

/**
 * All ways up from a table, best first. Ways that come back through the table itself are none: `projects` has
 * `default_task_id`, and tasks reach the organizations through their project.
 */
export function waysUp(
  table: number,
  graph: ForeignKeyGraph,
  sources: ReadonlyMap<number, number>,
  distances: ReadonlyMap<number, number>,
): Way[] {
  const own = distances.get(table) ?? Number.POSITIVE_INFINITY;
  return graph
    .parents(table)
    .filter(({ parent }) => {
      const distance = distances.get(parent.oid);
      if (distance === undefined) return false;
      return distance < own || graph.reaches(parent.oid, sources, table);
    })
    .map((edge): Way => {
      const primary = new Set(edge.child.primaryKey?.columns);
      return {
        edge,
        distance: (distances.get(edge.parent.oid) ?? 0) + 1,
        notNull: edge.key.notNull,
        actor: graph.isActor(edge),
        people: graph.isPeople(edge.parent.oid),
        cascade: edge.key.onDelete === 'cascade',
        inPrimaryKey: edge.key.columns.every((column) => primary.has(column)),
      };
    })
    .sort(
      (a, b) =>
        Number(a.actor) - Number(b.actor) ||
        Number(b.notNull) - Number(a.notNull) ||
        Number(a.people) - Number(b.people) ||
        a.distance - b.distance ||
        Number(b.cascade) - Number(a.cascade) ||
        first(a).localeCompare(first(b)),
    );
}

/**
 * Decides between the ways up. `ancestors` are the tables that a parent's own, certain, NOT NULL way leads through;
 * whether the chosen parent is itself decided is the caller's question.
 */
export function viaVerdict(
  ways: readonly Way[],
  ancestors: (parent: number) => ReadonlySet<number>,
): Verdict {
  const choices = ways.map(asChoice);
  const pick = (way: Way, reason: string, notes: string[] = []): Verdict => ({
    certainty: 'certain',
    reason,
    choices: [asChoice(way), ...ways.filter((other) => other !== way).map(asChoice)],
    notes,
  });
  const ask = (reason: string): Verdict => ({ certainty: 'ambiguous', reason, choices, notes: [] });

  const required = ways.filter((way) => way.notNull && !way.actor);
  const owners = required.filter((way) => !way.people);
  const only = owners[0];
  if (only && owners.length === 1) {
    return pick(
      only,
      ways.length === 1 ? way(only) : `${way(only)}, the only NOT NULL one ${notTo(ways, only)}`,
    );
  }
  if (owners.length > 1) {
    const owning = owningWay(owners);
    if (owning) return pick(owning.way, owning.reason);
    const near = owners.find((a) =>
      owners.every((b) => a === b || ancestors(b.edge.parent.oid).has(a.edge.parent.oid)),
    );
    if (near) {
      const others = owners.filter((other) => other !== near).map(columns);
      return pick(near, `${way(near)}, where the others lead too`, [
        `nothing checks that ${others.join(', ')} agrees with ${columns(near)}`,
      ]);
    }
    return ask(
      `${owners.length} NOT NULL foreign keys lead to an organization: ${owners.map(columns).join(', ')}`,
    );
  }
  const person = required[0];
  const optional = ways.filter((way) => !way.notNull && !way.actor && !way.people);
  if (person && optional.length > 0) {
    return ask(`${columns(person)} leads to a person and ${optional.map(columns).join(', ')} may be NULL`);
  }
  if (person) {
    const owning = required.length === 1 ? { way: person, reason: way(person) } : owningWay(required);
    return owning
      ? pick(owning.way, owning.reason)
      : ask(`several people: ${required.map(columns).join(', ')}`);
  }
  if (ways.every((way) => way.actor)) return ask(`${ways.map(columns).join(', ')} only says who did it`);
  return ask(`every foreign key that leads to an organization may be NULL: ${ways.map(columns).join(', ')}`);
}

/** ON DELETE CASCADE and the primary key tell the owner from the merely referenced, unless they contradict each other. */
function owningWay(ways: readonly Way[]): { way: Way; reason: string } | undefined {
  const cascading = ways.filter((way) => way.cascade);
  const naming = ways.filter((way) => way.inPrimaryKey);
  const dies = cascading.length === 1 ? cascading[0] : undefined;
  const named = naming.length === 1 ? naming[0] : undefined;
  if (dies && named && dies !== named) return undefined;
  if (dies) return { way: dies, reason: `${way(dies)}, the only one ON DELETE CASCADE` };
  return named && { way: named, reason: `${way(named)}, the only one in the primary key` };
}

function notTo(ways: readonly Way[], chosen: Way): string {
  const others = ways.filter((other) => other !== chosen);
  return others.every((other) => other.people || other.actor)
    ? 'that leads to no person'
    : 'that says whose it is';
}

const columns = (one: Way) => one.edge.key.columns.join(' + ');
const first = (one: Way) => one.edge.key.columns[0] ?? '';
const way = (one: Way) => `foreign key ${columns(one)} to ${one.edge.parent.text}`;

function asChoice(one: Way): Choice {
  const doubts = [
    ...(one.notNull ? [] : ['may be NULL']),
    ...(one.actor ? ['says who did it'] : []),
    ...(one.edge.key.validated ? [] : ['NOT VALID']),
  ];
  return {
    belongs: { kind: 'via', columns: one.edge.key.columns },
    because: [`to ${one.edge.parent.text}`, ...doubts].join(', '),
    relation: one.edge.parent.oid,
    distance: one.distance,
  };
}
