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
}

export const ROLES_UNIT = 'roles';
export const GUARD_UNIT = 'guard';
