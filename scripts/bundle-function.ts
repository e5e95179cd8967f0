/** One function as Lambda takes it: a bundle, minified, and the certificates of the database. The source map lies beside it. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { readCertificates } from '../lambda/connection/certificates';
import { ESM_BANNER } from './esm-banner';

/** Names of files in every package (`lambda/rls-registry/contract.ts` has the rest). */
const BUNDLE = 'index.mjs';
const CERTIFICATES = 'database-ca.pem';

export interface FunctionBundleOptions {
  /** TypeScript file that exports the handlers. */
  readonly entry: string;
  /** Emptied first. */
  readonly outDir: string;
  /** PEM file. Undefined: none is put into the package. */
  readonly ca: string | undefined;
}

export interface Bundled {
  readonly bytes: number;
  /** Packages whose code is in the bundle, sorted. */
  readonly packages: readonly string[];
}

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

export async function bundleFunction({ entry, outDir, ca }: FunctionBundleOptions): Promise<Bundled> {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  const outfile = path.join(outDir, BUNDLE);
  const { metafile } = await build({
    entryPoints: [entry],
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
    banner: { js: ESM_BANNER },
    plugins: [withoutBallast],
    metafile: true,
    logLevel: 'error',
  });
  const maps = `${outDir}.maps`;
  await mkdir(maps, { recursive: true });
  await rename(`${outfile}.map`, path.join(maps, `${BUNDLE}.map`));
  // Checked here too: a deploy is late for finding out.
  if (ca) await writeFile(path.join(outDir, CERTIFICATES), `${readCertificates(ca)}\n`);
  const packages = Object.keys(metafile.inputs).flatMap(
    (input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(input)?.[1] ?? [],
  );
  return { bytes: (await stat(outfile)).size, packages: [...new Set(packages)].sort() };
}
