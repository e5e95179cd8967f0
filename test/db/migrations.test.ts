import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootstrap } from '../../sql/db/bootstrap';
import { migrate } from '../../sql/db/migrate';
import { createDatabase, urlFor, withClient } from '../support/database';
import { createPlatformDatabase, MIGRATIONS, PASSWORDS, platformTemplate } from '../support/platform';

const FILES = { one: '9001_one.sql', two: '9002_two.sql' };

/** A copy of the real folder with two small files behind it. */
async function folder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'migrations-'));
  await cp(MIGRATIONS, dir, { recursive: true });
  await writeFile(path.join(dir, FILES.one), 'create table public.one (id int);\n-- first\n');
  await writeFile(path.join(dir, FILES.two), 'create table public.two (id int);\n');
  return dir;
}

const tables = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relname in ('one', 'two', 'three') order by 1`,
    );
    return rows.map((row) => row.name);
  });

describe('migrate', () => {
  test('applies what is pending in order, says so, and then has nothing to do', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    const log: string[] = [];
    const run = () => migrate({ url: db.migrator, dir, log: (line) => log.push(line) });
    expect(await run()).toEqual(['9001_one', '9002_two']);
    expect(log).toEqual(['applied 9001_one', 'applied 9002_two']);
    expect(await run()).toEqual([]);
  });

  test('refuses a file that was edited after it was applied, by name, and applies nothing', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await rm(path.join(dir, FILES.two));
    await migrate({ url: db.migrator, dir });
    await writeFile(path.join(dir, FILES.one), 'create table public.one (id bigint);\n');
    await writeFile(path.join(dir, FILES.two), 'create table public.two (id int);\n');
    await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({
      code: 'migration-edited',
      fault: 'user',
      message: expect.stringContaining('9001_one.sql'),
    });
    expect(await tables(db.superuser)).toEqual(['one']);
    // Positive control: as it was, but with the line endings of another system.
    await writeFile(path.join(dir, FILES.one), 'create table public.one (id int);\r\n-- first\r\n');
    expect(await migrate({ url: db.migrator, dir })).toEqual(['9002_two']);
  });

  test('refuses when an applied file is gone', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await migrate({ url: db.migrator, dir });
    await rm(path.join(dir, FILES.one));
    await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({
      code: 'migration-missing',
      message: expect.stringContaining('9001_one.sql'),
    });
  });

  test('refuses a file numbered before one that was applied', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await migrate({ url: db.migrator, dir });
    const late = path.join(dir, '9000_late.sql');
    await writeFile(late, 'create table public.three ();');
    await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({
      code: 'migration-out-of-order',
      message: expect.stringContaining('9000_late.sql'),
    });
    await rm(late);
    await writeFile(path.join(dir, '9003_late.sql'), 'create table public.three ();');
    expect(await migrate({ url: db.migrator, dir })).toEqual(['9003_late']);
  });

  test.each(['9003-three.sql', '3_three.sql', '9003_Three.sql', '9003_three.ts', '9002_again.sql'])(
    'refuses the name %s',
    async (name) => {
      const db = await createPlatformDatabase();
      const dir = await folder();
      await writeFile(path.join(dir, name), 'select 1');
      await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({
        code: 'migration-name',
        message: expect.stringContaining(name),
      });
    },
  );

  test('leaves nothing behind when a file fails, and says where', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await writeFile(path.join(dir, FILES.two), 'create table public.two (id int);\n\nselect nonsense;\n');
    await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('9002_two.sql:3: '),
    });
    expect(await tables(db.superuser)).toEqual([]);
    await writeFile(path.join(dir, FILES.two), 'create table public.two (id int);\n');
    expect(await migrate({ url: db.migrator, dir })).toEqual(['9001_one', '9002_two']);
  });

  test('refuses a name without a schema instead of guessing one', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await writeFile(path.join(dir, FILES.one), 'create table one (id int);');
    await expect(migrate({ url: db.migrator, dir })).rejects.toMatchObject({ code: 'migration-failed' });
  });

  test('of several at the same time one works and the others wait, on an empty database too', async () => {
    const name = await createDatabase();
    await withClient(urlFor(name), (client) => bootstrap(client, { database: name, passwords: PASSWORDS }));
    const url = urlFor(name, { user: 'migrator', password: PASSWORDS.migrator });
    const runs = await Promise.all([1, 2, 3].map(() => migrate({ url, dir: MIGRATIONS })));
    const files = (await readdir(MIGRATIONS)).map((file) => path.basename(file, '.sql')).sort();
    expect(runs.map((run) => run.length).sort((a, b) => a - b)).toEqual([0, 0, files.length]);
    expect(runs.flat()).toEqual(files);
  });

  test('tries again when a table is busy, rather than let traffic queue behind it', async () => {
    const db = await createPlatformDatabase();
    const dir = await folder();
    await writeFile(path.join(dir, FILES.one), 'alter table public.jobs add column priority int;');
    await withClient(db.superuser, async (reader) => {
      await reader.query('begin; select from public.jobs');
      const run = migrate({ url: db.migrator, dir, lockTimeoutMs: 20 });
      await new Promise((resolve) => setTimeout(resolve, 150));
      await reader.query('commit');
      expect(await run).toEqual(['9001_one', '9002_two']);
    });
  });

  test('gives a borrowed connection back as the login it was', async () => {
    const db = await createPlatformDatabase();
    await withClient(db.migrator, async (client) => {
      await migrate({ client, dir: MIGRATIONS });
      const { rows } = await client.query(
        `select current_user::text who, current_setting('search_path') path`,
      );
      expect(rows).toEqual([{ who: 'migrator', path: '"$user", public' }]);
    });
  });
});

describe('the files', () => {
  test('run with nothing but what bootstrap gives: the template exists', async () => {
    await expect(platformTemplate()).resolves.toBe('platform_template');
  });

  test('have no way back', async () => {
    for (const file of await readdir(MIGRATIONS)) {
      const text = await readFile(path.join(MIGRATIONS, file), 'utf8');
      expect({ file, down: /^\s*--[\s-]*down\s+migration/im.test(text) }).toEqual({ file, down: false });
    }
  });
});
