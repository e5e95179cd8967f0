/** Writes `sql/registry/registry.schema.json`. Run: `node --import tsx scripts/write-registry-schema.ts` */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { registryJsonSchema } from '../sql/registry/json-schema';

const root = join(__dirname, '..');
const file = join(root, 'sql/registry/registry.schema.json');
writeFileSync(file, `${JSON.stringify(registryJsonSchema(), null, 2)}\n`);
// The checked-in file passes the linter like any other.
execFileSync(join(root, 'node_modules/.bin/biome'), ['format', '--write', file], {
  cwd: root,
  stdio: 'inherit',
});
