/** Concrete actions of a statement: those it names, and of its patterns some that tell most. */

import type { Changed } from '../diff/statements';
import { meansAction } from '../evaluate/applies';
import { inOrder } from '../in-order';
import type { Access, Vocabulary } from '../names/vocabulary';
import type { Statement } from '../policy/document';

/** Of all patterns of a statement together: `s3:*` alone has over a hundred, and says the same with each. */
export const MOST_EXPANDED = 24;

const BY_POWER: readonly Access[] = ['Permissions management', 'Write', 'Read', 'Tagging', 'List'];

export interface Actions {
  readonly literal: readonly string[];
  readonly expanded: readonly string[];
}

/** @param named - actions that other statements name: where they draw their lines, the answers change */
export function actionsOf(
  { before, after }: Changed,
  vocabulary: Vocabulary,
  named: readonly string[],
): Actions {
  const statements = [before, after].flatMap((each) => (each ? [each.statement] : []));
  const literal = unique(statements.filter(({ notActions }) => !notActions).flatMap(literalsOf));
  const possible = unique(statements.flatMap((each) => expand(each, vocabulary)));
  const isNamed = new Set(named.map((each) => each.toLowerCase()));
  const [one, other] = statements;
  /** What only one of the two is about is what changed. */
  const differs = (action: string) =>
    one !== undefined && other !== undefined && meansAction(one, action) !== meansAction(other, action);
  const rank = (action: string) => (differs(action) ? 0 : 2) + (isNamed.has(action.toLowerCase()) ? 0 : 1);
  const rest = interleaved(possible, vocabulary).filter(
    (each) => !literal.some((known) => known.toLowerCase() === each.toLowerCase()),
  );
  const ranked = [0, 1, 2, 3].flatMap((wanted) => rest.filter((each) => rank(each) === wanted));
  return { literal, expanded: ranked.slice(0, MOST_EXPANDED) };
}

const isPattern = (action: string): boolean => /[*?]/.test(action);

export const literalsOf = ({ actions }: Statement): string[] =>
  actions.filter((each) => each.includes(':') && !isPattern(each));

function expand(statement: Statement, vocabulary: Vocabulary): readonly string[] {
  if (statement.notActions) {
    return vocabulary.actionsLike('*').filter((action) => meansAction(statement, action));
  }
  return statement.actions.filter(isPattern).flatMap((pattern) => {
    const found = vocabulary.actionsLike(pattern);
    // A service that AWS does not have yet, or not any more: still an action that the pattern is about.
    return found.length > 0 || !pattern.includes(':') ? found : [pattern.replaceAll(/[*?]+/g, 'Any')];
  });
}

/** One of each service and each kind of access in turn, so that the first few are not all of one service. */
function interleaved(actions: readonly string[], vocabulary: Vocabulary): string[] {
  const groups = new Map<string, string[]>();
  for (const action of [...actions].sort(inOrder)) {
    const service = action.split(':')[0] ?? '';
    const access = vocabulary.loaded.has(service) ? vocabulary.action(action)?.access : undefined;
    const group = `${access ? BY_POWER.indexOf(access) : BY_POWER.length} ${service}`;
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  const ordered = [...groups].sort(([a], [b]) => inOrder(a, b)).map(([, members]) => members);
  const longest = Math.max(0, ...ordered.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => ordered.flatMap((members) => members[i] ?? [])).flat();
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
