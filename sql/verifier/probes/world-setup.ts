/** Prepares a probing transaction: the right to probe, a key of its own, organizations, an assigned person. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import type { BoundRegistry } from '../../compiler/bound';
import { GUARD_OWNER } from '../../compiler/our-names';
import { literal } from '../../db/names';
import type { SigningKey } from '../../db/token';
import { CannotBuildError } from './cannot-build';
import { ordinary } from './probe-rows';
import type { RowPlans } from './row-plan';
import { databaseError, ProbeSession } from './session';
import type { RowMaker } from './synthesize';
import { probeKey } from './token';
import { text, type Value } from './value';
import type { Label, World } from './world';

export interface Limits {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

export function limit({ lockTimeoutMs, statementTimeoutMs }: Limits): string {
  return `SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL statement_timeout = ${statementTimeoutMs}`;
}

/** Two memberships granted at once, in whatever databases of the cluster: lock timeout, deadlock, tuple concurrently updated. */
const RACES = new Set(['55P03', '40P01', 'XX000']);
const MOST_STARTS = 6;

/** BEGIN, call back, ROLLBACK in every case: there is no way through here that commits. */
export async function probing<T>(
  client: ClientBase,
  plans: RowPlans,
  limits: Limits,
  use: (session: ProbeSession, key: SigningKey) => Promise<T>,
): Promise<T> {
  const session = await start(client, plans, limits);
  try {
    const key = probeKey();
    await session.run(
      `SELECT guard.probe_begin(); SELECT vault.set_signing_key(${literal(key.id)}, pg_catalog.decode('${key.secret.toString('hex')}', 'hex'))`,
      GUARD_OWNER,
    );
    await session.run('SET CONSTRAINTS ALL DEFERRED');
    return await use(session, key);
  } finally {
    await client.query('ROLLBACK');
  }
}

/**
 * Begins, and obtains every membership that will be needed. Memberships belong to the cluster: another probe by the same
 * login, in any database, holds them until it ends. So they are asked for in one order, and waited for.
 */
async function start(client: ClientBase, plans: RowPlans, limits: Limits): Promise<ProbeSession> {
  const required = [GUARD_OWNER, ...plans.registry.registry.roles.map((role) => role.name)];
  const owners = [...plans.catalog.values()].map((table) => table.owner);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`BEGIN; ${limit({ ...limits, lockTimeoutMs: limits.statementTimeoutMs })}`);
      const session = new ProbeSession(client, plans.registry.serverVersion);
      for (const role of [...new Set([...required, ...owners])].sort()) {
        await session.reach(role, required.includes(role));
      }
      await client.query(`${limit(limits)}; SET LOCAL row_security = on`);
      return session;
    } catch (error) {
      await client.query('ROLLBACK');
      if (attempt === MOST_STARTS || !RACES.has(databaseError(error).sqlstate)) throw error;
      await sleep(20 * attempt * (1 + Math.random()));
    }
  }
}

/** A and B ordinary, S sensitive, O the own tenant; somebody is assigned to A and, in vain, to S. */
export async function makeWorld(maker: RowMaker, bound: BoundRegistry, key: SigningKey): Promise<World> {
  const table = bound.organizations;
  const id = table.columns[0]?.name ?? '';
  const given = new Map<string, Value>(ordinary({ table, bound }));
  const organizations = new Map<Label, string>();
  for (const label of ['A', 'B', 'S'] as const) {
    const row = await maker.insertRow(table.relation.oid, { organizations: [], given });
    organizations.set(label, row.values[id] ?? '');
  }
  const common = await commonTenant(maker, bound, id, given);
  if (common !== undefined) organizations.set('C', common);
  const own = await ownTenant(maker, bound, id);
  if (own !== undefined) organizations.set('O', own);
  const hidden = new Set([organizations.get('S') ?? '', ...(own === undefined ? [] : [own])]);
  for (const organization of hidden)
    await maker.session.run(`SELECT guard.probe_hide(${literal(organization)})`, GUARD_OWNER);
  return { key, organizations, hidden, staff: await assign(maker, bound, organizations) };
}

/** Undefined when no table is shared by organizations, or when there cannot be so many of them. */
async function commonTenant(
  maker: RowMaker,
  bound: BoundRegistry,
  id: string,
  given: ReadonlyMap<string, Value>,
): Promise<string | undefined> {
  if (!bound.tables.some((table) => table.entry.belongs.kind === 'through')) return undefined;
  try {
    const row = await maker.insertRow(bound.organizations.relation.oid, { organizations: [], given });
    return row.values[id] ?? undefined;
  } catch (error) {
    if (error instanceof CannotBuildError) return undefined;
    throw error;
  }
}

/** The own tenant as it is, or made; undefined when the registry names none or it cannot be made. S stands in for it. */
async function ownTenant(maker: RowMaker, bound: BoundRegistry, id: string): Promise<string | undefined> {
  const { own } = bound.registry.organizations;
  if (!own) return undefined;
  const oid = bound.organizations.relation.oid;
  const given = new Map<string, Value>([
    own.kind === 'column' ? [own.column, text('true')] : [id, text(own.id)],
  ]);
  try {
    const row = (await maker.find(oid, given)) ?? (await maker.insertRow(oid, { organizations: [], given }));
    return row.values[id] ?? undefined;
  } catch (error) {
    if (error instanceof CannotBuildError) return undefined;
    throw error;
  }
}

async function assign(
  maker: RowMaker,
  bound: BoundRegistry,
  organizations: ReadonlyMap<Label, string>,
): Promise<World['staff']> {
  const entry = bound.registry.assignments;
  const table =
    entry &&
    [...maker.plans.catalog.values()].find(
      (each) => each.schema === entry.table.schema && each.name === entry.table.name,
    );
  if (!entry || !table || !bound.registry.roles.some((role) => role.sees === 'assigned-organizations'))
    return undefined;
  const [a, s] = [organizations.get('A') ?? '', organizations.get('S') ?? ''];
  const row = await maker.insertRow(table.oid, {
    organizations: [a],
    given: new Map([[entry.organization, text(a)]]),
  });
  const person = row.values[entry.person];
  if (person === null || person === undefined) return undefined;
  const again = new Map([
    [entry.organization, text(s)],
    [entry.person, text(person)],
  ]);
  try {
    await maker.insertRow(table.oid, { organizations: [s], given: again });
  } catch (error) {
    // One organization per person: then S is not assigned, which must not show it either.
    if (!(error instanceof CannotBuildError)) throw error;
  }
  return { person, assigned: new Set([a, s]) };
}
