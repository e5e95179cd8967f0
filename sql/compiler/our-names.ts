/** Names of what the engine puts into a database. A name never changes its meaning: databases in use carry them. */
import { createHash } from 'node:crypto';

/** NOLOGIN; owns `guard`, `vault` and everything in them. */
export const GUARD_OWNER = 'guard_owner';

/** Transaction-local setting that carries the signed tenant token. */
export const TOKEN_SETTING = 'tenant_zero.token';

/** Transaction-local setting that names the one organization whose sensitive flag is about to change. */
export const FLAG_SETTING = 'tenant_zero.sensitive_change';

/** Setting of a support shell's session: the secret that its ticket was redeemed for. */
export const SESSION_SETTING = 'tenant_zero.session';

/** Setting that names the one organization whose rows are being counted. */
export const COUNTING_SETTING = 'tenant_zero.counting';

export const OWNER_POLICY = 'tenant_zero_owner';
export const OWNER_RESTRICT_POLICY = 'tenant_zero_owner_restrict';
/** Lets `guard_owner` read what a helper function needs: assignments, the one organization whose flag changes. */
export const GUARD_POLICY = 'tenant_zero_guard';
export const TRUNCATE_TRIGGER = 'tenant_zero_truncate';
/** After every writing statement: its transaction must not have become read-only while it ran. */
export const READ_ONLY_TRIGGER = 'tenant_zero_read_only';
/** Begins with `zz_`: BEFORE triggers fire by name, and this one must see what the product's triggers did. */
export const MOVE_TRIGGER = 'zz_tenant_zero_organization';
export const SHARE_TRIGGER = 'zz_tenant_zero_share';
export const FLAG_TRIGGER = 'zz_tenant_zero_flag';
export const SYNC_TRIGGER = 'tenant_zero_sync';

/** Ours are the policies and triggers with these prefixes, whatever else is in the database. */
export const OUR_PREFIXES = ['tenant_zero_', 'zz_tenant_zero_'] as const;
export function isOurs(name: string): boolean {
  return OUR_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** A policy that lets a role of the registry see rows, or holds it back. */
export function isRolePolicy(name: string): boolean {
  return (
    name.startsWith('tenant_zero_permit_') ||
    name.startsWith('tenant_zero_restrict_') ||
    name === GUARD_POLICY
  );
}

/** PostgreSQL cuts identifiers at 63 bytes; a long role name ends in a hash instead of being cut to a collision. */
function shortened(prefix: string, role: string): string {
  const name = `${prefix}${role}`;
  if (Buffer.byteLength(name) <= 63) return name;
  const tail = createHash('sha256').update(role).digest('hex').slice(0, 12);
  let head = name;
  while (Buffer.byteLength(head) > 50) head = head.slice(0, -1);
  return `${head}_${tail}`;
}

export const permitPolicy = (role: string): string => shortened('tenant_zero_permit_', role);
export const restrictPolicy = (role: string): string => shortened('tenant_zero_restrict_', role);
