/** Finds what somebody typed, or says what is called nearly like it. Pure. */
import { CommandError } from '../db/errors';
import { parseName, qualified } from '../db/names';
import type { Plan } from '../planner/plan';
import { nearest } from '../registry/nearest';

/** @throws CommandError `unknown-table`, `ambiguous-table` */
export function findRelation(plan: Plan, text: string): string {
  const relations = plan.desired.relations.map((each) => each.relation);
  const name = parseName(text);
  for (const parts of name ? [name.parts, name.folded] : []) {
    const [last = '', schema] = [...parts].reverse();
    const found =
      schema === undefined
        ? relations.filter((relation) => relation.table.name === last)
        : relations.filter((relation) => relation.text === qualified({ schema, name: last }));
    if (found.length > 1) {
      const names = found.map((relation) => relation.text).join(', ');
      throw new CommandError('ambiguous-table', `${text} could be ${names}`, 'name it with its schema');
    }
    if (found[0]) return found[0].text;
  }
  const candidates = relations.map((relation) => relation.text);
  const bare = new Map(relations.map((relation) => [relation.table.name, relation.text]));
  const close = [
    ...nearestFew(text, candidates),
    ...nearestFew(text, bare.keys()).map((each) => bare.get(each) as string),
  ];
  throw new CommandError(
    'unknown-table',
    `there is no table ${text} in ${plan.bound.database}`,
    close.length > 0
      ? `did you mean ${[...new Set(close)].slice(0, 3).join(', ')}?`
      : 'rls status lists them all; tables of extensions and of the engine itself are not among them',
  );
}

/** @throws CommandError `unknown-role` */
export function requireRole(known: readonly string[], role: string): void {
  if (known.includes(role)) return;
  const close = nearestFew(role, known);
  throw new CommandError(
    'unknown-role',
    `${role} is no role of the registry`,
    close.length > 0 ? `did you mean ${close.join(', ')}?` : `its roles are ${known.join(', ')}`,
  );
}

function nearestFew(word: string, candidates: Iterable<string>): string[] {
  const left = new Set(candidates);
  const found: string[] = [];
  while (found.length < 3) {
    const next = nearest(word, left);
    if (next === undefined) break;
    found.push(next);
    left.delete(next);
  }
  return found;
}
