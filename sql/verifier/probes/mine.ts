/** Values that CHECK expressions themselves suggest: their literals, the neighbours of their numbers, their lengths. */
import { matching } from './regex';
import { baseOf, type TypeShape } from './type-shape';
import { text, type Value } from './value';

/** `'it''s'`, `E'a\\b'` as PostgreSQL prints them. */
const QUOTED = /(E)?'((?:[^']|'')*)'/g;

/** A value, and how to make more of the same kind where the column is unique. */
export interface Mined {
  readonly value: Value;
  readonly make?: (n: number) => Value;
}

/** Candidates for one column out of the expressions that mention it. */
export function mined(type: TypeShape, expressions: readonly string[]): Mined[] {
  const found: string[] = [];
  const makers = new Map<string, (n: number) => string>();
  const add = (value: string, make: (n: number) => string) => {
    found.push(value);
    makers.set(value, make);
  };
  for (const expression of expressions) {
    const base = baseOf(type);
    for (const match of expression.matchAll(QUOTED)) {
      const value = unquote(match[2] as string, match[1] !== undefined);
      const before = expression.slice(0, match.index).trimEnd();
      if (/(?<![~!])~\*?\)?$/.test(before)) {
        const example = matching(value);
        if (example !== undefined) add(example, (n) => matching(value, n) ?? example);
      } else if (/(?<!!)~~\*?\)?$/.test(before)) {
        const filled = value.replaceAll('_', 'a');
        add(filled.replaceAll('%', ''), (n) => filled.replaceAll('%', n.toString(36)));
        found.push(filled.replaceAll('%', 'a'));
      } else if (/similar_to_escape\($/.test(before)) {
        const regex = value.replaceAll('%', '.*').replaceAll('_', '.');
        const example = matching(regex);
        if (example !== undefined) add(example, (n) => matching(regex, n) ?? example);
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
        const inside = alongPath(value);
        if (inside !== undefined) found.push(inside);
      } else {
        found.push(value);
      }
    }
    if (base.name.startsWith('json')) found.push(...documents(expression));
    if (base.category === 'D' && base.name !== 'time' && base.name !== 'timetz') found.push(...MOMENTS);
    const bare = expression.replace(QUOTED, ' ');
    for (const match of bare.matchAll(/(?<![\w."])-?\d+(\.\d+)?/g)) around(match[0], base, found, add);
  }
  return [...new Set(found)]
    .filter((each) => plausible(each, baseOf(type)))
    .map((each) => {
      const make = makers.get(each);
      return { value: text(each), ...(make && { make: (n: number) => text(make(n)) }) };
    });
}

/** Moments that lie apart as a CHECK may ask: an hour, a day, a week, a month. */
const MOMENTS = [
  '2020-01-01 00:00:00+00',
  '2020-01-01 01:00:00+00',
  '2020-01-02 00:00:00+00',
  '2020-01-08 00:00:00+00',
  '2020-02-01 00:00:00+00',
  '2021-01-01 00:00:00+00',
];

/** Documents of every kind, and one that has all the keys which an expression names. */
function documents(expression: string): string[] {
  const keys = [...expression.matchAll(QUOTED)]
    .map((match) => unquote(match[2] as string, match[1] !== undefined))
    .filter((key) => /^\w+$/.test(key));
  const withAll = (value: unknown) => JSON.stringify(Object.fromEntries(keys.map((key) => [key, value])));
  return [withAll(1), withAll('probe'), '{}', '[]', '[1]', '["probe"]', '[{}]', '"probe"', '1', 'true'];
}

/** The smallest document in which a jsonpath like `$.a.b` finds something. */
function alongPath(path: string): string | undefined {
  const steps = /^(?:strict |lax )?\$((?:\.(?:\w+|"[^"]*"))+)/.exec(path)?.[1]?.match(/\w+|"[^"]*"/g);
  if (!steps) return undefined;
  const nested = steps.reduceRight<unknown>((inner, step) => ({ [step.replaceAll('"', '')]: inner }), 1);
  return JSON.stringify(nested);
}

/** A number written with other digits, as long as asked for: what varies stands at the end. */
function written(n: number, digits: string, length: number): string {
  let out = '';
  for (let left = n; left > 0; left = Math.floor(left / digits.length))
    out = digits[left % digits.length] + out;
  return out.padStart(length, digits[0]).slice(out.length > length ? out.length - length : 0);
}

function unquote(raw: string, escaped: boolean): string {
  const once = raw.replaceAll("''", "'");
  return escaped ? once.replaceAll('\\\\', '\\') : once;
}

/** A number bounds a number, or the length of a text, of an array or of a bytea. */
function around(
  number: string,
  base: TypeShape,
  found: string[],
  add: (value: string, make: (n: number) => string) => void,
): void {
  const n = Number(number);
  if (base.category === 'S') {
    const lengths = [n, n + 1, n - 1].filter((each) => Number.isInteger(each) && each >= 0 && each <= 10_000);
    for (const each of lengths) {
      // Letters that are hexadecimal digits too.
      add('a'.repeat(each), (seed) => written(seed, 'abcdef', each));
      add('1'.repeat(each), (seed) => written(seed, '1234567890', each));
    }
    found.push(number);
    return;
  }
  if (base.name === 'bytea' && n >= 0 && n <= 10_000)
    for (const each of [n, n + 1])
      for (const byte of ['1a', 'ab'])
        add(`\\x${byte.repeat(each)}`, (seed) => `\\x${written(seed, '0123456789', 2 * each)}`);
  else if (base.category === 'A' && n >= 0 && n <= 100)
    found.push(...[n, n + 1].map((each) => `{${Array(each).fill('1').join(',')}}`));
  else {
    const steps = Number.isInteger(n) ? [n, n + 1, n - 1] : [n, n + 0.01, n - 0.01];
    found.push(...steps.map(String));
    // A unique number with a lower bound: upwards from it there is room.
    if (Number.isInteger(n)) add(String(n + 1), (seed) => String(n + 1 + (seed % 30_000)));
  }
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
