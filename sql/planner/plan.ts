/** The difference between registry and database. Everything is read in one transaction that is rolled back. */
import type { ClientBase } from 'pg';
import { bind } from '../compiler/bind';
import type { BoundRegistry, Relation } from '../compiler/bound';
import { compile } from '../compiler/compile';
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER, isOurs } from '../compiler/our-names';
import { CommandError, sqlstate } from '../db/errors';
import { ident } from '../db/names';
import { RegistryInvalid } from '../registry/load';
import type { Registry } from '../registry/types';
import type { Change } from './change';
import { closeRelinked } from './closing';
import { hasRolePolicies } from './diff-excluded';
import { diffGuard } from './diff-guard';
import { diffRelation } from './diff-relation';
import { diffRoles } from './diff-roles';
import { type HiddenList, hiddenListChanges, observeHiddenList } from './hidden-list';
import { AS_LOGIN, type Identity, OWN_SETTINGS, readIdentity, setRoleStatement } from './identity';
import { type Impact, impact } from './impact';
import { observe } from './observe';
import type { Observed } from './observed';
import { ownerKey } from './owner-memory';
import { printAll } from './printed';
import { retireRoles } from './retired-roles';

export interface Plan {
  readonly changes: readonly Change[];
  readonly impact: readonly Impact[];
  /** What belongs to others and stays: policies by relation. */
  readonly leftAlone: readonly { relation: string; policies: readonly string[] }[];
  readonly bound: BoundRegistry;
  readonly desired: Desired;
  readonly observed: Observed;
  readonly identity: Identity;
  readonly printed: ReadonlyMap<string, string>;
}

export interface PlanOptions {
  /** Believe what the last apply wrote down about printed expressions. Verification does not. */
  readonly useMemory?: boolean;
  /** The plan will make this login a member of `guard_owner`; until then it cannot read what was applied. */
  readonly joining?: boolean;
}

/** Reads and compares; nothing is changed. Throws RegistryInvalid when the registry names what is not there. */
export async function plan(client: ClientBase, registry: Registry, options: PlanOptions = {}): Promise<Plan> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    return await readPlan(client, registry, options);
  } finally {
    await client.query('ROLLBACK');
  }
}

async function readPlan(client: ClientBase, registry: Registry, options: PlanOptions): Promise<Plan> {
  await client.query(OWN_SETTINGS);
  const identity = await readIdentity(client);
  const result = await bind(client, registry);
  if ('problems' in result) throw new RegistryInvalid(result.problems);
  const { bound } = result;
  const compiled = compile(bound);
  const observed = await observe(client, compiled);
  const desired = retireRoles(compiled, observed);
  if (
    observed.state === undefined &&
    !options.joining &&
    observed.tables.some(({ schema, name }) => schema === 'guard' && name === 'state')
  ) {
    throw new CommandError(
      'missing-privilege',
      `login ${identity.login} cannot read what was applied to this database`,
      `as an administrator: GRANT ${GUARD_OWNER} TO ${ident(identity.login)}; or run rls apply, which does it where this login may`,
    );
  }
  if (observed.state && !observed.state.damage && observed.state.keyType !== bound.key.type) {
    throw new CommandError(
      'key-type-changed',
      `the organization key was ${observed.state.keyType} when the registry was first applied, and is ${bound.key.type} now`,
      `in a maintenance window ${registry.organizations.sensitive.kind === 'managed' ? 'save guard.sensitive_organizations, which stands nowhere else, ' : ''}drop the schema guard with CASCADE, and apply again: its functions return the old type. Until then nobody is shown anything`,
    );
  }
  // Believed only where the same registry was applied completely: whatever else happened is looked at afresh.
  const memory =
    options.useMemory === false || observed.state?.registryHash !== registry.hash
      ? {}
      : observed.state.printed;
  const setRole = async (role: string) => {
    await client.query(role === 'none' ? AS_LOGIN : setRoleStatement(identity, role));
  };
  // Before the first apply there is nothing of ours to compare with, and no helper that an expression could name.
  const installed = observed.state !== undefined && observed.state.damage !== 'unreadable';
  const printed = installed
    ? await printAll(client, desired, bound.serverVersion, memory, setRole).catch((error: unknown) => {
        throw withoutScratch(error, identity, bound.database);
      })
    : new Map<string, string>();
  const hidden = await observeHiddenList(client, bound, observed, setRole);
  return {
    ...compare(bound, desired, observed, printed, identity, hidden),
    bound,
    desired,
    observed,
    identity,
    printed,
  };
}

/** Expressions are printed on tables in a schema of their own, which is rolled back. */
function withoutScratch(error: unknown, identity: Identity, database: string): unknown {
  if (identity.createSchema || sqlstate(error) !== '42501') return error;
  return new CommandError(
    'missing-privilege',
    `login ${identity.login} cannot compare expressions: it lacks CREATE on the database`,
    `as an administrator: GRANT CREATE ON DATABASE ${ident(database)} TO ${ident(identity.login)}`,
    'user',
    error,
  );
}

function compare(
  bound: BoundRegistry,
  desired: Desired,
  observed: Observed,
  printed: ReadonlyMap<string, string>,
  identity: Identity,
  hidden: HiddenList,
): Pick<Plan, 'changes' | 'impact' | 'leftAlone'> {
  const guard = {
    serverVersion: bound.serverVersion,
    printed,
    database: bound.database,
    keyType: bound.key.type,
    identity,
    appliers: bound.registry.appliers,
    administrators: bound.registry.administrators,
  };
  // Retired roles too: whoever has an entry is the engine's to grant to and take from.
  const registryRoles = new Set([
    ...desired.roles.map((role) => role.name),
    ...desired.relations.flatMap((relation) => [...relation.grants.keys()]),
  ]);
  const byOid = new Map(desired.relations.map(({ relation }) => [relation.oid, relation]));
  const wasRegistered = (relation: Relation): boolean =>
    hasRolePolicies(observed.relations.get(relation.oid)) ||
    relation.parents.some((oid) => {
      const parent = byOid.get(oid);
      return parent !== undefined && wasRegistered(parent);
    });
  const relations = desired.relations.flatMap((relation) => {
    const actual = observed.relations.get(relation.relation.oid);
    if (!actual) throw new TypeError(`${relation.relation.text} was not observed`);
    const remembered = observed.state?.owners[ownerKey(relation.relation)];
    const wantedOwner =
      relation.mode === 'registered' || relation.mode === 'child'
        ? (bound.registry.owner ?? remembered)
        : remembered;
    return diffRelation(relation, actual, {
      serverVersion: bound.serverVersion,
      printed,
      wantedOwner,
      registryRoles,
      wasRegistered: wasRegistered(relation.relation),
    });
  });
  const changes = [
    ...diffRoles(desired, observed, guard),
    ...diffGuard(desired, observed, guard),
    ...hiddenListChanges(bound, hidden),
    ...closeRelinked(desired, observed, relations),
    ...relations,
  ];
  const leftAlone = desired.relations
    .filter((relation) => relation.rowSecurity)
    .map((relation) => ({
      relation: relation.relation.text,
      policies: (observed.relations.get(relation.relation.oid)?.policies ?? [])
        .map((policy) => policy.name)
        .filter(
          (name) =>
            !isOurs(name) &&
            !changes.some(
              (each) =>
                each.kind === 'foreign-policy' && each.unit === relation.relation.text && each.name === name,
            ),
        ),
    }))
    .filter(({ policies }) => policies.length > 0);
  return {
    changes,
    leftAlone,
    impact: impact(bound, desired, observed, changes, identity),
  };
}
