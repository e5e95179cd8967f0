/** The folder in which `npm start` keeps everything: the cluster, its passwords, and where the server listens. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Names the folder; default: `.tenant-zero` in the working directory. */
export const HOME_VARIABLE = 'TENANT_ZERO_DIRECTORY';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Home {
  readonly directory: string;
  /** PostgreSQL's data directory. */
  readonly cluster: string;
  /** Exists when the cluster was initialised to the end. */
  readonly initialised: string;
  readonly secrets: string;
  readonly server: string;
  /** Where AWS on this machine answers; what it keeps from one start to the next; what it was told to send. */
  readonly aws: string;
  readonly awsKeys: string;
  readonly sensitiveSecrets: string;
  readonly notifications: string;
  readonly audit: string;
  readonly lock: string;
  readonly log: string;
}

export function homeOf(env: Environment): Home {
  const directory = path.resolve(env[HOME_VARIABLE] || '.tenant-zero');
  const at = (name: string) => path.join(directory, name);
  return {
    directory,
    cluster: at('cluster'),
    initialised: at('cluster-initialised'),
    secrets: at('secrets.json'),
    server: at('server.json'),
    aws: at('aws.json'),
    awsKeys: at('aws-keys.json'),
    sensitiveSecrets: at('sensitive-secrets.json'),
    notifications: at('notifications.log'),
    audit: at('audit'),
    lock: at('start.lock'),
    log: at('postgres.log'),
  };
}

/** A running server, as `npm start` wrote it down. */
export interface RunningServer {
  /** Of `npm start`. */
  readonly pid: number;
  readonly port: number;
  readonly database: string;
  /** Address with password of the login that applies the registry. */
  readonly applier: string;
}

/** Undefined when nothing runs there. What a killed start left behind does not count. */
export async function readServer(env: Environment): Promise<RunningServer | undefined> {
  const server = await readJson<RunningServer>(homeOf(env).server);
  return server && isAlive(server.pid) ? server : undefined;
}

export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    // Not there, or cut off in the middle by a crash: both mean that there is nothing to go by.
    return undefined;
  }
}

/** Readable for the owner alone from its first byte on, and never half-written under its name. */
export async function writePrivate(file: string, value: unknown): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await chmod(fresh, 0o600);
  await rename(fresh, file);
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export interface Secrets {
  /** By login; `postgres` is the superuser. */
  readonly passwords: Readonly<Record<string, string>>;
  readonly signing: { readonly id: string; readonly secret: string };
}

export const LOGINS = [
  'postgres',
  'migrator',
  'registry_applier',
  'app_backend',
  'staff_admin',
  'support_shell',
  'sensitive_gate',
  'break_glass',
  'auditor',
] as const;
export type Login = (typeof LOGINS)[number];

/** Random, base64url: nothing in them has to be encoded in a URL. */
export function newSecrets(): Secrets {
  const random = () => randomBytes(24).toString('base64url');
  return {
    passwords: Object.fromEntries(LOGINS.map((login) => [login, random()])),
    signing: { id: 'local-1', secret: randomBytes(32).toString('base64url') },
  };
}

/** Everything of the cluster; the passwords go with it, and so does what tells of it: seeds, and heads of its ledger. */
export async function removeCluster(home: Home): Promise<void> {
  const { initialised, server, secrets, cluster, log, aws, sensitiveSecrets, notifications, audit } = home;
  for (const name of [
    initialised,
    server,
    secrets,
    cluster,
    log,
    aws,
    sensitiveSecrets,
    notifications,
    audit,
  ])
    await rm(name, { recursive: true, force: true });
}
