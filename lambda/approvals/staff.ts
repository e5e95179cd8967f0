/** From the login that AWS vouches for to the person that the database knows. */
import type { ClientBase } from 'pg';
import type { RequestView } from '../../sql/approvals/views';
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

/**
 * Whoever asked, at the moment at which it would be granted.
 *
 * @throws {Refusal} `requester-may-not`
 */
export async function mustStillBe(
  client: ClientBase,
  { person, login, kind }: Pick<RequestView, 'person' | 'login' | 'kind'>,
): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `select is_active and case $2 when 'approver' then kind = 'approver' else can_see_sensitive end as may
     from access.staff where id::text = $1`,
    [person, kind],
  );
  if (rows[0]?.may) return;
  throw new Refusal(
    'requester-may-not',
    `${login} may not be given this any more: not active, or not allowed to see sensitive organizations`,
    'Deny the request, or ask an administrator: people and what they may see stand in access.staff.',
  );
}
