/** What is deployed as code: small, without its source map, without an SDK that the runtime has. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleApp } from '../../../scripts/bundle-app';
import { type BuiltFunction, bundleFunctions } from '../../../scripts/bundle-functions';

const LIMIT = 1_500_000;
const directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-bundles-'));
let built: Record<string, BuiltFunction>;

beforeAll(async () => {
  built = await bundleFunctions(path.join(directory, 'functions'));
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('every folder of lambda/ with an entry point is bundled', () => {
  const root = path.join(__dirname, '../../../lambda');
  const deployable = readdirSync(root).filter((name) => existsSync(path.join(root, name, 'index.ts')));
  const kebab = Object.keys(built).map((name) =>
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  expect(kebab.sort()).toEqual(deployable.sort());
});

test('each function is under 1.5 MB, and its map lies beside the package', () => {
  for (const { bytes, directory: out } of Object.values(built)) {
    expect(bytes).toBeLessThan(LIMIT);
    expect(bytes).toBeGreaterThan(1000);
    expect(readdirSync(out).filter((file) => file.endsWith('.map'))).toEqual([]);
    expect(existsSync(path.join(`${out}.maps`, 'index.mjs.map'))).toBe(true);
  }
});

test('no function carries an SDK: the runtime has one', () => {
  for (const { packages, directory: out } of Object.values(built)) {
    expect(packages.filter((name) => /^@(aws-sdk|smithy)\//.test(name))).toEqual([]);
    expect(readFileSync(path.join(out, 'index.mjs'), 'utf8')).toContain('@aws-sdk/');
  }
});

test('functions that log in to the database carry its authorities', () => {
  for (const [name, { directory: out }] of Object.entries(built)) {
    expect(existsSync(path.join(out, 'database-ca.pem'))).toBe(name !== 'migrationTask');
  }
});

test('the same sources make the same packages, byte for byte', async () => {
  const again = await bundleFunctions(path.join(directory, 'again'));
  for (const [name, { directory: out }] of Object.entries(built)) {
    const other = again[name as keyof typeof again].directory;
    expect(
      readFileSync(path.join(out, 'index.mjs')).equals(readFileSync(path.join(other, 'index.mjs'))),
    ).toBe(true);
  }
}, 60_000);

test('the image has one SDK in each of its files, and each is small', async () => {
  const sizes = await bundleApp(path.join(directory, 'app'));
  for (const bytes of Object.values(sizes)) expect(bytes).toBeLessThan(2_500_000);
  expect(readdirSync(path.join(directory, 'app')).sort()).toEqual([
    'database-ca.pem',
    'health.mjs',
    'main.mjs',
    'main.mjs.map',
    'psqlrc',
    'registry.yaml',
    'tz-psql.mjs',
    'tz-psql.mjs.map',
    'with-login.mjs',
    'with-login.mjs.map',
  ]);
}, 60_000);
