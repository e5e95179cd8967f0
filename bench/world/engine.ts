/** The real engine on a database of the run, as the login that applies registries in production. */
import { type ApplyReport, apply } from '../../sql/applier/apply';
import { parseRegistry, type Registry } from '../../sql/registry';
import type { BenchServer } from './server';

export function registryOf(yaml: string): Registry {
  const parsed = parseRegistry(yaml, 'bench.yaml', '2026-01-01');
  if ('problems' in parsed)
    throw new Error(parsed.problems.map(({ message, fix }) => `${message}: ${fix}`).join('\n'));
  return parsed.registry;
}

/** Connects, applies, disconnects. Throws when anything is left to do: what is measured must be what is described. */
export async function applyRegistry(
  server: BenchServer,
  database: string,
  registry: Registry | string,
): Promise<ApplyReport> {
  const client = await server.connect(database, 'registry_applier');
  try {
    const report = await apply(client, typeof registry === 'string' ? registryOf(registry) : registry);
    if (report.remaining.length > 0)
      throw new Error(`not applied: ${report.remaining.map((change) => change.name).join(', ')}`);
    return report;
  } finally {
    await server.disconnect(client);
  }
}
