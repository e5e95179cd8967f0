/** What the two ways to the database have in common: one snapshot, several statements. */
import type { Row, Statement, Value } from './statements';

export interface Session {
  rows(statement: Statement, values: Readonly<Record<string, Value>>): Promise<readonly Row[]>;
}

export interface Connection {
  /** Read-only, and every statement in it sees the same state. */
  snapshot<T>(use: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The answer is larger than the way to the database carries: ask for fewer rows. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

export const READ_ONLY = 'set transaction isolation level repeatable read, read only';
