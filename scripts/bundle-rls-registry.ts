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
import { cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { readCertificates } from '../lambda/connection/certificates';
import { PACKAGE } from '../lambda/rls-registry/contract';

const ROOT = path.join(__dirname, '..');

export interface BundleOptions {
  /** Emptied first. */
  readonly outDir: string;
  readonly registry: string;
  readonly migrations: string | undefined;
  /** PEM file. Undefined: none is put into the package, and `TZ_CA_FILE` must name one. */
  readonly ca: string | undefined;
}

export interface Bundled {
  readonly bytes: number;
  /** Packages whose code is in the bundle, sorted. */
  readonly packages: readonly string[];
}

/** What CommonJS code expects around it. The names are prefixed: the bundle has its own `createRequire`, perhaps. */
const BANNER = [
  `import{createRequire as __tzRequire}from'node:module'`,
  `import{fileURLToPath as __tzPath}from'node:url'`,
  `import{dirname as __tzDirname}from'node:path'`,
  'const require=__tzRequire(import.meta.url),__filename=__tzPath(import.meta.url),__dirname=__tzDirname(__filename);',
].join(';');

/** A third of the bundle, and never run: zod's messages in fifty languages, and a compiler for migrations in TypeScript. */
const withoutBallast: Plugin = {
  name: 'without-ballast',
  setup(context) {
    context.onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    }));
    context.onLoad({ filter: /node_modules\/jiti\/lib\/jiti\.mjs$/ }, () => ({
      contents: `export const createJiti = () => ({ import() { throw new Error('a migration is an SQL file') } })`,
    }));
  },
};

export async function bundleRlsRegistry(options: BundleOptions): Promise<Bundled> {
  const { outDir } = options;
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const outfile = path.join(outDir, PACKAGE.bundle);
  const { metafile } = await build({
    entryPoints: [path.join(ROOT, 'lambda/rls-registry/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minify: true,
    // Names of error classes are read by people.
    keepNames: true,
    sourcemap: 'external',
    // The runtime brings the SDK; pg-native is a driver that nobody installed.
    external: ['@aws-sdk/*', 'pg-native'],
    banner: { js: BANNER },
    plugins: [withoutBallast],
    metafile: true,
    logLevel: 'error',
  });
  const maps = `${outDir}.maps`;
  await mkdir(maps, { recursive: true });
  await rename(`${outfile}.map`, path.join(maps, `${PACKAGE.bundle}.map`));
  await cp(options.registry, path.join(outDir, PACKAGE.registry));
  if (options.migrations)
    await cp(options.migrations, path.join(outDir, PACKAGE.migrations), { recursive: true });
  // Checked here too: a deploy is late for finding out.
  if (options.ca)
    await writeFile(path.join(outDir, PACKAGE.certificates), `${readCertificates(options.ca)}\n`);
  const packages = Object.keys(metafile.inputs).flatMap(
    (input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1] ?? [],
  );
  return { bytes: (await stat(outfile)).size, packages: [...new Set(packages)].sort() };
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
