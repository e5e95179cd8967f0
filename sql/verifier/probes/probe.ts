/** Runs the probes: every registered table, registry role and verb, measured as that role and rolled back. */
import type { ClientBase } from 'pg';
import type { BoundRegistry, BoundTable } from '../../compiler/bound';
import { GUARD_OWNER } from '../../compiler/our-names';
import type { SigningKey } from '../../db/token';
import type { RoleEntry } from '../../registry/types';
import { CannotBuildError, MisplacedError } from './cannot-build';
import { type Case, judge, runCases } from './cases';
import { existingCases, findRows, missing } from './existing';
import { childCases } from './other-relations';
import { makeProbeRows, rehearse } from './probe-rows';
import { type ProductCode, productCode, switchOff } from './product-code';
import { Recorder } from './recorder';
import { probeRelations } from './relation-probes';
import type { ProbeMode, ProbeReport } from './report';
import { planRows, type RowPlans } from './row-plan';
import { databaseError, type ProbeSession } from './session';
import { RowMaker } from './synthesize';
import { insertCases, rowCases, type Subject } from './table-cases';
import type { ProbeRow, World } from './world';
import { type Limits, limit, makeWorld, probing } from './world-setup';

export { findings } from './findings';
export type { Evidence, Measurement, ProbeMode, ProbeReport, Unproved } from './report';

export interface ProbeOptions {
  /** Default: `synthetic`. */
  readonly mode?: ProbeMode;
  /** Tables per transaction. Fewer hold fewer locks at a time; more make common parents less often. Default: 50. */
  readonly batch?: number;
  /** Default: 2000. */
  readonly lockTimeoutMs?: number;
  /** For one statement; all cases of one table are one. Default: 30000. */
  readonly statementTimeoutMs?: number;
  readonly progress?: (done: number, of: number) => void;
}

/**
 * Probes with a login that may become `guard_owner`, the tables' owners and the registry's roles, or that may grant
 * itself that. Not for use inside another transaction: opens its own, and rolls each of them back.
 */
export async function runProbes(
  client: ClientBase,
  bound: BoundRegistry,
  options: ProbeOptions = {},
): Promise<ProbeReport> {
  const started = performance.now();
  const mode = options.mode ?? 'synthetic';
  const limits = {
    lockTimeoutMs: options.lockTimeoutMs ?? 2000,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
  };
  const recorder = new Recorder(bound, mode);
  const plans = await catalogOf(client, bound, limits);
  const prober = new Prober(client, plans, limits, recorder, mode);
  const size = options.batch ?? 50;
  let done = 0;
  for (const tables of chunks(bound.tables, size)) {
    await prober.batch(tables);
    done += tables.length;
    options.progress?.(done, bound.tables.length);
  }
  if (mode === 'synthetic') await prober.secondLook(size);
  await prober.relations();
  return recorder.report(performance.now() - started);
}

/** Printing an expression locks its table for reading: a table that somebody is altering must not hold us for ever. */
async function catalogOf(client: ClientBase, bound: BoundRegistry, limits: Limits): Promise<RowPlans> {
  await client.query('BEGIN READ ONLY');
  try {
    await client.query(limit(limits));
    return await planRows(client, bound);
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Tables that get a transaction of their own for a second look. */
const MOST_ALONE = 100;

function chunks<T>(list: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let from = 0; from < list.length; from += size) found.push(list.slice(from, from + size));
  return found;
}

class Prober {
  /** Tables on which a product trigger put a row elsewhere: switching it off would hide that. */
  private readonly misplaced = new Set<string>();

  constructor(
    private readonly client: ClientBase,
    private readonly plans: RowPlans,
    private readonly limits: Limits,
    private readonly recorder: Recorder,
    private readonly mode: ProbeMode,
    private readonly off: readonly ProductCode[] = [],
  ) {}

  /**
   * What is open is probed once more: without the triggers and rules of the product, if it has any, and each table
   * alone, without rows that were made for others and stand in the way.
   */
  async secondLook(size: number): Promise<void> {
    const open = this.bound.tables.filter(
      ({ relation }) => this.recorder.isOpen(relation.text) && !this.misplaced.has(relation.text),
    );
    if (open.length === 0) return;
    const code = await productCode(this.client, this.plans);
    const how = code.length > 0 ? 'alone, triggers and rules of the product off' : 'alone';
    const alone = open.slice(0, MOST_ALONE).map((table) => [table]);
    const rest = open.slice(MOST_ALONE);
    const batches = [...alone, ...chunks(rest, size)];
    for (const tables of batches) {
      const second = new Recorder(this.bound, this.mode);
      await new Prober(this.client, this.plans, this.limits, second, this.mode, code).batch(tables);
      for (const { relation } of tables) this.recorder.replace(relation.text, second, how);
    }
  }

  private get bound(): BoundRegistry {
    return this.plans.registry;
  }

  /** One transaction, unless a table breaks it: then the rest goes on in another one. */
  async batch(tables: readonly BoundTable[]): Promise<void> {
    let left = tables;
    while (left.length > 0) {
      const waiting = left;
      let done = 0;
      try {
        await probing(this.client, this.plans, this.limits, async (session, key) => {
          const probeTable =
            this.mode === 'synthetic'
              ? await this.synthetic(session, key, waiting)
              : await this.existing(session, key);
          for (const table of waiting) {
            await probeTable?.(table);
            done += 1;
          }
        });
        return;
      } catch (error) {
        const { sqlstate, message } = databaseError(error);
        // Outside any table: what is wrong will be wrong for the next batch too.
        this.recorder.failed(waiting[done]?.relation.text ?? '', `${sqlstate}: ${message}`);
        left = waiting.slice(done + 1);
      }
    }
  }

  /** Undefined: no organizations could be made, and every table of the batch has been reported. */
  private async synthetic(
    session: ProbeSession,
    key: SigningKey,
    tables: readonly BoundTable[],
  ): Promise<((table: BoundTable) => Promise<void>) | undefined> {
    await switchOff(session, this.off);
    const maker = new RowMaker(session, this.plans);
    const world = await this.world(maker, key, tables);
    return world && ((table) => this.probeWithNewRows(session, maker, world, table));
  }

  private async world(
    maker: RowMaker,
    key: SigningKey,
    tables: readonly BoundTable[],
  ): Promise<World | undefined> {
    try {
      return await makeWorld(maker, this.bound, key);
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
      for (const table of tables)
        this.recorder.unproved(
          table.relation.text,
          `no organization could be made: ${error.message}`,
          error.fix,
        );
      return undefined;
    }
  }

  private async probeWithNewRows(
    session: ProbeSession,
    maker: RowMaker,
    world: World,
    table: BoundTable,
  ): Promise<void> {
    const shape = this.plans.catalog.get(table.relation.oid);
    if (!shape) return;
    const subject: Subject = { bound: this.bound, table, shape, world };
    try {
      const rehearsed = await rehearse(maker, subject);
      await this.measure(session, subject, (role) => insertCases(subject, role, rehearsed));
      const rows = await makeProbeRows(maker, subject);
      await this.measure(session, subject, (role) => [
        ...rowCases(subject, role, rows),
        ...childCases(subject, role, rows),
      ]);
    } catch (error) {
      if (!(error instanceof CannotBuildError)) throw error;
      if (error instanceof MisplacedError) this.misplaced.add(table.relation.text);
      this.recorder.unproved(table.relation.text, error.message, error.fix);
    }
  }

  private async existing(
    session: ProbeSession,
    key: SigningKey,
  ): Promise<(table: BoundTable) => Promise<void>> {
    const [row] = await session.run(
      'SELECT pg_catalog.to_json(guard.hidden_organizations()::text[])::text AS hidden',
      GUARD_OWNER,
    );
    const hidden = new Set<string>(JSON.parse(row?.hidden ?? '[]'));
    return async (table) => {
      const shape = this.plans.catalog.get(table.relation.oid);
      if (!shape) return;
      const { rows, world } = await findRows(session, this.plans, table, key, hidden);
      const subject: Subject = { bound: this.bound, table, shape, world };
      await this.measure(session, subject, (role) => [
        ...existingCases(subject, role, rows),
        ...childCases(subject, role, rows),
      ]);
      this.recordMissing(subject, rows);
    };
  }

  private recordMissing(subject: Subject, rows: readonly ProbeRow[]): void {
    const table = subject.table.relation.text;
    const gaps = this.bound.registry.roles.flatMap((role) =>
      missing(subject, role, rows).map((expected) => `${role.name}: ${expected}`),
    );
    if (gaps.length === 0) return;
    const held = rows.length === 0 ? 'no rows' : `rows of ${rows.map((row) => row.what).join(', ')} only`;
    this.recorder.unproved(
      table,
      `${table}: it holds ${held} (A, B: ordinary, S: sensitive); no row to prove ${gaps.slice(0, 4).join(', ')}`,
      'prove it where rows may be made: rls verify with synthetic probes',
    );
  }

  private async measure(
    session: ProbeSession,
    subject: Subject,
    casesOf: (role: RoleEntry) => Case[],
  ): Promise<void> {
    const cases = this.bound.registry.roles.flatMap(casesOf);
    const results = await runCases(session, cases);
    this.recorder.add(
      subject.table.relation.text,
      cases.map((each, i) => [
        each,
        judge(each, results[i] ?? { rows: undefined, sqlstate: undefined, message: undefined }),
      ]),
    );
  }

  async relations(): Promise<void> {
    try {
      await probing(this.client, this.plans, this.limits, async (session, key) => {
        await probeRelations({
          client: this.client,
          session,
          key,
          plans: this.plans,
          recorder: this.recorder,
          mode: this.mode,
        });
      });
    } catch (error) {
      const { sqlstate, message } = databaseError(error);
      this.recorder.failed('unregistered tables and views', `${sqlstate}: ${message}`);
    }
  }
}
