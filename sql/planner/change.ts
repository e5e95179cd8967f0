/** A plan is a list of these: comparable, printable, and with the SQL that makes the change. */

export type ChangeKind =
  | 'role'
  | 'membership'
  | 'setting'
  | 'connect'
  | 'schema'
  | 'table'
  | 'function'
  | 'hidden-list'
  | 'owner'
  | 'row-security'
  | 'policy'
  | 'foreign-policy'
  | 'trigger'
  | 'grant';

export interface Change {
  /** `roles`, `guard`, or a relation as `schema.name`: what is changed in one transaction. */
  readonly unit: string;
  readonly kind: ChangeKind;
  readonly action: 'add' | 'change' | 'remove';
  /** What, within the unit: `policy tenant_zero_permit_app`. */
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Empty: the engine does not do this by itself; `note` says who must. */
  readonly sql: readonly string[];
  /** The role that runs the SQL; undefined: the applying login itself. */
  readonly as: string | undefined;
  readonly note: string | undefined;
  /** When it is run, where that is not with the rest of its unit. */
  readonly phase?: Phase;
  /** What an administrator must run before the applying login can do this; nothing is applied before. */
  readonly needs?: string;
}

/**
 * - `close`: before everything else, for all tables: takes away, and needs no heavy lock.
 * - `open`: after all tables: whoever is let in then finds them closed.
 * - `after`: once nothing uses it any more.
 */
export type Phase = 'close' | 'open' | 'after';

export const ROLES_UNIT = 'roles';
export const GUARD_UNIT = 'guard';
