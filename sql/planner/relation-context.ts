/** What the differences of one relation are worked out with. */
import type { Change } from './change';

export interface RelationContext {
  readonly serverVersion: number;
  readonly printed: ReadonlyMap<string, string>;
  /** The owner that the registry names, or that the first apply found. */
  readonly wantedOwner: string | undefined;
  readonly registryRoles: ReadonlySet<string>;
  /** Policies per role stand on it, or on a table that it is a partition of. */
  readonly wasRegistered: boolean;
}

/** Takes one more change of the relation. */
export type Add = (change: Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>) => void;
