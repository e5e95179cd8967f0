/** Runs a plan: one transaction per unit, closing before opening, resumable at every point. */
import type { ClientBase } from 'pg';
import { GUARD_OWNER } from '../compiler/our-names';
import { CommandError, sqlstate } from '../db/errors';
import { type Change, GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import { fillHiddenList } from '../planner/hidden-list';
import { readIdentity, setRoleStatement } from '../planner/identity';
import { type Plan, plan } from '../planner/plan';
import type { Registry } from '../registry/types';
import { DEFAULT_PATIENCE, type LockPatience, withApplyLock, withRetries } from './lock';
import { preflight } from './preflight';
import { remember } from './remember';

export type Progress =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'planned'; readonly units: number; readonly changes: number }
  | { readonly kind: 'unit'; readonly unit: string; readonly index: number; readonly of: number }
  | { readonly kind: 'retry'; readonly unit: string; readonly attempt: number };

export interface ApplyOptions {
  /** Relations as `schema.name`: these only, with what they depend on. */
  readonly only?: readonly string[];
  readonly patience?: LockPatience;
  readonly progress?: (event: Progress) => void;
}

export interface ApplyReport {
  /** What was changed. */
  readonly applied: readonly Change[];
  /** What is still to do: manual changes, and tables left out by `only`. */
  readonly remaining: readonly Change[];
  /** The plan after applying. */
  readonly plan: Plan;
  readonly registryHash: string;
}

/** Brings the database to what the registry says. Throws before the first change when anything is missing. */
export async function apply(
  client: ClientBase,
  registry: Registry,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const progress = options.progress ?? (() => undefined);
  return withApplyLock(
    client,
    () => progress({ kind: 'waiting' }),
    async () => {
      let before = await plan(client, registry, { joining: true });
      preflight(before);
      const roles = await applyRoles(client, registry, before, options);
      before = roles.plan;
      const wanted = select(before, options.only);
      const todo = wanted.filter((change) => change.sql.length > 0 && change.unit !== ROLES_UNIT);
      const units = [...new Set(todo.map((change) => change.unit))];
      progress({ kind: 'planned', units: units.length, changes: todo.length });
      if (todo.length === 0) {
        if (before.changes.length === 0) await remember(client, before, registry);
        return {
          applied: roles.applied,
          remaining: before.changes,
          plan: before,
          registryHash: registry.hash,
        };
      }
      for (const [index, unit] of units.entries()) {
        progress({ kind: 'unit', unit, index: index + 1, of: units.length });
        await runUnit(client, before, unit, todo, options.patience ?? DEFAULT_PATIENCE, (attempt) =>
          progress({ kind: 'retry', unit, attempt }),
        );
      }
      // Read back without believing anything: what the catalog says now is the result.
      const after = await plan(client, registry, { useMemory: false });
      await remember(client, after, registry);
      return {
        applied: [...roles.applied, ...todo],
        remaining: after.changes,
        plan: after,
        registryHash: registry.hash,
      };
    },
  );
}

/**
 * Roles come first, and they belong to the whole cluster: an applier of another database may make the same one at the
 * same moment. That one is as good as ours; the next look says what is left.
 */
async function applyRoles(
  client: ClientBase,
  registry: Registry,
  first: Plan,
  options: ApplyOptions,
): Promise<{ plan: Plan; applied: Change[] }> {
  const applied: Change[] = [];
  let current = first;
  for (let attempt = 1; ; attempt++) {
    const todo = current.changes.filter((change) => change.unit === ROLES_UNIT && change.sql.length > 0);
    if (todo.length === 0) return { plan: current, applied };
    options.progress?.({ kind: 'unit', unit: ROLES_UNIT, index: 1, of: 1 });
    try {
      await runUnit(client, current, ROLES_UNIT, todo, options.patience ?? DEFAULT_PATIENCE, () => undefined);
      applied.push(...todo);
    } catch (error) {
      const code = sqlstate((error as { cause?: unknown }).cause);
      if (attempt >= 10 || (code !== '42710' && code !== '23505')) throw error;
    }
    current = await plan(client, registry, { joining: true });
    if (attempt >= 10) return { plan: current, applied };
  }
}

async function runUnit(
  client: ClientBase,
  before: Plan,
  unit: string,
  todo: readonly Change[],
  patience: LockPatience,
  retrying: (attempt: number) => void,
): Promise<void> {
  const changes = todo.filter((change) => change.unit === unit);
  try {
    await withRetries(client, patience, unit, retrying, async () => {
      // The first units create roles and memberships: what this login may become is read each time.
      const identity = await readIdentity(client);
      for (const change of changes) {
        await client.query(change.as === undefined ? 'RESET ROLE' : setRoleStatement(identity, change.as));
        for (const sql of change.sql) await client.query(sql);
      }
      if (unit === before.bound.organizations.relation.text) {
        await client.query('RESET ROLE');
        await client.query(`SET LOCAL ROLE ${GUARD_OWNER}`);
        for (const sql of fillHiddenList(before.bound)) await client.query(sql);
      }
    });
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const { code, message } = error as { code?: string; message: string };
    throw new CommandError(
      'apply-failed',
      `${unit}: ${message}${code ? ` (${code})` : ''}`,
      'nothing of this table was changed; mend the cause and run apply again',
      'user',
      error,
    );
  }
}

/** The units of `only`, and what they rest on: roles, guard, the organizations table, the tables they are seen through. */
function select(before: Plan, only: readonly string[] | undefined): readonly Change[] {
  if (only === undefined) return before.changes;
  const known = new Map(before.desired.relations.map((relation) => [relation.relation.text, relation]));
  const unknown = only.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new CommandError(
      'unknown-table',
      `no such table: ${unknown.join(', ')}`,
      'name tables as `rls status` prints them: schema.name',
    );
  const units = new Set<string>([ROLES_UNIT, GUARD_UNIT, before.bound.organizations.relation.text]);
  const visit = (name: string): void => {
    units.add(name);
    const table = before.bound.tables.find((each) => each.relation.text === name);
    for (const child of table?.children ?? []) units.add(child.text);
    if (table?.link && !units.has(table.link.relation.text)) visit(table.link.relation.text);
  };
  for (const name of only) visit(name);
  return before.changes.filter((change) => units.has(change.unit));
}
