/** Who may look into which schema, and create in it. Pure. */
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident } from '../db/names';
import { type Change, GUARD_UNIT } from './change';
import { change } from './guard-context';
import type { Identity } from './identity';
import type { Observed } from './observed';

/** Who can let others into the schema: its owner, or the login itself where it holds USAGE WITH GRANT OPTION. */
function grantUsage(
  schema: string,
  owner: string,
  granted: ReadonlyMap<string, readonly string[]>,
  identity: Identity,
): Pick<Change, 'as'> & Partial<Change> {
  if (identity.superuser || identity.canSet.has(owner) || identity.inherits.has(owner)) return { as: owner };
  if (granted.get(identity.login)?.includes('USAGE*')) return { as: undefined };
  return {
    as: undefined,
    needs: `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(identity.login)} WITH GRANT OPTION`,
  };
}

export function diffUsage(desired: Desired, observed: Observed, identity: Identity, changes: Change[]): void {
  const managed = new Set(desired.roles.map((role) => role.name));
  for (const [schema, roles] of desired.usage) {
    const actual = observed.schemas.get(schema);
    const owner = actual?.owner ?? GUARD_OWNER;
    const granted = new Map((actual?.grants ?? []).map((grant) => [grant.role, grant.privileges]));
    const mayGrant =
      actual === undefined ||
      identity.superuser ||
      identity.canSet.has(owner) ||
      identity.inherits.has(owner);
    const missing = roles.filter(
      (role) =>
        role !== owner &&
        !granted.get(role)?.includes('USAGE') &&
        // What PUBLIC has is enough where the schema is somebody else's: an extension's, `public` of a managed server.
        (mayGrant || !granted.get('PUBLIC')?.includes('USAGE')),
    );
    const as = schema === 'guard' || schema === 'vault' ? GUARD_OWNER : owner;
    const grant = (grantees: readonly string[], given: Partial<Change>) => {
      if (grantees.length === 0) return;
      const usage = grantUsage(schema, owner, granted, identity);
      const sql = [`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${grantees.map(ident).join(', ')}`];
      changes.push(
        change(GUARD_UNIT, {
          kind: 'grant',
          action: 'add',
          name: `USAGE on schema ${schema}`,
          ...(schema === 'guard' || schema === 'vault' ? { as } : usage),
          sql,
          ...given,
        }),
      );
    };
    if (schema === 'guard' || schema === 'vault') grant(missing, { after: roles.join(', ') });
    else {
      // Helper functions need theirs before they are made. Everybody else is let into a product schema once its tables
      // are closed: a role may hold grants there from before, which only this keeps it from using.
      const others = missing.filter((role) => role !== GUARD_OWNER);
      if (others.length < missing.length)
        grant([GUARD_OWNER], { name: `USAGE on schema ${schema} to ${GUARD_OWNER}`, after: GUARD_OWNER });
      for (const role of others)
        grant([role], { name: `USAGE on schema ${schema} to ${role}`, after: role, phase: 'open' });
    }
  }
  for (const [name, schema] of observed.schemas) {
    const ours = name === 'guard' || name === 'vault';
    const wanted = desired.usage.get(name) ?? [];
    for (const grant of schema.grants) {
      // CREATE lets a role put objects where others look names up. USAGE that nobody asked for matters only in our own schemas.
      const extra = grant.privileges.filter((each) =>
        each.startsWith('CREATE') ? ours || managed.has(grant.role) : ours && !wanted.includes(grant.role),
      );
      if (extra.length === 0) continue;
      const who = grant.role === 'PUBLIC' ? 'PUBLIC' : ident(grant.role);
      changes.push(
        change(GUARD_UNIT, {
          kind: 'grant',
          action: 'remove',
          name: `${extra.join(', ')} on schema ${name} to ${grant.role}`,
          before: grant.privileges.join(', '),
          as: schema.owner,
          sql: [
            `REVOKE ${extra.map((each) => each.replace('*', '')).join(', ')} ON SCHEMA ${ident(name)} FROM ${who} CASCADE`,
          ],
        }),
      );
    }
  }
}
