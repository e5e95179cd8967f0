/** A ledger that is as it should be, and heads of it. */
import type { Head } from '../../../../cli/audit/heads';
import type { Entry } from '../../../../cli/audit/ledger-source';
import { GENESIS, hashOf } from '../../../../cli/audit/verify-chain';

export const ZERO = '00000000-0000-4000-8000-000000000000';
const AT = 1_776_247_200_000_000;

export function entryOf(sequence: number, previous: string, more: object = {}): Entry {
  const body = {
    at: AT + sequence,
    event: 'request',
    login: 'uma@example.com',
    detail: { why: 'naïve – ☂' },
    person: null,
    persona: 'ProdEngineer',
    request: null,
    sequence,
    organization: ZERO,
    ...more,
  };
  return sealed(sequence, previous, body);
}

/** With the hash that belongs to the body. */
export function sealed(sequence: number, previous: string, body: Record<string, unknown>): Entry {
  const text = JSON.stringify(body);
  const column = (name: string) => {
    const value = body[name] ?? null;
    return value === null ? null : typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
  };
  const names = ['at', 'event', 'person', 'login', 'persona', 'organization', 'request', 'detail'];
  return {
    sequence,
    body: text,
    previous,
    hash: hashOf(previous, text),
    columns: Object.fromEntries(names.map((name) => [name, column(name)])),
  };
}

export function chainOf(length: number): Entry[] {
  const entries: Entry[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    entries.push(entryOf(sequence, entries.at(-1)?.hash ?? GENESIS));
  }
  return entries;
}

/** All hashes anew from an entry on, as somebody would who may write everything. */
export function resealed(entries: readonly Entry[]): Entry[] {
  const result: Entry[] = [];
  for (const { sequence, body } of entries) {
    result.push(sealed(sequence, result.at(-1)?.hash ?? GENESIS, JSON.parse(body)));
  }
  return result;
}

export function headOf({ sequence, hash }: Pick<Entry, 'sequence' | 'hash'>): Head {
  const name = `ledger/${String(sequence).padStart(12, '0')}.json`;
  return { sequence, hash, at: '2026-04-15T10:00:00Z', name };
}
