/** The name that somebody most probably meant. */

/** More mistakes than a third of the letters: then it is another word, and a suggestion would mislead. */
const MISTAKES_PER_LETTER = 1 / 3;

/** @returns undefined when none is near enough */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length * MISTAKES_PER_LETTER)) + 1;
  for (const name of names) {
    const mistakes = distance(wanted, name.toLowerCase(), least);
    if (mistakes >= least) continue;
    best = name;
    least = mistakes;
  }
  return best;
}

/**
 * Of a pattern such as `kms:Putt*`, what stands before its first wildcard is compared with the beginnings of the names.
 * Where names do begin so, the mistake is after the wildcard, and none of them is nearer than another.
 */
export function nearestToPattern(pattern: string, names: Iterable<string>): string | undefined {
  const wildcard = pattern.search(/[*?]/);
  if (wildcard === -1) return nearest(pattern, names);
  const beginnings = new Map([...names].map((name) => [name.slice(0, wildcard), name] as const));
  const written = pattern.slice(0, wildcard);
  const beginning = nearest(written, beginnings.keys());
  if (beginning === undefined || beginning.toLowerCase() === written.toLowerCase()) return undefined;
  return beginnings.get(beginning);
}

/** Letters to insert, leave out, replace or swap with their neighbour. Not less than `limit` once it cannot be. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : replaced;
      current.push(Math.min(replaced, swapped, at(previous, j) + 1, at(current, j - 1) + 1));
    }
    if (Math.min(...current) >= limit) return limit;
    [before, previous] = [previous, current];
  }
  return at(previous, b.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Number.POSITIVE_INFINITY;
