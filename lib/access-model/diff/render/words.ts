/** Small words of the Markdown, which take nothing from a template for Markdown or HTML. */
import { readable } from '../../assembly/unresolved';

/** `1 change`, `2 changes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

const LONGEST = 300;

/** One line; without characters that show as another text than they are. */
function oneLine(text: string): string {
  const line = readable(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  return line.length <= LONGEST ? line : `${[...line].slice(0, LONGEST).join('')}…`;
}

/**
 * As code in a cell or a line. HTML and not backticks: in those a table still splits at `|`, and a name may hold backticks
 * of its own. Nobody is mentioned in code.
 */
export const code = (text: string): string => `<code>${plainText(text)}</code>`;

/** As text: titles, reasons. No sign of it means anything to Markdown, and no address in it becomes a link. */
export function plainText(text: string): string {
  return oneLine(text)
    .replace(/[&<>"'|`*_~[\]\\@#$]/g, reference)
    .replace(/:(?=\/)|(?<=www)\./gi, reference);
}

const reference = (sign: string): string => `&#${sign.codePointAt(0)};`;

const MOST_NAMES = 8;

/** Several as code, and how many more there are. */
export function codes(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_NAMES).map(code).join(', ');
  return texts.length > MOST_NAMES ? `${shown} and ${texts.length - MOST_NAMES} more` : shown;
}
