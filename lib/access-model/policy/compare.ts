/** One value of a policy against one value of a request. What cannot be read as what the operator wants matches nothing. */
import { BlockList, isIP, isIPv4 } from 'node:net';
import { isMarked } from '../assembly/unresolved';
import { type Certainty, certainly } from './certainty';
import { meant } from './literal';
import type { Comparison } from './operator';
import { matches, matchesArn } from './pattern';

export function compare(comparison: Comparison, wanted: string, given: string): Certainty {
  if (isMarked(wanted)) return 'maybe';
  switch (comparison) {
    case 'StringLike':
      return matches(wanted, given);
    case 'ArnLike':
      return matchesArn(wanted, given);
    case 'StringEquals':
    case 'BinaryEquals':
      return certainly(meant(wanted) === given);
    case 'StringEqualsIgnoreCase':
    case 'Bool':
      return certainly(meant(wanted).toLowerCase() === given.toLowerCase());
    case 'IpAddress':
      return certainly(inRange(wanted, given));
    case 'Null':
      return 'no';
    default:
      return certainly(ordered(comparison, wanted, given));
  }
}

type Ordered = Exclude<
  Comparison,
  | 'StringLike'
  | 'ArnLike'
  | 'StringEquals'
  | 'BinaryEquals'
  | 'StringEqualsIgnoreCase'
  | 'Bool'
  | 'IpAddress'
  | 'Null'
>;

function ordered(comparison: Ordered, wanted: string, given: string): boolean {
  const read = comparison.startsWith('Date') ? timeOf : numberOf;
  const [right, left] = [read(wanted), read(given)];
  if (right === undefined || left === undefined) return false;
  switch (comparison) {
    case 'NumericEquals':
    case 'DateEquals':
      return left === right;
    case 'NumericLessThan':
    case 'DateLessThan':
      return left < right;
    case 'NumericLessThanEquals':
    case 'DateLessThanEquals':
      return left <= right;
    case 'NumericGreaterThan':
    case 'DateGreaterThan':
      return left > right;
    case 'NumericGreaterThanEquals':
    case 'DateGreaterThanEquals':
      return left >= right;
  }
}

function numberOf(text: string): number | undefined {
  return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

/** ISO 8601 as the W3C profiles it, or seconds since 1970. */
function timeOf(text: string): number | undefined {
  const seconds = numberOf(text);
  if (seconds !== undefined && text.trim().length > 4) return seconds * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

function inRange(range: string, address: string): boolean {
  const [network = '', length] = range.split('/');
  if (!isIP(network) || !isIP(address)) return false;
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  const bits = length === undefined ? (family === 'ipv4' ? 32 : 128) : Number(length);
  if (!Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv4' ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
