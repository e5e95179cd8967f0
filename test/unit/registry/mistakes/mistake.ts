/** A mistake as data: a text in which `§` stands in front of every place that must be reported. */
import { HEAD } from '../example';

export interface Mistake {
  readonly title: string;
  readonly text: string;
  /** For each mark, in order: a part of the message, a part of the fix. */
  readonly expected: readonly (readonly [message: string, fix: string])[];
}

export function whole(title: string, text: string, ...expected: Mistake['expected']): Mistake {
  return { title, text, expected };
}

/** Lines behind a registry without mistakes. */
export function after(title: string, lines: string, ...expected: Mistake['expected']): Mistake {
  return { title, text: `${HEAD}${lines}\n`, expected };
}

/** Fields of `organizations` behind the required ones. */
export function organizations(title: string, fields: string, ...expected: Mistake['expected']): Mistake {
  return { title, text: HEAD.replace('managed', `managed, ${fields}`), expected };
}

/** Other roles. */
export function roles(title: string, lines: string, ...expected: Mistake['expected']): Mistake {
  return { title, text: HEAD.replace(/ {2}app_backend.*\n/, `${lines}\n`), expected };
}

/** The text without marks, and the places of the marks as `line:column`. */
export function unmarked(marked: string): { text: string; places: string[] } {
  const places: string[] = [];
  const lines = marked.split('\n').map((line, index) => {
    const parts = line.split('§');
    let column = 1;
    for (const part of parts.slice(0, -1)) {
      column += part.length;
      places.push(`${index + 1}:${column}`);
    }
    return parts.join('');
  });
  return { text: lines.join('\n'), places };
}
