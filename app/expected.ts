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
  const { hash, excluded } = parsed.registry;
  return {
    registryHash: hash,
    excluded: excluded.map(({ table: { schema = 'public', name } }) => ({ schema, name })),
  };
}
