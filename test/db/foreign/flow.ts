/** Everything that a newcomer does with a database of a product, in one go: init, answers by rote, apply, verify. */
import type { ClientBase } from 'pg';
import { isMap, parseDocument, type YAMLMap } from 'yaml';
import { apply } from '../../../sql/applier/apply';
import { bind } from '../../../sql/compiler/bind';
import { signToken } from '../../../sql/db/tenant';
import { type Proposal, proposeRegistry, readSchema, type Schema } from '../../../sql/discovery';
import type { Change } from '../../../sql/planner/change';
import { parseRegistry, type Registry } from '../../../sql/registry';
import { type VerifyOptions, type VerifyReport, verify } from '../../../sql/verifier/verify';
import { withClient } from '../../support/database';
import { stateOf } from '../../support/engine';
import { createForeignDatabase, type ForeignDatabase } from '../../support/foreign';
import type { Product } from './schemas/product';

export interface Flow {
  readonly database: ForeignDatabase;
  readonly schema: Schema;
  readonly proposal: Proposal;
  readonly registry: Registry;
  /** Undecided tables whose first choice could not be taken, with what the engine said. */
  readonly refused: readonly string[];
  readonly remaining: readonly Change[];
  /** What a second apply changes: nothing. */
  readonly again: readonly Change[];
  readonly report: VerifyReport;
  /** Milliseconds. */
  readonly times: Readonly<Record<'init' | 'apply' | 'again' | 'verify', number>>;
}

export async function run(product: Product, probes: VerifyOptions['probes'] = 'synthetic'): Promise<Flow> {
  const owner = `${product.name}_owner`;
  const database = await createForeignDatabase(owner, product);
  return withClient(database.applier, async (client) => {
    const { schema, proposal, init } = await timed('init', async () => {
      const read = await readSchema(client);
      const options = { organizations: product.organizations, migrations: owner };
      return { schema: read, proposal: proposeRegistry(read, options) };
    });
    const { registry, refused } = await complete(client, proposal.yaml);
    const first = await timed('apply', () => apply(client, registry));
    const second = await timed('again', () => apply(client, registry));
    const verified = await timed('verify', () => verify(client, registry, { probes }));
    return {
      database,
      schema,
      proposal,
      registry,
      refused,
      remaining: first.remaining,
      again: [...second.applied, ...second.remaining],
      report: verified,
      times: { init, apply: first.apply, again: second.again, verify: verified.verify },
    };
  });
}

async function timed<T extends object, K extends string>(
  name: K,
  work: () => Promise<T>,
): Promise<T & Record<K, number>> {
  const start = performance.now();
  const result = await work();
  return { ...result, [name]: Math.round(performance.now() - start) } as T & Record<K, number>;
}

const EXCLUDED = { reason: 'of no organization', owner: 'platform', until: '2027-06-30' };

/**
 * Answers every question with its first choice, and where there is none with an exclusion. A choice that the engine
 * refuses (it leads to a table that was excluded, or in a circle) gives way to the next one.
 */
async function complete(
  client: ClientBase,
  yaml: string,
): Promise<{ registry: Registry; refused: string[] }> {
  const document = parseDocument(yaml);
  const section = (name: string) => {
    const found = document.get(name);
    if (isMap(found)) return found as YAMLMap;
    document.set(name, document.createNode({}));
    return document.get(name) as YAMLMap;
  };
  const open = (document.get('undecided') as YAMLMap | undefined)?.toJSON() ?? {};
  document.delete('undecided');
  const choices = new Map<string, object[]>(
    Object.entries(open as Record<string, { choices?: object[] }>).map(([table, each]) => [
      table,
      each.choices ?? [],
    ]),
  );
  const refused: string[] = [];
  const answer = (table: string) => {
    section('tables').delete(table);
    const [next] = choices.get(table) ?? [];
    if (next) section('tables').set(table, document.createNode(next));
    else section('excluded').set(table, document.createNode(EXCLUDED));
  };
  for (const table of choices.keys()) answer(table);
  for (;;) {
    const parsed = parseRegistry(document.toString({ lineWidth: 0 }), 'registry.yaml', '2026-11-20');
    if ('problems' in parsed) throw new Error(parsed.problems.map((each) => each.message).join('\n'));
    const bound = await bind(client, parsed.registry);
    if ('bound' in bound) return { registry: parsed.registry, refused };
    // One at a time: the next answer may make the other problems go away.
    const [problem] = bound.problems.filter(({ message }) =>
      [...choices.keys()].some((t) => message.startsWith(`${t} `)),
    );
    const table = problem && [...choices.keys()].find((each) => problem.message.startsWith(`${each} `));
    if (!problem || table === undefined || !choices.get(table)?.length)
      throw new Error(bound.problems.map((each) => each.message).join('\n'));
    refused.push(problem.message);
    choices.set(table, choices.get(table)?.slice(1) ?? []);
    answer(table);
  }
}

/** Relations that neither the registry nor the proposal's closing comment speaks of. */
export function omitted({ schema, registry, proposal }: Flow): string[] {
  const named = new Set(
    [registry.organizations, ...registry.tables, ...registry.views, ...registry.excluded].map(({ table }) =>
      JSON.stringify([table.schema, table.name]),
    ),
  );
  const follows = (oid: number): boolean => {
    const relation = schema.relations.get(oid);
    if (!relation) return false;
    return (
      named.has(JSON.stringify([relation.table.schema, relation.table.name])) ||
      relation.parents.some(follows)
    );
  };
  return [...schema.relations.values()]
    .filter((each) => each.extension === undefined && !follows(each.oid))
    .map((each) => `${each.text}: ${proposal.yaml.includes(each.text)}`);
}

const SIGNING = { current: { id: 'flow', secret: Buffer.alloc(32, 5) } };

export interface Isolation {
  /** Tables that should show a tenant its rows and show none, or show a row to both. */
  readonly wrong: readonly string[];
  /** Rows by tenant over all tables. */
  readonly rows: readonly [number, number];
}

/**
 * By hand, on committed rows: what app_backend sees as the one tenant and as the other, in every registered table; and
 * that support_shell sees nothing of the second once that one is hidden.
 */
export async function isolation({ database, registry }: Flow, product: Product): Promise<Isolation> {
  const [a, b] = product.tenants;
  await withClient(database.applier, async (client) => {
    await client.query(
      `set role guard_owner; select vault.set_signing_key('flow', '\\x${SIGNING.current.secret.toString('hex')}')`,
    );
    await client.query('insert into guard.sensitive_organizations (organization) values ($1)', [b]);
  });
  return withClient(database.superuser, async (client) => {
    const { rows: names } = await client.query<{ wanted: string[] }>(
      'select array(select unnest($1::text[])::regclass::oid::text) as wanted',
      [product.seen],
    );
    const seen = new Set(names[0]?.wanted);
    const wrong: string[] = [];
    const totals: [number, number] = [0, 0];
    for (const entry of [{ ...registry.organizations, belongs: { kind: 'direct' } }, ...registry.tables]) {
      const { rows: found } = await client.query<{ text: string; oid: string }>(
        `select format('%I.%I', n.nspname, c.relname) as text, c.oid::text as oid from pg_class c
         join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
        [entry.table.schema, entry.table.name],
      );
      const [{ text, oid }] = found as [{ text: string; oid: string }];
      const rowsOf = async (role: string, organization?: string) => {
        const token =
          organization === undefined
            ? ''
            : signToken(SIGNING, { kind: 'tenant', organization, expiresInSeconds: 600 });
        await client.query(`set session authorization ${role}`);
        await client.query(`select set_config('tenant_zero.token', $1, false)`, [token]);
        try {
          const { rows } = await client.query<{ at: string }>(
            `select tableoid::text || ctid::text as at from ${text}`,
          );
          return new Set(rows.map((row) => row.at));
        } finally {
          await client.query('reset session authorization');
        }
      };
      const [ofA, ofB] = [await rowsOf('app_backend', a), await rowsOf('app_backend', b)];
      const support = await rowsOf('support_shell');
      totals[0] += ofA.size;
      totals[1] += ofB.size;
      // A person may be in both organizations, and what hangs off the person with them.
      const shared = [...ofA].filter((row) => ofB.has(row)).length;
      if (shared > 0) wrong.push(`${text}: ${shared} rows show to both`);
      const veiled = [...support].filter((row) => ofB.has(row)).length;
      if (veiled > 0) wrong.push(`${text}: ${veiled} rows of a hidden organization show to support`);
      if (seen.has(oid) && (ofA.size === 0 || ofB.size === 0 || support.size === 0))
        wrong.push(
          `${text}: ${ofA.size} rows of the one, ${ofB.size} of the other, ${support.size} for support`,
        );
    }
    for (const [tenant, expected] of [
      [a, undefined],
      [b, '42501'],
    ] as const) {
      const token = signToken(SIGNING, { kind: 'tenant', organization: tenant, expiresInSeconds: 600 });
      for (const sql of product.writes) {
        await client.query('begin; set local session authorization app_backend');
        await client.query(`select set_config('tenant_zero.token', $1, true)`, [token]);
        const state = await stateOf(client, sql);
        await client.query('rollback');
        if (state !== expected) wrong.push(`${sql} as ${tenant}: ${state ?? 'passed'}`);
      }
    }
    return { wrong, rows: totals };
  });
}
