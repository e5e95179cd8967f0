/** Values that CHECK expressions themselves suggest: their literals, the neighbours of their numbers, their lengths. */
import { matching } from './regex';
import { baseOf, type TypeShape } from './type-shape';
import { text, type Value } from './value';

/** `'it''s'`, `E'a\\b'` as PostgreSQL prints them. */
const QUOTED = /(E)?'((?:[^']|'')*)'/g;

/** Candidates for one column out of the expressions that mention it. */
export function mined(type: TypeShape, expressions: readonly string[]): Value[] {
  const found: string[] = [];
  for (const expression of expressions) {
    const base = baseOf(type);
    for (const match of expression.matchAll(QUOTED)) {
      const value = unquote(match[2] as string, match[1] !== undefined);
      const before = expression.slice(0, match.index).trimEnd();
      if (/(?<![~!])~\*?$/.test(before)) {
        const example = matching(value);
        if (example !== undefined) found.push(example);
      } else if (/(?<!!)~~\*?$/.test(before)) {
        const filled = value.replaceAll('_', 'a');
        found.push(filled.replaceAll('%', ''), filled.replaceAll('%', 'a'));
      } else if (/^\{.*\}$/s.test(value) && base.category !== 'A' && !base.name.startsWith('json')) {
        found.push(
          ...value
            .slice(1, -1)
            .split(',')
            .map((each) => each.replace(/^"(.*)"$/, '$1')),
        );
      } else if (base.name.startsWith('json')) {
        found.push(
          JSON.stringify(value),
          JSON.stringify({ [value]: 1 }),
          JSON.stringify({ [value]: 'probe' }),
          JSON.stringify({ [value]: [] }),
        );
      } else {
        found.push(value);
      }
    }
    const bare = expression.replace(QUOTED, ' ');
    for (const match of bare.matchAll(/(?<![\w."])-?\d+(\.\d+)?/g)) found.push(...around(match[0], base));
  }
  return [...new Set(found)].filter((each) => plausible(each, baseOf(type))).map(text);
}

function unquote(raw: string, escaped: boolean): string {
  const once = raw.replaceAll("''", "'");
  return escaped ? once.replaceAll('\\\\', '\\') : once;
}

/** A number bounds a number, or the length of a text, of an array or of a bytea. */
function around(number: string, base: TypeShape): string[] {
  const n = Number(number);
  if (base.category === 'S') {
    const lengths = [n, n + 1, n - 1].filter((each) => Number.isInteger(each) && each >= 0 && each <= 10_000);
    return [...lengths.flatMap((each) => ['a'.repeat(each), '1'.repeat(each)]), number];
  }
  if (base.name === 'bytea' && n >= 0 && n <= 10_000)
    return [`\\x${'ab'.repeat(n)}`, `\\x${'ab'.repeat(n + 1)}`];
  if (base.category === 'A' && n >= 0 && n <= 100)
    return [n, n + 1].map((each) => `{${Array(each).fill('1').join(',')}}`);
  const steps = Number.isInteger(n) ? [n, n + 1, n - 1] : [n, n + 0.01, n - 0.01];
  return steps.map(String);
}

/** A value that the cast would refuse spoils the whole batch in which it is tried: only what fits the type is let through. */
function plausible(value: string, base: TypeShape): boolean {
  if (base.length !== undefined && base.category === 'S' && value.length > base.length) return false;
  if (base.kind === 'e') return base.labels.includes(value);
  switch (base.category) {
    case 'S':
      return true;
    case 'N':
      return (
        (base.name.startsWith('int') ? /^-?\d{1,18}$/ : /^-?\d+(\.\d+)?$/).test(value) &&
        fitsInteger(value, base.name)
      );
    case 'B':
      return /^(t|f|true|false)$/.test(value);
    case 'D':
      return /^(\d{4}-\d\d-\d\d|\d\d:\d\d|-?infinity$)/.test(value);
    case 'A':
      return /^\{.*\}$/s.test(value) && !/^\{1(,1)*\}$/.test(value)
        ? true
        : base.of?.category === 'N' || base.of?.category === 'S';
  }
  if (base.name.startsWith('json')) return isJson(value);
  return base.name === 'bytea'
    ? /^\\x([0-9a-f]{2})*$/.test(value)
    : /^[0-9a-f-]{36}$/.test(value) === (base.name === 'uuid') && base.kind === 'b';
}

function fitsInteger(value: string, name: string): boolean {
  const most = { int2: 32_767, int4: 2_147_483_647 }[name] ?? Number.MAX_SAFE_INTEGER;
  return Math.abs(Number(value)) <= most;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
