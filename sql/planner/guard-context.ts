/** What the differences of roles and guard are worked out with. */
import { GUARD_OWNER } from '../compiler/our-names';
import { type Change, GUARD_UNIT } from './change';
import type { Identity } from './identity';

export interface GuardContext {
  readonly serverVersion: number;
  readonly printed: ReadonlyMap<string, string>;
  readonly database: string;
  /** Type of the organization key. */
  readonly keyType: string;
  /** The login that applies. */
  readonly identity: Identity;
  readonly appliers: readonly string[];
  readonly administrators: readonly string[];
}

/** A change with what is usual left out. */
export type Given = Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>;

/** A change of `unit`; those of the guard run as its owner unless they say otherwise. */
export const change = (unit: string, given: Given): Change => ({
  unit,
  before: undefined,
  after: undefined,
  note: undefined,
  as: unit === GUARD_UNIT ? GUARD_OWNER : undefined,
  ...given,
});
