/** Runs a plan: one transaction per unit, closing before opening, resumable at every point. */
import type { ClientBase } from 'pg';
import { GUARD_OWNER } from '../compiler/our-names';
import { CommandError } from '../db/errors';
import { ident } from '../db/names';
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
      const before = await plan(client, registry);
      preflight(before);
      const wanted = select(before, options.only);
      const todo = wanted.filter((change) => change.sql.length > 0);
      const units = [...new Set(todo.map((change) => change.unit))];
      progress({ kind: 'planned', units: units.length, changes: todo.length });
      if (todo.length === 0) {
        if (before.changes.length === 0) await remember(client, before, registry);
        return { applied: [], remaining: before.changes, plan: before, registryHash: registry.hash };
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
      return { applied: todo, remaining: after.changes, plan: after, registryHash: registry.hash };
    },
  );
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
        // A role that somebody else made in the meantime is as good as ours: the next plan looks at its attributes.
      }
      if (unit === ROLES_UNIT) await joinGuard(client);
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

/** The applying login administers `guard`: it may become `guard_owner`, and holds nothing of it until it does. */
async function joinGuard(client: ClientBase): Promise<void> {
  await client.query('RESET ROLE');
  const identity = await readIdentity(client);
  if (identity.superuser || identity.canSet.has(GUARD_OWNER)) return;
  const options = identity.serverVersion >= 160000 ? ' WITH INHERIT FALSE, SET TRUE' : '';
  await client.query(`GRANT ${GUARD_OWNER} TO ${ident(identity.login)}${options}`);
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
