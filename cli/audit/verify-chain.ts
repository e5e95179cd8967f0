/**
 * Whether the ledger is what was written: every hash computed anew, here and not by the server that is being checked. Pure.
 * Ends at the first entry that is not as it should be: what follows a broken one proves nothing.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Head } from './heads';
import type { Entry } from './ledger-source';

/** What the first entry has in place of a hash before it. */
export const GENESIS = '0'.repeat(64);

export type Why =
  /** The body, its hash or the link to the entry before is another than was written. */
  | 'tampered'
  | 'missing'
  | 'reordered'
  /** The chain fits together, and is not the one whose heads were exported. */
  | 'rewritten'
  /** Entries at the end are gone that were exported. */
  | 'truncated';

export interface Break {
  /** The first sequence that is not as it should be. */
  readonly sequence: number;
  readonly why: Why;
  readonly message: string;
}

/** Takes entries one after the other, so that a ledger of any length can be checked. */
export class ChainCheck {
  private last: Pick<Entry, 'sequence' | 'hash'> = { sequence: 0, hash: GENESIS };
  private found: Break | undefined;
  private readonly heads: ReadonlyMap<number, readonly Head[]>;
  /** Of the exported heads. */
  readonly newest: Head | undefined;
  private agreed = 0;

  constructor(heads: readonly Head[]) {
    const bySequence = new Map<number, Head[]>();
    for (const head of heads) bySequence.set(head.sequence, [...(bySequence.get(head.sequence) ?? []), head]);
    this.heads = bySequence;
    this.newest = heads.reduce<Head | undefined>(
      (newest, each) => (newest && newest.sequence >= each.sequence ? newest : each),
      undefined,
    );
  }

  /** @returns whether to go on */
  add(entry: Entry): boolean {
    this.found ??= linkBreak(this.last, entry) ?? contentBreak(entry) ?? this.headBreak(entry);
    if (this.found) return false;
    this.last = entry;
    return true;
  }

  /** After the last entry. */
  finish(): {
    readonly entries: number;
    readonly headsThatAgree: number;
    readonly broken: Break | undefined;
  } {
    const { newest, last } = this;
    if (!this.found && newest && newest.sequence > last.sequence) {
      this.found = {
        sequence: last.sequence + 1,
        why: 'truncated',
        message: `the ledger ends at ${last.sequence}, but the head of ${newest.sequence} was exported at ${newest.at}`,
      };
    }
    return { entries: last.sequence, headsThatAgree: this.agreed, broken: this.found };
  }

  private headBreak({ sequence, hash }: Entry): Break | undefined {
    const heads = this.heads.get(sequence) ?? [];
    const other = heads.find((head) => head.hash !== hash);
    this.agreed += heads.length;
    if (!other) return undefined;
    return {
      sequence,
      why: 'rewritten',
      message: `its hash is ${short(hash)}, but ${other.name} was exported with ${short(other.hash)}: it, or an entry before it, was written anew`,
    };
  }
}

function linkBreak(last: Pick<Entry, 'sequence' | 'hash'>, entry: Entry): Break | undefined {
  const expected = last.sequence + 1;
  const { sequence } = entry;
  if (!Number.isSafeInteger(sequence) || sequence < expected) {
    return {
      sequence,
      why: 'reordered',
      message: `it comes after ${last.sequence}: the same sequence twice, or out of order`,
    };
  }
  if (sequence > expected) {
    const gone = sequence - 1 === expected ? `${expected} is` : `${expected} to ${sequence - 1} are`;
    return {
      sequence: expected,
      why: 'missing',
      message: `${gone} not there: the next entry is ${sequence}`,
    };
  }
  if (entry.previous === last.hash) return undefined;
  const message =
    last.sequence === 0
      ? 'it does not begin with 32 zero bytes: it is not the first entry that was written'
      : `it does not follow from ${last.sequence}: one of the two was written anew`;
  return { sequence, why: 'tampered', message };
}

function contentBreak(entry: Entry): Break | undefined {
  const { sequence } = entry;
  const tampered = (message: string): Break => ({ sequence, why: 'tampered', message });
  if (hashOf(entry.previous, entry.body) !== entry.hash) {
    return tampered('its hash is not that of its body: the body or the hash was changed');
  }
  const body = objectOf(entry.body);
  if (!body) return tampered('its body is not a JSON object');
  if (body.sequence !== sequence) {
    const message = `its body says it is entry ${String(body.sequence)}: entries were exchanged`;
    return { sequence, why: 'reordered', message };
  }
  for (const [name, value] of Object.entries(entry.columns)) {
    if (!says(body[name], value)) {
      return tampered(`column ${name} says ${value}, its body ${JSON.stringify(body[name])}`);
    }
  }
  return undefined;
}

/** `sha256(previous || utf8(body))` */
export function hashOf(previous: string, body: string): string {
  return createHash('sha256').update(Buffer.from(previous, 'hex')).update(body, 'utf8').digest('hex');
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A column holds a text as it is, and anything else as JSON. */
function says(value: unknown, column: string | null): boolean {
  if (value === null || value === undefined || column === null) return (value ?? null) === column;
  if (typeof value !== 'object') return String(value) === column;
  return isDeepStrictEqual(value, objectOf(column));
}

const short = (hash: string) => `${hash.slice(0, 12)}...`;
