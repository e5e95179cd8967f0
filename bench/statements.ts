/** Statements as sides of a comparison, and the predicate that a careful person would write by hand. */
import type { Client } from 'pg';
import type { Side } from './measure';

/**
 * `unnamed`: parsed and planned every time, as `TenantClient.query(text, values)` sends it. `named`: prepared once per
 * connection.
 */
export type Sending = 'unnamed' | 'named';

let names = 0;

export function statement(
  client: Client,
  text: string,
  values: (round: number) => unknown[] = () => [],
  sending: Sending = 'unnamed',
): Side {
  const name = sending === 'named' ? `bench_${names++}` : undefined;
  return {
    name: text,
    run: (round) => client.query({ text, values: values(round), ...(name !== undefined && { name }) }),
  };
}

/** What the policy of a support role says, written out: the strictest baseline, its list is a constant. */
export function notHidden(column: string, hidden: readonly string[]): string {
  return `${column} <> ALL ('{${hidden.join(',')}}'::uuid[])`;
}

/** The four reads that every figure about policies is made of. `where` is an additional condition. */
export const READS = {
  'primary-key lookup': (table: string, where: string) =>
    `SELECT id, created_at, amount, title FROM ${table} WHERE id = $1 AND ${where}`,
  'list of 50': (table: string, where: string) =>
    `SELECT id, created_at, amount, title FROM ${table} WHERE organization_id = $1 AND ${where} ORDER BY created_at DESC LIMIT 50`,
  "one organization's aggregate": (table: string, where: string) =>
    `SELECT count(*), sum(amount) FROM ${table} WHERE organization_id = $1 AND ${where}`,
  'full-scan aggregate': (table: string, where: string) =>
    `SELECT count(*), sum(amount) FROM ${table} WHERE ${where}`,
} as const;

export type Read = keyof typeof READS;

export const READ_NAMES = Object.keys(READS) as Read[];

/** The read's parameter for one round. */
export function valuesOf(read: Read, pick: { organization: string; item: string }): unknown[] {
  switch (read) {
    case 'primary-key lookup':
      return [pick.item];
    case 'list of 50':
    case "one organization's aggregate":
      return [pick.organization];
    case 'full-scan aggregate':
      return [];
  }
}
