/** The expected row of each principal: what it may at once, and whom it becomes; neither more nor less. */
import type { Principal } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import type { Check, Failure } from './check';
import { isAny, isLike, mayBeMissing } from './glob';
import type { Promises } from './promises';

/** Principals that nobody here decides about have no row of their own; what is refused to them is said apart. */
const isOurs = ({ kind }: Principal): boolean =>
  kind !== 'named' && kind !== 'administrator' && kind !== 'stranger';

export function rowsCheck({ rows }: Promises): Check {
  return {
    id: 'rows',
    title: 'everybody may do what their row says, and nothing else',
    run(analysis) {
      const ours = analysis.estate.principals.filter(isOurs);
      const unused = Object.keys(rows)
        .filter((pattern) => !rows[pattern]?.optional)
        .filter((pattern) => !ours.some(({ name }) => isLike(pattern, name)))
        .map((pattern) => ({
          id: `no ${pattern}`,
          message: `a row is promised for ${pattern}, and there is nobody of that name`,
        }));
      return [...unused, ...ours.flatMap((principal) => ofPrincipal(analysis, principal, rows))];
    },
  };
}

function ofPrincipal(analysis: Analysis, principal: Principal, rows: Promises['rows']): Failure[] {
  const { name } = principal;
  const row = rowFor(name, rows);
  if (!row) return [{ id: `${name} has no row`, message: `no row says what ${name} may` }];
  const { may, becomes } = row;
  const differences = [...capabilities(analysis, principal, may), ...becoming(analysis, principal, becomes)];
  return row['at-most'] ? differences.filter(({ gains }) => gains) : differences;
}

interface Difference extends Failure {
  readonly gains: boolean;
}

/** Of several patterns the longest, which says most of the name. */
function rowFor(name: string, rows: Promises['rows']): Promises['rows'][string] | undefined {
  const patterns = Object.keys(rows).filter((pattern) => isLike(pattern, name));
  const [first] = patterns.sort((a, b) => b.length - a.length);
  return first === undefined ? undefined : rows[first];
}

function capabilities(
  { holder, capabilities: all }: Analysis,
  principal: Principal,
  may: readonly string[],
): Difference[] {
  const { name } = principal;
  const held = all.filter((each) => holder.hold(principal, each).holds !== 'no');
  const gained = held
    .filter(({ id }) => !isAny(may, id))
    .map(({ id, title }) => ({
      gains: true,
      id: `${name} gains ${id}`,
      message: `${name} may ${title}, and its row does not say so`,
    }));
  const lost = may
    .filter((pattern) => !mayBeMissing(pattern))
    .filter(
      (pattern) =>
        !all.some((each) => isLike(pattern, each.id) && holder.hold(principal, each).holds === 'yes'),
    )
    .map((pattern) => ({
      gains: false,
      id: `${name} loses ${pattern}`,
      message: `${name} may no longer ${all.find(({ id }) => isLike(pattern, id))?.title ?? pattern}`,
    }));
  return [...gained, ...lost];
}

function becoming(
  { graph }: Analysis,
  principal: Principal,
  expected: readonly string[] | undefined,
): Difference[] {
  if (expected === undefined) return [];
  const { name } = principal;
  const reached = [...graph.reach(principal)];
  const gained = reached
    .filter(([to]) => !isAny(expected, to.name))
    .map(([to, path]) => ({
      gains: true,
      id: `${name} becomes ${to.name}`,
      message: `${name} becomes ${to.name}: ${path.map((edge) => `${edge.technique.verb} ${edge.to.name}`).join(', ')}`,
    }));
  const lost = expected
    .filter((pattern) => !mayBeMissing(pattern))
    .filter((pattern) => !reached.some(([to]) => isLike(pattern, to.name)))
    .map((pattern) => ({
      gains: false,
      id: `${name} no longer becomes ${pattern}`,
      message: `${name} becomes nobody like ${pattern} any more`,
    }));
  return [...gained, ...lost];
}
