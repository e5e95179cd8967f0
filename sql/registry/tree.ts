/**
 * YAML text as a tree that knows where everything stands. It tolerates what `zod` and `toJS` would not: a broken
 * document still yields the parts that are sound, so that one run reports everything.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { RESOLVE_CODES, syntaxFault } from './syntax';

interface Place {
  /** Offset of the value's first character. */
  readonly at: number;
  /** Offset behind the value; infinite when what it means cannot be known. */
  readonly end: number;
  /** Offset of the key in front of it. */
  readonly keyAt?: number;
}
export interface MapTree extends Place {
  readonly kind: 'map';
  /** In the order of the file; of keys given twice, the first. */
  readonly entries: Map<string, Tree>;
}
export interface ListTree extends Place {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}
export interface ScalarTree extends Place {
  readonly kind: 'scalar';
  readonly value: unknown;
  /** As written, for messages: `007`, not 7. */
  readonly source: string;
}
export type Tree = MapTree | ListTree | ScalarTree;

/** A fault that reading found, before anybody asks what the content means. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
  readonly fix: string;
}

export interface Reading {
  readonly root: Tree;
  readonly faults: readonly Fault[];
  /** Behind this offset the parser guesses: what it says of the content there is not worth reporting. */
  readonly soundUntil: number;
  readonly linePos: (offset: number) => { line: number; column: number };
}

/** Aliases can multiply: a kilobyte may stand for gigabytes. No real registry comes near either limit. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 50;
const TOO_MUCH = 'the aliases stand for too much';

/** Reads YAML 1.2, whatever a `%YAML` directive says: under 1.1 `on` and `no` would not be text. */
export function readTree(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false, // we report duplicates ourselves, with both lines
    schema: 'core',
    merge: false,
  });
  const linePos = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return line > 0 ? { line, column: col } : { line: 1, column: 1 };
  };
  const faults: Fault[] = [...document.errors, ...document.warnings].map((error) => ({
    offset: error.pos[0],
    ...syntaxFault(error),
  }));
  const broken = document.errors.filter((error) => !RESOLVE_CODES.has(error.code));
  const soundUntil = Math.min(Number.POSITIVE_INFINITY, ...broken.map((error) => error.pos[0]));

  const expanding = new Set<Node>();
  let nodes = 0;

  function read(node: unknown, depth: number, keyAt?: number): Tree {
    nodes += 1;
    const place = { ...span(node, keyAt), ...(keyAt !== undefined && { keyAt }) };
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (!target) return refuse(place, `the alias *${node.source} stands for nothing above it`);
      if (expanding.has(target)) return refuse(place, `the alias *${node.source} contains itself`);
      if (nodes > MAX_NODES || depth > MAX_DEPTH) return refuse(place, TOO_MUCH);
      return read(target, depth, keyAt);
    }
    if (isMap(node)) {
      const entries = new Map<string, Tree>();
      within(node, () => {
        for (const pair of node.items) addPair(entries, pair, depth);
      });
      return { kind: 'map', entries, ...place };
    }
    if (isSeq(node)) {
      return {
        kind: 'list',
        items: within(node, () => node.items.map((item) => read(item, depth + 1))),
        ...place,
      };
    }
    if (!isScalar(node)) return { kind: 'scalar', value: null, source: '', ...place };
    const source = node.source ?? String(node.value);
    // `!!timestamp 2027-02-30` would silently become March 2: dates are read from their text.
    const value = node.value instanceof Date ? source : node.value;
    if (typeof value === 'string' && value.includes('\0')) {
      return refuse(place, 'a NUL character', 'remove it: PostgreSQL cannot store it');
    }
    return { kind: 'scalar', value, source, ...place };
  }

  function within<Result>(node: Node, body: () => Result): Result {
    expanding.add(node);
    const result = body();
    expanding.delete(node);
    return result;
  }

  /** In place of what cannot be read: a value of which nothing more is said. */
  function refuse(place: Place, message: string, fix = 'write the value out'): ScalarTree {
    // Once the limit is reached every further alias hits it.
    if (message !== TOO_MUCH || !faults.some((fault) => fault.message === message)) {
      faults.push({ offset: place.at, message, fix });
    }
    return { kind: 'scalar', value: null, source: '', ...place, end: Number.POSITIVE_INFINITY };
  }

  function addPair(entries: Map<string, Tree>, pair: { key: unknown; value: unknown }, depth: number): void {
    const keyNode = isAlias(pair.key) ? pair.key.resolve(document) : pair.key;
    const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
    const key = isScalar(keyNode) && keyNode.value !== null ? (keyNode.source ?? String(keyNode.value)) : '';
    if (key.trim() === '' || key === '__proto__' || key.includes('\0')) {
      faults.push({
        offset,
        message: `${JSON.stringify(key)} is not a name`,
        fix: 'write a name before the colon',
      });
      return;
    }
    const value = read(pair.value, depth + 1, offset);
    const first = entries.get(key);
    if (!first) {
      entries.set(key, value);
      return;
    }
    faults.push({
      offset,
      message: `${JSON.stringify(key)} is given twice; first in line ${linePos(first.keyAt ?? first.at).line}`,
      fix: 'keep one of the two',
    });
    // Of a section given twice both halves are read, so that their mistakes are reported now and not after the merge.
    if (depth === 0 && first.kind === 'map' && value.kind === 'map') {
      for (const [name, entry] of value.entries) {
        if (!first.entries.has(name)) first.entries.set(name, entry);
      }
    }
  }

  return { root: read(document.contents, 0), faults, soundUntil, linePos };
}

/** A value that is not there at all, as in `{ key }`, stands at its key. */
function span(node: unknown, keyAt = 0): { at: number; end: number } {
  const [at, end] = (node as Node | null)?.range ?? [keyAt, keyAt];
  return { at, end };
}

/** The plain value. Keys become own properties whatever they are called. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toValue);
  const value: Record<string, unknown> = {};
  for (const [key, entry] of tree.entries) value[key] = toValue(entry);
  return value;
}

/** The tree at a path of keys and indices, or undefined when the file has nothing there. */
export function treeAt(root: Tree, path: readonly PropertyKey[]): Tree | undefined {
  let tree: Tree | undefined = root;
  for (const step of path) {
    if (tree?.kind === 'map') tree = tree.entries.get(String(step));
    else if (tree?.kind === 'list') tree = tree.items[Number(step)];
    else return undefined;
  }
  return tree;
}

/** The entries of the map under a key; none when there is no such map. */
export function entriesOf(tree: Tree | undefined, key: string): ReadonlyMap<string, Tree> {
  const child = tree?.kind === 'map' ? tree.entries.get(key) : undefined;
  return child?.kind === 'map' ? child.entries : new Map();
}

/** The text under a key, or undefined when there is none. */
export function textOf(tree: Tree | undefined, key: string): string | undefined {
  const child = tree?.kind === 'map' ? tree.entries.get(key) : undefined;
  return child?.kind === 'scalar' && typeof child.value === 'string' ? child.value : undefined;
}
