/** The registry's shape for editors: `registry.schema.json` is this, checked in. */
import { z } from 'zod';
import { registrySchema } from './schema';

/** JSON Schema 2020-12 of the file as people write it. */
export function registryJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(registrySchema, { io: 'input' }) as Record<string, unknown>;
}
