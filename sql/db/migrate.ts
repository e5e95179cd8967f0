/**
 * Runs the files of `sql/migrations` through node-pg-migrate, and sees to what it does not: a file that was applied
 * never changes and never goes.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase, DatabaseError } from 'pg';
import { OWNER_ROLE } from './bootstrap';
import { CommandError, sqlstate } from './errors';
import { ident } from './names';
import { withAdvisoryLock, withClient } from './transaction';

export interface MigrateSettings {
  /** The folder with `NNNN_name.sql` files. */
  readonly dir: string;
  /** The role that will own everything. Default: `platform_owner`. The login must be allowed to SET ROLE to it. */
  readonly ownerRole?: string;
  /** One line per applied file. Default: silent. */
  readonly log?: (line: string) => void;
  /**
   * How long a statement waits for a lock before the run is rolled back and tried again: traffic queues behind DDL that
   * waits. Default: 500 ms.
   */
  readonly lockTimeoutMs?: number;
}

export type MigrateOptions = MigrateSettings & ({ readonly client: ClientBase } | { readonly url: string });

interface MigrationFile {
  /** Without `.sql`. */
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Runs that a busy table may spoil before we give up. */
const ATTEMPTS = 20;

/**
 * Applies what is pending, in the order of the numbers, all in ONE transaction: a run that fails leaves nothing behind.
 * (So nothing that cannot run in a transaction, such as CREATE INDEX CONCURRENTLY.) A second run at the same time waits.
 * Returns the names of the files it applied.
 *
 * Throws `CommandError` with code `migration-name`, `migration-edited`, `migration-missing`,
 * `migration-out-of-order` (before anything is applied) or `migration-failed`.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  if ('url' in options) return withClient(options.url, (client) => migrate({ ...settings(options), client }));
  const { client } = options;
  return withAdvisoryLock(client, 'tenant-zero migrate', async () => {
    try {
      await client.query(`set role ${ident(options.ownerRole ?? OWNER_ROLE)}`);
      // Empty: a name without a schema is an error, not a guess.
      await client.query(`set search_path = ''; set client_min_messages = warning`);
      await ensureChecksums(client);
      const files = await readMigrations(options.dir);
      await check(client, files);
      return await runPending(client, options, files);
    } finally {
      await client
        .query('reset role; reset search_path; reset client_min_messages; reset lock_timeout')
        .catch(() => undefined);
    }
  });
}

function settings({ dir, ownerRole, log, lockTimeoutMs }: MigrateSettings): MigrateSettings {
  return {
    dir,
    ...(ownerRole !== undefined && { ownerRole }),
    ...(log && { log }),
    ...(lockTimeoutMs !== undefined && { lockTimeoutMs }),
  };
}

/** `migrations.pgmigrations` is node-pg-migrate's; the checksums stand beside it, written in the same transaction. */
async function ensureChecksums(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_catalog.pg_class where oid = pg_catalog.to_regclass('migrations.checksums')`,
  );
  if (rowCount) return;
  await client.query(`
    create schema if not exists migrations;
    create table migrations.checksums (name text primary key, sha256 text not null);
    create table migrations.pgmigrations (
      id integer generated always as identity primary key, name text not null unique, run_on timestamp not null
    )`);
}

/** The files in order. Line endings are normalised: a checkout on Windows is not an edit. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = (await readdir(dir)).filter((name) => !name.startsWith('.')).sort();
  const wrong = names.filter((name) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name));
  const number = (name: string | undefined) => name?.slice(0, 4);
  const twice = names.filter((name, at) => [names[at - 1], names[at + 1]].map(number).includes(number(name)));
  if (wrong.length + twice.length > 0) {
    throw new CommandError(
      'migration-name',
      `no migration can be called ${list([...new Set([...wrong, ...twice])])}`,
      'Name it NNNN_what_it_does.sql, with a number of its own.',
    );
  }
  return Promise.all(
    names.map(async (file) => {
      const text = (await readFile(path.join(dir, file), 'utf8'))
        .replace(/^\uFEFF/, '')
        .replace(/\r\n?/g, '\n');
      return {
        name: file.slice(0, -'.sql'.length),
        text,
        checksum: createHash('sha256').update(text).digest('hex'),
      };
    }),
  );
}

/** Compares the folder with what was applied. */
async function check(client: ClientBase, files: readonly MigrationFile[]): Promise<void> {
  const { rows } = await client.query<{ name: string; sha256: string | null }>(
    `select name, sha256 from migrations.pgmigrations left join migrations.checksums using (name) order by id`,
  );
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  const known = new Set(files.map((file) => file.name));

  const edited = files.filter((file) => applied.has(file.name) && applied.get(file.name) !== file.checksum);
  if (edited.length > 0) {
    throw new CommandError(
      'migration-edited',
      `changed after it was applied: ${list(edited.map((file) => `${file.name}.sql`))}`,
      'Restore the file as it was applied, and put the change into a new one.',
    );
  }
  const missing = rows.filter((row) => !known.has(row.name));
  if (missing.length > 0) {
    throw new CommandError(
      'migration-missing',
      `applied, but not in the folder: ${list(missing.map((row) => `${row.name}.sql`))}`,
      'Restore the file; if the database is newer than this code, run the newer code.',
    );
  }
  const last =
    rows
      .map((row) => row.name)
      .sort()
      .at(-1) ?? '';
  const late = files.filter((file) => !applied.has(file.name) && file.name < last);
  if (late.length > 0) {
    throw new CommandError(
      'migration-out-of-order',
      `not applied, but numbered before ${last}.sql, which is: ${list(late.map((file) => `${file.name}.sql`))}`,
      'Give the file the next free number.',
    );
  }
}

async function runPending(
  client: ClientBase,
  options: MigrateSettings,
  files: readonly MigrationFile[],
): Promise<string[]> {
  // Statements of ours that wait for a lock longer than this would make all traffic of the table wait behind them.
  await client.query(`select pg_catalog.set_config('lock_timeout', $1, false)`, [
    `${options.lockTimeoutMs ?? 500}ms`,
  ]);
  for (let attempt = 1; ; attempt += 1) {
    const progress: { current?: MigrationFile } = {};
    try {
      const applied = await run(client, options.dir, files, progress);
      for (const name of applied) options.log?.(`applied ${name}`);
      return applied;
    } catch (error) {
      if (sqlstate(error) !== '55P03' || attempt === ATTEMPTS) throw failure(error, progress.current);
      await sleep(50 + Math.random() * 50 * attempt);
    }
  }
}

async function run(
  client: ClientBase,
  dir: string,
  files: readonly MigrationFile[],
  progress: { current?: MigrationFile },
): Promise<string[]> {
  // ESM only, and heavy: loaded when it is needed.
  const { runner } = await import('node-pg-migrate');
  const byName = new Map(files.map((file) => [file.name, file]));
  const silent = () => undefined;
  const applied = await runner({
    dbClient: client,
    dir,
    direction: 'up',
    migrationsSchema: 'migrations',
    migrationsTable: 'pgmigrations',
    count: Number.POSITIVE_INFINITY,
    singleTransaction: true,
    // We hold our own lock, which also covers the comparison of checksums.
    noLock: true,
    // It prints whole files when a statement fails; `failure` says file and line.
    logger: { info: silent, warn: silent, error: silent, debug: silent },
    // Runs the text whose checksum we computed: the file is not read a second time.
    migrationLoaderStrategies: [
      {
        extensions: ['.sql'],
        loader: async (filePaths) =>
          filePaths.map((id) => {
            const file = byName.get(path.basename(id, '.sql'));
            if (!file) throw new Error(`${id} appeared during the run`);
            return { id, filePaths: [id], actions: { up: step(file, progress), down: false } };
          }),
      },
    ],
  });
  return applied.map((migration) => migration.name);
}

/** One file and its checksum, as node-pg-migrate wants it. */
function step(file: MigrationFile, progress: { current?: MigrationFile }) {
  return (builder: { sql(text: string): unknown }): void => {
    progress.current = file;
    builder.sql(file.text);
    // Name and checksum consist of harmless characters.
    builder.sql(
      `insert into migrations.checksums (name, sha256) values ('${file.name}', '${file.checksum}')`,
    );
  };
}

function failure(error: unknown, file: MigrationFile | undefined): CommandError {
  const { message, position } = error as Partial<DatabaseError>;
  const line = file && position ? `:${file.text.slice(0, Number(position) - 1).split('\n').length}` : '';
  const where = file ? `${file.name}.sql${line}: ` : '';
  return new CommandError(
    'migration-failed',
    `${where}${message ?? String(error)}`,
    sqlstate(error) === '55P03'
      ? 'A table stayed busy; run it again when long transactions have ended.'
      : 'Nothing was applied. Correct the file and run it again.',
    sqlstate(error) === '55P03' ? 'system' : 'user',
    error,
  );
}

function list(names: readonly string[]): string {
  return names.join(', ');
}
