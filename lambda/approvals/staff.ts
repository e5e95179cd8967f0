/** From the login that AWS vouches for to the person that the database knows. */
import type { ClientBase } from 'pg';
import { Refusal } from './errors';
import type { Principal } from './identity/arn';

export interface Staff {
  /** Id in `access.staff`. */
  readonly person: string;
  readonly kind: string;
  readonly maySeeSensitive: boolean;
}

const ASK_AN_ADMINISTRATOR = 'Ask an administrator: people and what they may see stand in access.staff.';

/** @throws {Refusal} `staff-unknown`, `staff-inactive`, `staff-no-approver` */
export async function staffOf(client: ClientBase, { login, persona }: Principal): Promise<Staff> {
  const { rows } = await client.query<{
    id: string;
    kind: string;
    is_active: boolean;
    can_see_sensitive: boolean;
  }>('select id::text, kind, is_active, can_see_sensitive from access.staff where email_key = $1', [login]);
  const [found, another] = rows;
  if (found === undefined || another !== undefined) {
    throw new Refusal('staff-unknown', `nobody of our staff has the login ${login}`, ASK_AN_ADMINISTRATOR);
  }
  if (!found.is_active) {
    throw new Refusal('staff-inactive', `${login} is not active any more`, ASK_AN_ADMINISTRATOR);
  }
  // Two lists must agree: the permission set, and ours.
  if (persona === 'SensitiveApprover' && found.kind !== 'approver') {
    throw new Refusal('staff-no-approver', `${login} is no approver of ours`, ASK_AN_ADMINISTRATOR);
  }
  return { person: found.id, kind: found.kind, maySeeSensitive: found.can_see_sensitive };
}

/** @throws {Refusal} `person-may-not-see` */
export function mustMaySee({ maySeeSensitive }: Staff, login: string): void {
  if (maySeeSensitive) return;
  throw new Refusal(
    'person-may-not-see',
    `${login} may not be granted access to sensitive organizations`,
    ASK_AN_ADMINISTRATOR,
  );
}
