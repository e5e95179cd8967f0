/** Whatever is wrong with the input: one line that says what, one that says what to do, exit code 2, no stack. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../../sql/db/local-server';
import { loadRegistry } from '../../../sql/registry';
import { clusterUrl, createDatabase, urlFor, withClient } from '../../support/database';
import { createPlatformDatabase, type PlatformDatabase } from '../../support/platform';
import { rls, start } from './rls';

jest.setTimeout(120_000);

let database: PlatformDatabase;
let folder: string;

beforeAll(async () => {
  database = await createPlatformDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'tenant-zero-cli-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Arguments by what is wrong with them, and what the first line must say. */
async function cases(): Promise<[what: string, args: string[], error: RegExp][]> {
  const { host, port } = { host: '127.0.0.1', port: new URL(clusterUrl()).port };
  const broken = path.join(folder, 'broken.yaml');
  await writeFile(broken, 'organizations: { table: public.organizations\nroles: [');
  const wrong = path.join(folder, 'wrong.yaml');
  await writeFile(
    wrong,
    `${await readFile('sql/registry.yaml', 'utf8')}\nappliers: [nobody]\nfail_on: never\n`,
  );
  const elsewhere = path.join(folder, 'elsewhere.yaml');
  const registry = await readFile('sql/registry.yaml', 'utf8');
  await writeFile(elsewhere, registry.replace('public.rooms:', 'public.roms:'));
  const to = (url: string, ...more: string[]) => ['plan', '--database-url', url, ...more];
  return [
    [
      'nobody listens',
      to(`postgres://a:secret-word@127.0.0.1:${await freePort()}/x`),
      /^cannot reach a server at 127\.0\.0\.1:\d+: connection refused$/,
    ],
    [
      'no such host',
      to('postgres://a:secret-word@no-such-host.invalid/x'),
      /^cannot reach a server at no-such-host\.invalid:5432/,
    ],
    [
      'wrong password',
      to(`postgres://migrator:secret-word@${host}:${port}/${database.name}`),
      /^the password of migrator is wrong/,
    ],
    [
      'no password',
      to(`postgres://migrator@${host}:${port}/${database.name}`),
      /^the server asks migrator for a password/,
    ],
    ['no such database', to(urlFor('no_such_database')), /^there is no database no_such_database on 127/],
    [
      'a database without the tables',
      to(database.as('migrator', 'test-migrator').replace(database.name, 'postgres')),
      /^\d+ problems in sql\/registry\.yaml$/,
    ],
    ['not a URL', to('host=localhost password=secret-word'), /^the database URL is not one$/],
    [
      'TLS that the server does not speak',
      to(`${database.applier}?sslmode=verify-full`),
      /does not speak TLS/,
    ],
    [
      'a session that is read-only',
      to(`${database.applier}?options=-c%20default_transaction_read_only%3Don`),
      /^this session is read-only/,
    ],
    [
      'a login without privileges',
      ['apply', '--database-url', database.as('app_backend', 'test-app')],
      /privilege/,
    ],
    [
      'no such registry',
      to(database.applier, '--registry', path.join(folder, 'none.yaml')),
      /^cannot read the registry .*none\.yaml/,
    ],
    ['broken YAML', to(database.applier, '--registry', broken), /broken\.yaml/],
    ['a registry with mistakes', to(database.applier, '--registry', wrong), /wrong\.yaml/],
    [
      'a registry of another database',
      to(database.applier, '--registry', elsewhere),
      /elsewhere\.yaml:\d+:\d+ .*roms/,
    ],
    [
      'an unknown table',
      ['apply', '--only', 'public.nothing', '--database-url', database.applier],
      /public\.nothing/,
    ],
    ['an unknown option', ['plan', '--foramt', 'json'], /^unknown option '--foramt'$/],
    ['an unknown command', ['plna'], /^unknown command 'plna'$/],
    ['no command', [], /^no command$/],
    ['an unknown format', ['plan', '--format', 'xml'], /argument 'xml' is invalid/],
    ['a format of other commands', ['plan', '--format', 'sarif'], /^rls plan does not print sarif$/],
    ['a number that is none', ['apply', '--patience', 'long'], /argument 'long' is invalid/],
    ['no database at all', ['status'], /^no --database-url, and npm start is not running$/],
  ];
}

test('each mistake is one line, one thing to do, exit code 2', async () => {
  const waiting = await cases();
  const failures: string[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [what, args, pattern] = next;
      const { code, stdout, stderr } = await rls(...args);
      const [first = '', ...rest] = stderr.trimEnd().split('\n');
      const problems = [
        code === 2 || `exit code ${code}`,
        stdout === '' || 'something on stdout',
        (first.startsWith('error: ') && pattern.test(first.slice('error: '.length))) || 'another message',
        /^next: \S/.test(rest.at(-1) ?? '') || 'nothing to do next',
        rest.slice(0, -1).every((line) => line.startsWith('  ')) || 'more lines',
        !/\bat .*\.ts:\d+|node:internal/.test(stderr) || 'a stack',
        !stderr.includes('secret-word') || 'the password',
      ].filter((each) => each !== true);
      if (problems.length > 0) failures.push(`${what}: ${problems.join(', ')}\n${stderr}${stdout}`);
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  expect(failures).toEqual([]);
});

test('nothing was changed by any of it', async () => {
  const { rows } = await withClient(database.superuser, (client) =>
    client.query(
      `select count(*)::int as n from pg_class where relrowsecurity or relnamespace = to_regnamespace('guard')`,
    ),
  );
  expect(rows[0]).toEqual({ n: 0 });
});

test('the address may come from the environment', async () => {
  const { ran } = start('rls', ['status'], { TENANT_ZERO_DATABASE_URL: database.applier });
  expect(await ran).toMatchObject({ code: 0, stderr: '' });
});

test('problems of the registry are annotations for GitHub too', async () => {
  const ran = await rls(
    'verify',
    '--format',
    'github',
    '--registry',
    path.join(folder, 'broken.yaml'),
    '--database-url',
    database.applier,
  );
  expect(ran.code).toBe(2);
  expect(ran.stdout).toMatch(/^::error file=.*broken\.yaml,line=\d+,col=\d+,title=registry::/);
});

test('help has examples and exit codes, for every command', async () => {
  const all = await rls('--help');
  expect(all.code).toBe(0);
  const names = ['init', 'plan', 'apply', 'verify', 'check', 'explain', 'advise', 'status'];
  const helps = await Promise.all(names.map((name) => rls(name, '--help')));
  for (const [i, help] of helps.entries()) {
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain(`npm run -s rls -- ${names[i]}`);
    expect(help.stdout).toContain('Exit codes:');
    expect(help.stdout).toContain('--database-url');
  }
});

test('init writes a registry that can be read, and overwrites none unasked', async () => {
  const shop = await createDatabase();
  await withClient(urlFor(shop), (client) =>
    client.query(`create schema "Core"; create table "Core"."Workspace" (id uuid primary key);
      create table public.orders (id int primary key, "workspaceId" uuid not null references "Core"."Workspace");
      create table public.settings (name text)`),
  );
  const file = path.join(folder, 'shop.yaml');
  const init = (...more: string[]) =>
    rls(
      'init',
      '--organizations',
      '"Core"."Workspace"',
      '--registry',
      file,
      '--database-url',
      urlFor(shop),
      ...more,
    );
  const first = await init();
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain(`wrote ${file}: 1 table registered, 1 undecided`);
  expect(first.stdout).toContain('public.settings: ');
  const registry = await loadRegistry(file);
  expect(registry.tables.map((entry) => entry.table.name)).toEqual(['orders']);
  const second = await init();
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toContain('exists already');
  expect((await init('--force')).code).toBe(0);
});
