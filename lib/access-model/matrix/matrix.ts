/** Persona by capability: what somebody can do at once, and what after becoming somebody else. */
import type { Capability, Holds } from '../capabilities/capability';
import type { Held } from '../capabilities/hold';
import type { Principal } from '../estate/estate';
import type { Path } from '../reach/graph';
import type { Analysis } from './analysis';

export interface Cell {
  readonly capability: Capability;
  /** By itself. */
  readonly direct: Held;
  /** By itself or through others. */
  readonly holds: Holds;
  /** The shortest to a principal that has it; empty when it is had directly or not at all. */
  readonly path: Path;
}

export interface Row {
  readonly principal: Principal;
  readonly cells: readonly Cell[];
  /** Everyone whom it can become. */
  readonly becomes: readonly { readonly principal: Principal; readonly path: Path }[];
}

export const matrix = (analysis: Analysis): Row[] =>
  analysis.estate.principals.map((principal) => rowOf(analysis, principal));

const rows = new WeakMap<Analysis, Map<Principal, Row>>();

/** Made once: several promises are about the same row. */
export function rowOf(analysis: Analysis, principal: Principal): Row {
  const known = rows.get(analysis) ?? new Map<Principal, Row>();
  rows.set(analysis, known);
  const before = known.get(principal);
  if (before) return before;
  const { capabilities, graph } = analysis;
  const becomes = [...graph.reach(principal)].map(([to, path]) => ({ principal: to, path }));
  const cells = capabilities.map((each) => cellOf(analysis, principal, each, becomes));
  const row = { principal, cells, becomes };
  known.set(principal, row);
  return row;
}

function cellOf(
  { holder, graph }: Analysis,
  principal: Principal,
  capability: Capability,
  becomes: Row['becomes'],
): Cell {
  const direct = holder.hold(principal, capability);
  if (direct.holds === 'yes') return { capability, direct, holds: 'yes', path: [] };
  // Both are in the order of distance, so the first is the shortest; but a longer way that is sure says more than one that is not.
  for (const [other, path] of graph.reachSurely(principal)) {
    if (holder.hold(other, capability).holds === 'yes') return { capability, direct, holds: 'yes', path };
  }
  if (direct.holds === 'in part') return { capability, direct, holds: 'in part', path: [] };
  const perhaps = becomes.find((each) => holder.hold(each.principal, capability).holds !== 'no');
  return perhaps
    ? { capability, direct, holds: 'in part', path: perhaps.path }
    : { capability, direct, holds: 'no', path: [] };
}
