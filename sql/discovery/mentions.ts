/** Which relations a function's source text mentions, by word. */
import type { Relation } from '../compiler/bound';

const WORD = /[\p{L}_][\p{L}\p{N}_$]*/gu;
const IS_WORD = new RegExp(`^${WORD.source}$`, 'u');

/**
 * Words in comments, strings and quotes all count, as written and in lower case: a name that is only commented on
 * costs a look, one that is missed a leak.
 */
export function mentionFinder(relations: Iterable<Relation>): (source: string) => number[] {
  const words = new Map<string, number[]>();
  const odd: [quoted: string, oid: number][] = [];
  for (const { oid, table } of relations) {
    if (IS_WORD.test(table.name)) words.set(table.name, [...(words.get(table.name) ?? []), oid]);
    else odd.push([`"${table.name.replaceAll('"', '""')}"`, oid]);
  }
  return (source) => {
    const found = new Set<number>();
    for (const [word] of source.matchAll(WORD)) {
      for (const oid of words.get(word) ?? []) found.add(oid);
      for (const oid of words.get(word.toLowerCase()) ?? []) found.add(oid);
    }
    for (const [quoted, oid] of odd) if (source.includes(quoted)) found.add(oid);
    return [...found].sort((a, b) => a - b);
  };
}
