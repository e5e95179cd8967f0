/** The bundled function, a database server with TLS, and the secrets it logs in with. One per test file. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ENVIRONMENT } from '../../../lambda/rls-registry/contract';
import { type Bundled, bundleRlsRegistry } from '../../../scripts/bundle-rls-registry';
import { withClient } from '../../support/database';
import { MIGRATIONS, PASSWORDS, type PlatformDatabase, REGISTRY } from '../../support/platform';
import { type Authority, makeAuthority } from './authority';
import { type SecretsServer, startSecretsServer } from './secrets-server';

export interface Answer {
  readonly result?: { PhysicalResourceId: string; Data?: Record<string, number | string> } | null;
  readonly error?: { name: string; message: string; stack: string; cause?: string; rest: object };
  /** Lines of standard output, parsed. */
  readonly log: readonly Record<string, unknown>[];
  /** Everything that was written, and the error. */
  readonly text: string;
}

export interface CallOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Folder of the package. Default: the one that was built. */
  readonly package?: string;
  readonly remainingMs?: number;
  /** In place of a signed token. */
  readonly token?: string;
  /** Called when a line is written. */
  readonly onLine?: (line: Record<string, unknown>) => void;
}

export class Stage {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-lambda-'));
  readonly authority: Authority;
  bundled!: Bundled;
  /** Of the server; it keeps it. */
  port: number | undefined;
  secrets!: SecretsServer;
  private packages = 0;
  private server: ChildProcess | undefined;
  private readonly cluster = process.env.TZ_TEST_CLUSTER;

  constructor() {
    // The server runs as another user when we are root: it must be able to reach its directory.
    chmodSync(this.directory, 0o755);
    this.authority = makeAuthority(this.directory, 'authority');
  }

  get package(): string {
    return path.join(this.directory, 'package');
  }

  async open(): Promise<void> {
    // The SDK is not in the bundle; Lambda has it.
    symlinkSync(path.join(__dirname, '../../../node_modules'), path.join(this.directory, 'node_modules'));
    this.bundled = await bundleRlsRegistry({
      outDir: this.package,
      registry: REGISTRY,
      migrations: MIGRATIONS,
      ca: this.authority.certificate,
    });
    this.secrets = await startSecretsServer();
    await this.startServer();
    await this.present(this.authority.issue('localhost'));
  }

  /** Starts the server; again, after it was stopped, with the same address. */
  async startServer(): Promise<void> {
    const server = fork(path.join(__dirname, 'server.ts'), [], { execArgv: ['--import', 'tsx'] });
    this.server = server;
    server.send({ dataDir: path.join(this.directory, 'cluster', 'data'), port: this.port });
    const started = await Promise.race([once(server, 'message'), once(server, 'exit')]);
    const { port } = started[0] as { port?: number };
    if (port === undefined) throw new Error('the server did not start');
    this.port = port;
    process.env.TZ_TEST_CLUSTER = this.superuser;
  }

  async stopServer(): Promise<void> {
    if (!this.server?.connected) return;
    const ended = once(this.server, 'exit');
    this.server.send('stop');
    await ended;
  }

  /** From now on the server shows this certificate. */
  async present({ certificate, key }: { certificate: string; key: string }): Promise<void> {
    const data = path.join(this.directory, 'cluster', 'data');
    const { uid, gid } = statSync(data);
    const place = (from: string, name: string) => {
      cpSync(from, path.join(data, name));
      chownSync(path.join(data, name), uid, gid);
    };
    place(certificate, 'server.crt');
    place(key, 'server.key');
    await withClient(`${this.superuser}/postgres`, async (client) => {
      await client.query('alter system set ssl = on');
      await client.query('select pg_reload_conf()');
    });
  }

  private get superuser(): string {
    return `postgres://postgres:test@127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.secrets?.close();
    await this.stopServer();
    process.env.TZ_TEST_CLUSTER = this.cluster;
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A package like the built one, with another registry or more migrations: another release. */
  release(change: { registry?: string; migrations?: Readonly<Record<string, string>> }): string {
    this.packages += 1;
    const copy = path.join(this.directory, `package-${this.packages}`);
    cpSync(this.package, copy, { recursive: true });
    if (change.registry !== undefined) writeFileSync(path.join(copy, 'registry.yaml'), change.registry);
    for (const [name, sql] of Object.entries(change.migrations ?? {}))
      writeFileSync(path.join(copy, 'migrations', name), sql);
    return copy;
  }

  /** The environment for a database, with logins by secret. */
  environment(database: PlatformDatabase): Record<string, string> {
    for (const user of ['registry_applier', 'migrator'] as const) {
      const { port } = this;
      const secret = {
        username: user,
        password: PASSWORDS[user],
        host: 'localhost',
        port,
        dbname: database.name,
      };
      this.secrets.secrets.set(`${user}-${database.name}`, JSON.stringify(secret));
    }
    return {
      [ENVIRONMENT.login]: 'secret',
      [ENVIRONMENT.applierSecret]: `registry_applier-${database.name}`,
      [ENVIRONMENT.migratorSecret]: `migrator-${database.name}`,
      [ENVIRONMENT.migrationsDir]: 'migrations',
    };
  }

  /** Calls a handler of the bundle in a process of its own: a cold start. */
  call(
    handler: 'onEvent' | 'onSchedule',
    event: object,
    environment: Readonly<Record<string, string | undefined>>,
    options: CallOptions = {},
  ): Promise<Answer> {
    const child = fork(path.join(__dirname, 'runner.mjs'), [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      env: {
        PATH: process.env.PATH,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIATEST',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_SECRETS_MANAGER: this.secrets.url,
        ...environment,
        ...options.environment,
      },
    });
    const bundle = path.join(options.package ?? this.package, 'index.mjs');
    const remainingMs = options.remainingMs ?? 60_000;
    child.send({ bundle, call: handler, event, remainingMs, token: options.token });
    return answerOf(child, options.onLine);
  }

  deploy(
    type: 'Create' | 'Update' | 'Delete',
    database: PlatformDatabase,
    options: CallOptions & { release?: string } = {},
  ): Promise<Answer> {
    const properties = { ServiceToken: 'arn', ...(options.release && { Release: options.release }) };
    const event = {
      RequestType: type,
      ResourceProperties: properties,
      ...(type !== 'Create' && { PhysicalResourceId: 'rls-registry/as-created' }),
    };
    return this.call('onEvent', event, this.environment(database), options);
  }
}

function answerOf(child: ChildProcess, onLine?: CallOptions['onLine']): Promise<Answer> {
  let out = '';
  let err = '';
  let rest = '';
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
    rest += data.toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('{')) onLine?.(JSON.parse(line));
  });
  child.stderr?.on('data', (data: Buffer) => {
    err += data.toString();
  });
  let message: object = {};
  child.on('message', (received: object) => {
    message = received;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (!('result' in message || 'error' in message)) {
        reject(new Error(`the function ended with ${code}: ${err}${out}`));
        return;
      }
      const log = out
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ ...(message as Answer), log, text: out + err + JSON.stringify(message) });
    });
  });
}
