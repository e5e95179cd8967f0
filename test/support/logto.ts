/** The tables of Logto, an open-source identity product with a tenant column on nearly everything, as a test schema. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { sqlstate } from '../../sql/db/errors';

const PACKAGE = path.dirname(require.resolve('@logto/schemas/package.json'));

/** What a file says when it comes before what it needs: undefined table, function, object. */
const TOO_EARLY = new Set(['42P01', '42883', '42704']);

/**
 * Creates Logto's tables, triggers, policies and its tenant role in the database that `client` is connected to.
 * Returns the tables' names. The role is called after the database, so that several can live in one cluster.
 */
export async function loadLogto(client: Client, database: string): Promise<string[]> {
  const fill = (sql: string, values: Record<string, string>) =>
    sql.replace(/\$\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  await client.query(fill(read('_before_all.sql'), { database, password: 'test' }));

  const names: string[] = [];
  let waiting = [
    { name: 'tenants', sql: tenants() },
    ...readdirSync(path.join(PACKAGE, 'tables'))
      .filter((file) => file.endsWith('.sql') && (!file.startsWith('_') || file === '_functions.sql'))
      .map((file) => ({ name: file.slice(0, -'.sql'.length), sql: read(file) })),
  ].sort((a, b) => order(a.sql) - order(b.sql));
  // The orders leave ties that depend on each other: what fails for want of something is tried again.
  while (waiting.length > 0) {
    const again: typeof waiting = [];
    let reason: unknown;
    for (const file of waiting) {
      try {
        await client.query(file.sql);
      } catch (error) {
        if (!TOO_EARLY.has(sqlstate(error) ?? '')) throw error;
        reason = error;
        again.push(file);
        continue;
      }
      if (!file.name.startsWith('_')) names.push(file.name);
      if (!file.sql.includes('/* no_after_each */')) {
        await client.query(fill(read('_after_each.sql'), { name: file.name }));
      }
    }
    if (again.length === waiting.length) throw reason;
    waiting = again;
  }
  await client.query(fill(read('_after_all.sql'), { database }));
  return names.sort();
}

function read(file: string): string {
  return readFileSync(path.join(PACKAGE, 'tables', file), 'utf8');
}

/** `tenants` is the one table that Logto keeps in a model file, as SQL in a template string. */
function tenants(): string {
  const model = readFileSync(path.join(PACKAGE, 'lib', 'models', 'tenants.js'), 'utf8');
  const sql = /`([^`]*create table tenants[^`]*)`/.exec(model)?.[1];
  if (sql === undefined)
    throw new Error('@logto/schemas no longer keeps the tenants table in lib/models/tenants.js');
  return sql.replace(/\$\{TenantTag\.(\w+)\}/g, (_, tag: string) => tag.toLowerCase());
}

function order(sql: string): number {
  const found = /init_order = ([\d.]+)/.exec(sql)?.[1];
  return found === undefined ? Number.POSITIVE_INFINITY : Number(found);
}
