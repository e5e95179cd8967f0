/**
 * Builds the packages of all functions that the platform deploys: one folder each.
 *
 *     node --import tsx scripts/bundle-functions.ts --out dist/lambda
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Bundled, bundleFunction } from './bundle-function';
import { bundleRlsRegistry } from './bundle-rls-registry';
import { writeDatabaseCertificates } from './database-certificates';

const ROOT = path.join(__dirname, '..');
const entry = (name: string) => path.join(ROOT, 'lambda', name, 'index.ts');

export interface BuiltFunction extends Bundled {
  /** Folder of the package. */
  readonly directory: string;
}

type Builder = (outDir: string, ca: string) => Promise<Bundled>;

/** By the names that the stacks know them by. Add one: its folder in `lambda/`, and its line. */
const BUILDERS = {
  databaseBootstrap: (outDir, ca) => bundleFunction({ entry: entry('database-bootstrap'), outDir, ca }),
  secretRotation: (outDir, ca) => bundleFunction({ entry: entry('secret-rotation'), outDir, ca }),
  approvals: (outDir, ca) => bundleFunction({ entry: entry('approvals'), outDir, ca }),
  // Talks to Amazon ECS, and to no database.
  migrationTask: (outDir) => bundleFunction({ entry: entry('migration-task'), outDir, ca: undefined }),
  rlsRegistry: (outDir, ca) =>
    bundleRlsRegistry({
      outDir,
      registry: path.join(ROOT, 'sql/registry.yaml'),
      migrations: path.join(ROOT, 'sql/migrations'),
      ca,
    }),
} as const satisfies Record<string, Builder>;

export type FunctionName = keyof typeof BUILDERS;

/** Into `out`, which is made. */
export async function bundleFunctions(out: string): Promise<Record<FunctionName, BuiltFunction>> {
  await mkdir(out, { recursive: true });
  const ca = await writeDatabaseCertificates(path.join(out, 'database-ca.pem'));
  const built = await Promise.all(
    Object.entries(BUILDERS).map(async ([name, build]): Promise<[string, BuiltFunction]> => {
      const directory = path.join(out, name);
      return [name, { ...(await build(directory, ca)), directory }];
    }),
  );
  return Object.fromEntries(built) as Record<FunctionName, BuiltFunction>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: path.join(ROOT, 'dist/lambda') } },
  });
  for (const [name, { bytes, directory }] of Object.entries(await bundleFunctions(values.out))) {
    console.log(`${name}: ${Math.round(bytes / 1024)} KB, ${directory}`);
  }
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
