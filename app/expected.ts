/** What this image was built for: the registry beside it. */
import { parseRegistry } from '../sql/registry';
import type { Expected } from './database/readiness';

/** @throws {Error} when the registry does not parse: such an image must not start */
export function expectedOf(text: string, file: string): Expected {
  // Exceptions that have lapsed do not make another registry: the hash is of what stands there.
  const parsed = parseRegistry(text, file, '1970-01-01');
  if ('problems' in parsed) {
    throw new Error(`${file} is no registry: ${parsed.problems.map((each) => each.message).join('; ')}`);
  }
  const { registry } = parsed;
  return {
    registryHash: registry.hash,
    excluded: registry.excluded.map(
      ({ table }) => `${quoted(table.schema ?? 'public')}.${quoted(table.name)}`,
    ),
  };
}

/** As `format('%I')` writes it. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
