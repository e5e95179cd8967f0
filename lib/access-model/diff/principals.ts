/** What a principal can do and whom it can become, before and after, paths through others included. */
import type { Holds } from '../capabilities/capability';
import type { Principal } from '../estate/estate';
import { inOrder } from '../in-order';
import type { Analysis } from '../matrix/analysis';
import { type Cell, type Row, rowOf } from '../matrix/matrix';
import type { Path } from '../reach/graph';
import {
  type BecomingChange,
  type CapabilityChange,
  directionOf,
  isMore,
  type PathStep,
  type PrincipalChange,
} from './changes';
import { elsewhere } from './meanings';
import type { Pair } from './pairs';

export function principalChanges(base: Analysis, head: Analysis, pairs: readonly Pair[]): PrincipalChange[] {
  const named = new Map(pairs.flatMap((pair) => (pair.base ? [[pair.base, pair.name] as const] : [])));
  // A newly named role stands for itself from now on, and the one it was among keeps its name.
  for (const { base: was, name, newlyNamed } of pairs) if (was && !newlyNamed) named.set(was, name);
  const nameOf = (principal: Principal) => named.get(principal) ?? principal.name;
  const ofHead = elsewhere(head, base);
  const ofBase = elsewhere(base, head);
  return pairs.flatMap((pair) => {
    const before = pair.base && rowOf(base, pair.base);
    const after = pair.head && rowOf(head, pair.head);
    const also = {
      before: pair.base && rowOf({ ...base, capabilities: ofHead }, pair.base),
      after: pair.head && rowOf({ ...head, capabilities: ofBase }, pair.head),
    };
    const change = pair.base && pair.head ? 'changed' : pair.head ? 'added' : 'removed';
    const capabilities = capabilityChanges([before, also.before], [after, also.after], nameOf);
    const becomes = becomingChanges(before, after, nameOf, pairs);
    if (change === 'changed' && capabilities.length === 0 && becomes.length === 0) return [];
    const { kind, id } = (pair.head ?? pair.base) as Principal;
    return [{ name: pair.name, kind, change, ...(id ? { where: id } : {}), capabilities, becomes }];
  });
}

type NameOf = (principal: Principal) => string;

type Rows = readonly [own: Row | undefined, asTheOtherSideMeansIt: Row | undefined];

function capabilityChanges(before: Rows, after: Rows, nameOf: NameOf): CapabilityChange[] {
  const [was, is] = [cellsOf(before), cellsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort(inOrder).flatMap((id) => {
    const [old, current] = [was.get(id), is.get(id)];
    const [from, to] = [old?.holds ?? 'no', current?.holds ?? 'no'];
    const change = directionOf(from, to);
    if (!change) return [];
    const shown = change === 'gained' || change === 'widened' ? current : old;
    const title = (current ?? old)?.capability.title ?? id;
    return [{ capability: id, title, change, from, to, path: stepsOf(shown?.path ?? [], nameOf) }];
  });
}

/** By id, the cell that says most. */
function cellsOf(rows: Rows): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const cell of rows.flatMap((row) => row?.cells ?? [])) {
    const known = cells.get(cell.capability.id);
    if (!known || isMore(known.holds, cell.holds)) cells.set(cell.capability.id, cell);
  }
  return cells;
}

function becomingChanges(
  before: Row | undefined,
  after: Row | undefined,
  nameOf: NameOf,
  pairs: readonly Pair[],
): BecomingChange[] {
  const was = new Map(before?.becomes.map(({ principal, path }) => [nameOf(principal), path]));
  for (const { name, base, newlyNamed } of pairs) {
    const path = newlyNamed && base && was.get(nameOf(base));
    if (path) was.set(name, path);
  }
  const is = new Map(after?.becomes.map(({ principal, path }) => [principal.name, path]));
  return [...new Set([...was.keys(), ...is.keys()])].sort(inOrder).flatMap((name) => {
    const [old, current] = [was.get(name), is.get(name)];
    const [from, to] = [certaintyOf(old), certaintyOf(current)];
    const change = directionOf(from, to);
    if (!change) return [];
    const shown = change === 'gained' || change === 'widened' ? current : old;
    return [{ principal: name, change, from, to, path: stepsOf(shown ?? [], nameOf) }];
  });
}

function certaintyOf(path: Path | undefined): Holds {
  if (!path) return 'no';
  return path.every(({ holds }) => holds === 'yes') ? 'yes' : 'in part';
}

function stepsOf(path: Path, nameOf: NameOf): PathStep[] {
  return path.map(({ from, technique, to, holds }) => ({
    from: nameOf(from),
    verb: technique.verb,
    to: nameOf(to),
    certain: holds === 'yes',
  }));
}
