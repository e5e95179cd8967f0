/** Writes down what was applied, when that is news. A later plan is faster for it and knows an owner who changed. */
import type { ClientBase } from 'pg';
import { GUARD_OWNER } from '../compiler/our-names';
import { withTransaction } from '../db/transaction';
import { OWN_SETTINGS, setRoleStatement } from '../planner/identity';
import { ownerKey } from '../planner/owner-memory';
import type { Plan } from '../planner/plan';
import { retiredRoles } from '../planner/retired-roles';
import type { Registry } from '../registry/types';

/** Whatever is not named here stays: other keys of `detail` belong to others. */
export async function remember(client: ClientBase, plan: Plan, registry: Registry): Promise<void> {
  const state = plan.observed.state;
  // A foundation that failed: there is nothing to write into.
  if (!state) return;
  const owners = rememberedOwners(plan);
  const printed = Object.fromEntries([...plan.printed].sort(([a], [b]) => (a < b ? -1 : 1)));
  const roles = managedRoles(plan);
  const complete = plan.changes.length === 0 ? registry.hash : undefined;
  const news =
    complete !== state.registryHash ||
    // By entry: jsonb keeps keys in an order of its own.
    !sameEntries(owners, state.owners) ||
    !sameEntries(printed, state.printed) ||
    roles.join('\n') !== [...state.roles].join('\n');
  if (!news) return;
  await write(client, plan, complete, { owners, printed, roles });
}

/**
 * Before the first change: from here on the database is not what any registry says, and if we die on the way that is
 * what `guard.state` must say.
 */
export async function forget(client: ClientBase, plan: Plan): Promise<void> {
  if (plan.observed.state?.registryHash === undefined) return;
  // What is about to be taken away from retired roles is known by their names, so those must be kept first.
  await write(client, plan, undefined, { roles: managedRoles(plan) });
}

async function write(
  client: ClientBase,
  plan: Plan,
  complete: string | undefined,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await withTransaction(client, async () => {
    // A login may have a search path in which `||` is somebody else's, and this runs as the owner of the guard.
    await client.query(`${OWN_SETTINGS}; ${setRoleStatement(plan.identity, GUARD_OWNER)}`);
    await client.query(
      `UPDATE guard.state SET registry_hash = $1, applied_at = pg_catalog.statement_timestamp(), applied_by = session_user,
              detail = detail OPERATOR(pg_catalog.||) $2::pg_catalog.jsonb`,
      [complete ?? null, JSON.stringify(detail)],
    );
  });
}

/** An owner is remembered when the protection of its table was first complete; from then on a change is drift. */
function rememberedOwners(plan: Plan): Record<string, string> {
  const state = plan.observed.state;
  const unfinished = new Set(plan.changes.map((change) => change.unit));
  return Object.fromEntries(
    plan.desired.relations
      .filter(({ rowSecurity }) => rowSecurity)
      .map(({ relation }) => ({ relation, key: ownerKey(relation) }))
      .filter(({ relation, key }) => !unfinished.has(relation.text) || state?.owners[key] !== undefined)
      .map(({ relation, key }) => [key, state?.owners[key] ?? relation.owner]),
  );
}

/** Those of the registry, and those that it no longer names as long as they hold something. */
function managedRoles({ desired, observed }: Plan): string[] {
  const holders = new Set(
    [...observed.relations.values()].flatMap(({ grants, columnGrants, sequences }) =>
      [...grants, ...columnGrants, ...sequences.flatMap((each) => each.grants)].map(({ role }) => role),
    ),
  );
  const retired = [...retiredRoles(desired, observed)].filter((role) => holders.has(role));
  return [...new Set([...desired.roles.map(({ name }) => name), ...retired])].sort();
}

function sameEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
