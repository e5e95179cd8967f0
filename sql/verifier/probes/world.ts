/** The organizations and persons of a probe, and what each kind of role must see of them. */
import type { BoundRegistry, BoundTable } from '../../compiler/bound';
import { type SigningKey, signToken } from '../../db/token';
import type { RoleEntry, Sees, Verb } from '../../registry/types';
import { TOKEN_SECONDS } from './token';

/** Holds no grant and no assignment. */
const NOBODY = 'tenant-zero probe';

/**
 * C is ordinary too, and is there where tables are shared: who is a member there is known to most roles already.
 * A and B are ordinary, S is sensitive, O is the own tenant (sensitive too), N is an organization about to be made.
 */
export type Label = 'A' | 'B' | 'C' | 'S' | 'O' | 'N';

export interface World {
  readonly key: SigningKey;
  /** Keys as text. */
  readonly organizations: ReadonlyMap<Label, string>;
  readonly hidden: ReadonlySet<string>;
  /** The person of the staff token, with the organizations assigned; undefined: nobody could be assigned. */
  readonly staff: { readonly person: string; readonly assigned: ReadonlySet<string> } | undefined;
}

/** A row to probe with. */
export interface ProbeRow {
  /** `A`, `A, S`. */
  readonly what: string;
  readonly organizations: readonly string[];
  /** `all`: visible when all its organizations are. `any`: when one is (`through`). */
  readonly rule: 'all' | 'any';
  /** Condition that is true for this row and no other. */
  readonly where: string;
  readonly tableoid: number;
  readonly values: Readonly<Record<string, string | null>>;
}

/** Whether a role that `sees` must see rows of the organization, with the token that `tokenFor` makes. */
export function visible(world: World, sees: Sees, organization: string): boolean {
  switch (sees) {
    case 'everything':
      return true;
    case 'nothing':
      return false;
    case 'current-organization':
      return organization === world.organizations.get('A');
    case 'assigned-organizations':
      return !world.hidden.has(organization) && world.staff?.assigned.has(organization) === true;
    case 'non-sensitive':
      return !world.hidden.has(organization);
  }
}

export function rowVisible(world: World, sees: Sees, row: Pick<ProbeRow, 'organizations' | 'rule'>): boolean {
  // A row of nobody is nobody's: only a role that sees everything sees it.
  if (row.organizations.length === 0) return sees === 'everything';
  const sees1 = (organization: string) => visible(world, sees, organization);
  return row.rule === 'all' ? row.organizations.every(sees1) : row.organizations.some(sees1);
}

/** The token of a role's session: of organization A, or of the assigned person; empty where the role needs none. */
export function tokenFor(world: World, sees: Sees): string {
  const keys = { current: world.key };
  const expiresInSeconds = TOKEN_SECONDS;
  switch (sees) {
    case 'current-organization': {
      const organization = world.organizations.get('A');
      return organization === undefined
        ? ''
        : signToken(keys, { kind: 'tenant', organization, person: NOBODY, expiresInSeconds });
    }
    case 'assigned-organizations':
      return signToken(keys, { kind: 'staff', person: world.staff?.person ?? NOBODY, expiresInSeconds });
    case 'non-sensitive':
      // Nobody holds a grant under this name: the token must open nothing.
      return signToken(keys, { kind: 'support', person: NOBODY, expiresInSeconds });
    case 'everything':
    case 'nothing':
      return '';
  }
}

/** What the registry lets the role do on the table. */
export function verbsOf(bound: BoundRegistry, table: BoundTable, role: RoleEntry): readonly Verb[] {
  if (!table.isOrganizations) return table.entry.grants[role.name] ?? role.verbs;
  return bound.registry.organizations.grants[role.name] ?? (role.sees === 'nothing' ? [] : ['select']);
}
