/**
 * Builds the deployment package of the registry function: `dist/lambda/rls-registry/` with the bundle, the registry, the
 * migrations and the certificates of the database's authorities. The source map lies beside the package, not in it.
 *
 *     node --import tsx scripts/bundle-rls-registry.ts --ca global-bundle.pem
 *
 * `--ca` names the PEM bundle that AWS publishes for RDS and Aurora:
 * https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem. Download it in the pipeline, or keep a reviewed
 * copy. `--registry` and `--migrations` name another product's; `--no-migrations` when the product migrates by itself.
 */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PACKAGE } from '../lambda/rls-registry/contract';
import { type Bundled, bundleFunction } from './bundle-function';

export type { Bundled } from './bundle-function';

const ROOT = path.join(__dirname, '..');

export interface BundleOptions {
  /** Emptied first. */
  readonly outDir: string;
  readonly registry: string;
  readonly migrations: string | undefined;
  /** PEM file. Undefined: none is put into the package, and `TZ_CA_FILE` must name one. */
  readonly ca: string | undefined;
}

export async function bundleRlsRegistry(options: BundleOptions): Promise<Bundled> {
  const { outDir, ca } = options;
  const entry = path.join(ROOT, 'lambda/rls-registry/index.ts');
  const bundled = await bundleFunction({ entry, outDir, ca });
  await cp(options.registry, path.join(outDir, PACKAGE.registry));
  if (options.migrations)
    await cp(options.migrations, path.join(outDir, PACKAGE.migrations), { recursive: true });
  return bundled;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(ROOT, 'dist/lambda/rls-registry') },
      registry: { type: 'string', default: path.join(ROOT, 'sql/registry.yaml') },
      migrations: { type: 'string' },
      'no-migrations': { type: 'boolean' },
      ca: { type: 'string' },
    },
  });
  const migrations = values['no-migrations']
    ? undefined
    : (values.migrations ?? path.join(ROOT, 'sql/migrations'));
  const { bytes, packages } = await bundleRlsRegistry({
    outDir: values.out,
    registry: values.registry,
    migrations,
    ca: values.ca,
  });
  console.log(`${values.out}: ${Math.round(bytes / 1024)} KB, from ${packages.length} packages`);
  if (!values.ca) console.warn('no certificates in the package: give --ca, or set TZ_CA_FILE');
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
