/**
 * Membership of one role in another, on every version. Since PostgreSQL 16 it has options: SET, INHERIT, ADMIN. Before,
 * a member may always SET ROLE, whether it inherits is an attribute of the member, and CREATEROLE administers every role
 * that is no superuser's.
 */
import { ident } from './names';

const WITH_OPTIONS = 160000;

export function hasMembershipOptions(serverVersion: number): boolean {
  return serverVersion >= WITH_OPTIONS;
}

/** What to ask `pg_has_role` for, to know whether SET ROLE works. */
export function settingRole(serverVersion: number): 'SET' | 'MEMBER' {
  return hasMembershipOptions(serverVersion) ? 'SET' : 'MEMBER';
}

/** The right to become `role`, without holding what it may until then. `member` is SQL: an identifier or CURRENT_USER. */
export function grantSet(role: string, member: string, serverVersion: number): string {
  const options = hasMembershipOptions(serverVersion) ? ' WITH INHERIT FALSE, SET TRUE' : '';
  return `GRANT ${ident(role)} TO ${member}${options}`;
}
