/** Looks into values for marks: a function with an unknown argument has an unknown value, for the same reason. */
import { isMarked, mark } from './unresolved';

/** Taken from a mark, so that only `unresolved.ts` knows the characters. */
const [OPEN = '', CLOSE = ''] = mark('');

/** What each mark in a text says. */
export function marksIn(text: string): string[] {
  if (!isMarked(text)) return [];
  return text
    .split(OPEN)
    .slice(1)
    .map((part) => part.split(CLOSE, 1)[0] ?? '');
}

/** What the first mark anywhere in a value says; `undefined` where everything is known. */
export function unknownIn(value: unknown): string | undefined {
  if (typeof value === 'string') return marksIn(value)[0];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const unknown = unknownIn(member);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

/** As CloudFormation writes a value into a text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asText).join(',');
  return mark(unknownIn(value) ?? 'an object where a text is needed');
}

/** The marks of a value, once for each text that holds them, with the path of that text. */
export function* marksWithin(value: unknown, where: string): Generator<{ where: string; what: string }> {
  if (typeof value === 'string') {
    for (const what of new Set(marksIn(value))) yield { where, what };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) yield* marksWithin(member, `${where}.${key}`);
  }
}
