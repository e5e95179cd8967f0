/**
 * Builds what the image runs: four files, the registry that they were built for, and the certificates of the database.
 * `app/Dockerfile` calls it.
 *
 *     node --import tsx scripts/bundle-app.ts --out dist/app
 */
import { cp, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { writeDatabaseCertificates } from './database-certificates';
import { ESM_BANNER } from './esm-banner';

const ROOT = path.join(__dirname, '..');

/** Returns bytes by file. */
export async function bundleApp(out: string): Promise<Record<string, number>> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const entries = {
    main: 'app/main.ts',
    'with-login': 'app/with-login.ts',
    'tz-psql': 'app/support-shell/psql.ts',
  };
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, file]) => [name, path.join(ROOT, file)]),
    ),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    minify: true,
    keepNames: true,
    // Stacks in the log name lines of ours; the file is not served to anybody.
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['pg-native'],
    banner: { js: ESM_BANNER },
    logLevel: 'error',
  });
  await cp(path.join(ROOT, 'app/health.mjs'), path.join(out, 'health.mjs'));
  await cp(path.join(ROOT, 'sql/registry.yaml'), path.join(out, 'registry.yaml'));
  await cp(path.join(ROOT, 'app/support-shell/psqlrc'), path.join(out, 'psqlrc'));
  await writeDatabaseCertificates(path.join(out, 'database-ca.pem'));
  const sizes = await Promise.all(
    Object.keys(entries).map(
      async (name): Promise<[string, number]> => [
        `${name}.mjs`,
        (await stat(path.join(out, `${name}.mjs`))).size,
      ],
    ),
  );
  return Object.fromEntries(sizes);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: path.join(ROOT, 'dist/app') } },
  });
  for (const [file, bytes] of Object.entries(await bundleApp(values.out))) {
    console.log(`${file}: ${Math.round(bytes / 1024)} KB`);
  }
}

if (require.main === module) {
  main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
