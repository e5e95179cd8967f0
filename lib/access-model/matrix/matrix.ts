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

export function rowOf(analysis: Analysis, principal: Principal): Row {
  const { capabilities, graph } = analysis;
  const becomes = [...graph.reach(principal)].map(([to, path]) => ({ principal: to, path }));
  return {
    principal,
    cells: capabilities.map((each) => cellOf(analysis, principal, each, becomes)),
    becomes,
  };
}

function cellOf(
  { holder }: Analysis,
  principal: Principal,
  capability: Capability,
  becomes: Row['becomes'],
): Cell {
  const direct = holder.hold(principal, capability);
  if (direct.holds === 'yes') return { capability, direct, holds: 'yes', path: [] };
  // In the order of distance: the first is the shortest.
  for (const { principal: other, path } of becomes) {
    const held = holder.hold(other, capability).holds;
    if (held === 'no' || (direct.holds === 'in part' && held === 'in part')) continue;
    const certain = held === 'yes' && path.every((edge) => edge.holds === 'yes');
    return { capability, direct, holds: certain ? 'yes' : 'in part', path };
  }
  return { capability, direct, holds: direct.holds, path: [] };
}
