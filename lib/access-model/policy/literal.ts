/** Characters of a pattern that are meant as such. */

/** Stands for a `*`, `?` or `$` that is meant as such: `${*}`, `${?}`, `${$}`. */
export const LITERAL = { '*': '\u0003', '?': '\u0004', $: '\u0005' } as const;

/** The characters that stand for themselves, as themselves. */
export function meant(pattern: string): string {
  return pattern.replaceAll(LITERAL['*'], '*').replaceAll(LITERAL['?'], '?').replaceAll(LITERAL.$, '$');
}
