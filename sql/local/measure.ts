/** What each role can really reach, measured by connecting as it. Nothing is kept: writes are rolled back. */
import type { Client } from 'pg';
import type { BoundRegistry, BoundTable } from '../compiler/bound';
import { sqlstate } from '../db/errors';
import { ident, qualified } from '../db/names';
import { withClient } from '../db/transaction';
import { redeem } from '../support-session';
import type { TenantClass } from './tenants';

/** Somebody who connects. */
export interface Observer {
  readonly name: string;
  readonly url: string;
  /** SET ROLE after connecting. */
  readonly role?: string;
  readonly token?: string;
  /** Gets a ticket for the support shell, which is redeemed after connecting. */
  readonly ticket?: () => Promise<string>;
  /** Ask for a transaction that may write, where the login's default is read-only. */
  readonly readWrite?: boolean;
}

/** Rows by class of tenant, or the SQLSTATE that every single table answered with. */
export type Reached = Readonly<Record<TenantClass, number>> | { readonly refused: string };

export interface Measured {
  readonly observer: string;
  readonly sees: Reached;
  readonly changes: Reached;
}

export type Classes = Readonly<Record<TenantClass, readonly string[]>>;

export async function measure(
  bound: BoundRegistry,
  classes: Classes,
  observers: readonly Observer[],
): Promise<Measured[]> {
  const tables = bound.tables.flatMap((table) => {
    const organizations = organizationsOf(bound, table, 't');
    return organizations ? [{ table, organizations }] : [];
  });
  const results: Measured[] = [];
  for (const observer of observers) {
    results.push(
      await withClient(observer.url, async (client) => {
        if (observer.ticket) await redeem(client, await observer.ticket());
        const reach = (statement: (table: BoundTable, columns: string) => string) =>
          reached(
            client,
            observer,
            classes,
            tables.map(({ table, organizations }) => statement(table, list(organizations))),
          );
        return {
          observer: observer.name,
          sees: await reach(
            (table, columns) => `select ${columns} from ${qualified(table.relation.table)} t`,
          ),
          changes: await reach((table, columns) => {
            const column = ident((table.columns[0] as { name: string }).name);
            return `update ${qualified(table.relation.table)} t set ${column} = t.${column} returning ${columns}`;
          }),
        };
      }),
    );
  }
  return results;
}

const list = (organizations: readonly string[]) =>
  `array[${organizations.join(', ')}]::text[] as organizations`;

/** SQL for every organization of a row; undefined where rows are shared, as persons are. */
function organizationsOf(bound: BoundRegistry, table: BoundTable, alias: string): string[] | undefined {
  switch (table.entry.belongs.kind) {
    case 'direct':
      return table.columns.map((column) => `${alias}.${ident(column.name)}::text`);
    case 'via': {
      const link = table.link;
      const parent = bound.tables.find((each) => each.relation.oid === link?.relation.oid);
      const inner = `${alias}p`;
      const above = parent && organizationsOf(bound, parent, inner);
      const join = link?.columns
        .map(([here, there]) => `${inner}.${ident(there)} = ${alias}.${ident(here)}`)
        .join(' and ');
      return above?.map(
        (sql) =>
          `(select ${sql} from ${qualified((parent as BoundTable).relation.table)} ${inner} where ${join})`,
      );
    }
    case 'through':
      return undefined;
  }
}

async function reached(
  client: Client,
  observer: Observer,
  classes: Classes,
  statements: readonly string[],
): Promise<Reached> {
  const rows = { ordinary: 0, sensitive: 0, own: 0 };
  const refusals: string[] = [];
  await client.query(observer.readWrite ? 'begin read write' : 'begin');
  try {
    if (observer.role) await client.query(`set local role ${ident(observer.role)}`);
    if (observer.token)
      await client.query(`select pg_catalog.set_config('tenant_zero.token', $1, true)`, [observer.token]);
    for (const statement of statements) {
      await client.query('savepoint one');
      try {
        const found = await client.query<{ organizations: string[] }>(statement);
        for (const { organizations } of found.rows) rows[classOf(organizations, classes)] += 1;
      } catch (error) {
        refusals.push(sqlstate(error) ?? 'error');
      }
      await client.query('rollback to savepoint one');
    }
  } finally {
    await client.query('rollback');
  }
  const [refused] = refusals;
  return refused !== undefined && refusals.length === statements.length ? { refused } : rows;
}

/** A row of two organizations counts as what needs the most protection. */
function classOf(organizations: readonly string[], classes: Classes): TenantClass {
  const has = (name: TenantClass) => organizations.some((each) => classes[name].includes(each));
  return has('own') ? 'own' : has('sensitive') ? 'sensitive' : 'ordinary';
}
