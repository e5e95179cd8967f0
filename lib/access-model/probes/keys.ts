/**
 * Values of a condition key that tell two policies apart: what the conditions name, and what lies just beside it. Between
 * two such values no answer changes.
 */
import { isIPv4 } from 'node:net';
import { isMarked } from '../assembly/unresolved';
import type { Context } from '../policy/context';
import type { Condition } from '../policy/document';
import { meant } from '../policy/pattern';
import { substitute } from '../policy/variables';

/** A value that no policy names. */
const OTHER = 'any-other-value';

/** @returns the first is that the key is absent */
export function witnessValues(conditions: readonly Condition[], context: Context): (readonly string[])[] {
  const single = new Set<string>();
  for (const { operator, values } of conditions) {
    for (const value of values) {
      const text = substitute(value, context);
      if (text === undefined || isMarked(text)) continue;
      for (const each of around(operator.comparison ?? '', text)) single.add(each);
    }
    if (operator.comparison === 'Bool') for (const each of ['true', 'false']) single.add(each);
    else if (!/^(Numeric|Date|IpAddress)/.test(operator.comparison ?? '')) single.add(OTHER);
  }
  const all = [...single];
  // A key of several values: all that are named, and each beside one that is not.
  const isList = conditions.some(({ operator }) => operator.quantifier !== undefined);
  const lists =
    isList && all.length > 1
      ? [all.filter((each) => each !== OTHER), ...all.map((each) => [each, OTHER])]
      : [];
  return [[], ...all.map((each) => [each]), ...lists.filter((list) => new Set(list).size > 1)];
}

function around(comparison: string, value: string): string[] {
  if (comparison.startsWith('Numeric')) return [-1, 0, 1].map((by) => String(Number(value) + by));
  if (comparison.startsWith('Date')) return datesAround(value);
  if (comparison === 'IpAddress') return addressesAround(value);
  if (comparison === 'Null' || comparison === 'Bool') return [];
  if (comparison === 'StringLike' || comparison === 'ArnLike') return instances(value);
  return [meant(value)];
}

/** Nothing, one character, and several for a `*`: patterns that differ do so at one of them. */
function instances(pattern: string): string[] {
  const fillers = /\*/.test(pattern) ? ['x', '', 'x/y.z-1'] : ['x'];
  return fillers.map((filler) => meant(pattern.replaceAll('?', 'x').replaceAll('*', filler)));
}

function datesAround(value: string): string[] {
  const time = /^\d{5,}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  if (Number.isNaN(time)) return [];
  return [-1000, 0, 1000].map((by) => new Date(time + by).toISOString());
}

/** First and last of a network, and the neighbours of both. */
function addressesAround(range: string): string[] {
  const [network = '', length = '32'] = range.split('/');
  // Of the sixth version only what is named, and an address of documentation.
  if (!isIPv4(network)) return [network, '2001:db8::77'];
  const number = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(number / size) * size;
  const found = [first, first + size - 1, first - 1, first + size];
  return [...found.filter((each) => each >= 0 && each < 2 ** 32).map(dotted), '203.0.113.77'];
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
