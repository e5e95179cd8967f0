/** The engine against databases of the tests. */
import type { Client } from 'pg';
import { type ApplyReport, apply } from '../../sql/applier/apply';
import { parseRegistry, type Registry } from '../../sql/registry';
import { withClient } from './database';

/** Parses a registry that has no mistakes. */
export function registryOf(yaml: string): Registry {
  const parsed = parseRegistry(yaml, 'registry.yaml', '2026-11-20');
  if ('problems' in parsed) throw new Error(parsed.problems.map((each) => each.message).join('\n'));
  return parsed.registry;
}

export function applyTo(url: string, registry: Registry): Promise<ApplyReport> {
  return withClient(url, (client) => apply(client, registry));
}

/** The SQLSTATE that a statement fails with, or undefined when it passes. */
export async function stateOf(
  client: Client,
  sql: string,
  values: unknown[] = [],
): Promise<string | undefined> {
  try {
    await client.query(sql, values);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
