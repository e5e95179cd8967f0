/** The difference between registry and database. Everything is read in one transaction that is rolled back. */
import type { ClientBase } from 'pg';
import { bind } from '../compiler/bind';
import type { BoundRegistry } from '../compiler/bound';
import { compile } from '../compiler/compile';
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER, isOurs } from '../compiler/our-names';
import { CommandError } from '../db/errors';
import { ident } from '../db/names';
import { RegistryInvalid } from '../registry/load';
import type { Registry } from '../registry/types';
import type { Change } from './change';
import { diffGuard, diffRoles } from './diff-guard';
import { diffRelation } from './diff-relation';
import { type HiddenList, hiddenListChanges, observeHiddenList } from './hidden-list';
import { type Identity, readIdentity, setRoleStatement } from './identity';
import { type Impact, impact } from './impact';
import { observe } from './observe';
import type { Observed } from './observed';
import { printAll } from './printed';

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
  // Names print with their schema, and nobody's search path decides what a name means.
  await client.query(`SET LOCAL search_path = ''`);
  const identity = await readIdentity(client);
  const result = await bind(client, registry);
  if ('problems' in result) throw new RegistryInvalid(result.problems);
  const { bound } = result;
  const desired = compile(bound);
  const observed = await observe(client, desired);
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
  if (observed.state && observed.state.keyType !== bound.key.type) {
    throw new CommandError(
      'key-type-changed',
      `the organization key was ${observed.state.keyType} when the registry was first applied, and is ${bound.key.type} now`,
      'drop the schema guard with CASCADE in a maintenance window, then apply again: its functions return the old type',
    );
  }
  const memory = options.useMemory === false ? {} : (observed.state?.printed ?? {});
  const setRole = async (role: string) => {
    await client.query(role === 'none' ? 'RESET ROLE' : setRoleStatement(identity, role));
  };
  // Before the first apply there is nothing of ours to compare with, and no helper that an expression could name.
  const installed = observed.state !== undefined;
  const printed = installed
    ? await printAll(client, desired, bound.serverVersion, memory, setRole)
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
    identity,
    appliers: bound.registry.appliers,
  };
  const registryRoles = new Set(desired.roles.map((role) => role.name));
  const relations = desired.relations.flatMap((relation) => {
    const actual = observed.relations.get(relation.relation.oid);
    if (!actual) throw new TypeError(`${relation.relation.text} was not observed`);
    const remembered = observed.state?.owners[relation.relation.text];
    const wantedOwner =
      relation.mode === 'registered' || relation.mode === 'child'
        ? (bound.registry.owner ?? remembered)
        : remembered;
    return diffRelation(relation, actual, {
      serverVersion: bound.serverVersion,
      printed,
      wantedOwner,
      registryRoles,
    });
  });
  const changes = [
    ...diffRoles(desired, observed, guard),
    ...diffGuard(desired, observed, guard),
    ...hiddenListChanges(bound, hidden),
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
    impact: impact(bound, desired, observed, changes),
  };
}
