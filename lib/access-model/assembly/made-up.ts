/** Identifiers that AWS would make up at random: made up here from the names, so that the same assembly gives the same ones. */
import { createHash } from 'node:crypto';

const DIGITS = '0123456789';
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SMALL = CAPITALS.toLowerCase();

export interface MadeUp {
  hex(length: number): string;
  uuid(): string;
  digits(length: number): string;
  /** A-Z and 0-9, as in resource ids of RDS. */
  capitals(length: number): string;
  /** a-z and 0-9. */
  small(length: number): string;
  /** A-Z, a-z and 0-9, as at the end of a secret's ARN. */
  letters(length: number): string;
}

/** All of one seed are beginnings of the same hash: no longer than 32 characters are asked for. */
export function madeUp(seed: string): MadeUp {
  const hash = createHash('sha256').update(seed).digest();
  const hex = hash.toString('hex');
  const from = (alphabet: string) => (length: number) =>
    [...hash.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return {
    hex: (length) => hex.slice(0, length),
    uuid: () => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
    digits: from(DIGITS),
    capitals: from(CAPITALS + DIGITS),
    small: from(SMALL + DIGITS),
    letters: from(CAPITALS + SMALL + DIGITS),
  };
}
