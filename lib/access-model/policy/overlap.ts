/** Whether a pattern and a text with marks have anything in common: some text that both of them could be. */
import { ANY_NAME, isMarked, partsAndMarks } from '../assembly/unresolved';
import { meant } from './literal';

/** A character of the text, or what a mark may stand for: anything, or anything without a colon. */
type Token = { readonly character: string } | { readonly without: string };

/** Both are read side by side; each pair of places that can be reached is looked at once. */
export function couldMatch(pattern: string, text: string): boolean {
  const wanted = [...pattern];
  const given = tokensOf(text);
  const seen = new Set<number>();
  const open: [number, number][] = [[0, 0]];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [i, j] = place;
    const id = i * (given.length + 1) + j;
    if (seen.has(id)) continue;
    seen.add(id);
    if (i === wanted.length && j === given.length) return true;
    open.push(
      ...next(wanted[i], given[j]).map(([more, further]): [number, number] => [i + more, j + further]),
    );
  }
  return false;
}

/** How far either can be read on. */
function next(wanted: string | undefined, given: Token | undefined): [number, number][] {
  const isMark = given !== undefined && 'without' in given;
  // A `*` and a mark may be empty, and may be longer than what is read of the other.
  if (wanted === '*')
    return given
      ? [
          [1, 0],
          [0, 1],
        ]
      : [[1, 0]];
  if (isMark)
    return wanted && isAllowed(wanted, given.without)
      ? [
          [0, 1],
          [1, 0],
        ]
      : [[0, 1]];
  if (wanted === undefined || given === undefined) return [];
  return wanted === '?' || meant(wanted) === given.character ? [[1, 1]] : [];
}

const isAllowed = (wanted: string, without: string): boolean => without === '' || !without.includes(wanted);

function tokensOf(text: string): Token[] {
  return partsAndMarks(text).flatMap((part): Token[] =>
    isMarked(part)
      ? [{ without: part === ANY_NAME ? ':' : '' }]
      : [...part].map((character) => ({ character })),
  );
}
