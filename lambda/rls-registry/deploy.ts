/** One deploy: migrate, apply, verify. Traffic moves only when this returns. */
import type { Client } from 'pg';
import { type ApplyReport, apply, type Progress } from '../../sql/applier/apply';
import { CommandError, sqlstate } from '../../sql/db/errors';
import { migrate } from '../../sql/db/migrate';
import { loadRegistry, type Registry, RegistryInvalid } from '../../sql/registry';
import { type VerifyReport, verify } from '../../sql/verifier/verify';
import { withConnection } from '../connection/connect';
import type { Target } from '../connection/login';
import type { RegistryConnector } from './function';
import { type Judgement, judge } from './judge';
import type { Log } from './log';
import { type Release, readReleases, releaseId, rememberRelease } from './releases';

export interface Deployed {
  readonly target: Target;
  readonly applied: ApplyReport;
  readonly report: VerifyReport;
  readonly judgement: Judgement;
}

export interface DeployOptions {
  /** The stack's stamp of what it deploys. */
  readonly stamp: string | undefined;
  /** Only an update can be a rollback. */
  readonly update: boolean;
}

/** Resumable at every point: what a failed deploy did stays, and the next one goes on from there. */
export async function deploy(
  connector: RegistryConnector,
  log: Log,
  options: DeployOptions,
): Promise<Deployed> {
  const { settings, deadline } = connector;
  const today = new Date().toISOString().slice(0, 10);
  const id = await releaseId(settings.registryFile, settings.migrations?.dir, options.stamp);
  return withConnection(connector, settings.applier, async (client, target) => {
    const releases = await readReleases(client);
    const before = options.update ? releases.find((each) => each.id === id) : undefined;
    if (before) log.line('info', 'known-release', { ...before });
    const registry = await registryOf(settings.registryFile, today, before, log);
    await runMigrations(connector, log, before);
    const applied = await run(before, () => applyRegistry(client, registry, connector, log));
    deadline.doing = 'verifying';
    const report = await run(before, () =>
      verify(client, registry, {
        probes: settings.probes,
        progress: (message) => {
          deadline.doing = message;
        },
      }),
    );
    const judgement = judge(report, { probes: settings.probes, rollback: before !== undefined });
    if (id !== undefined && judgement.gaps.length === 0)
      await rememberRelease(client, releases, { id, day: before?.day ?? today });
    return { target, applied, report, judgement };
  });
}

/**
 * A rollback must not founder on an exception that lapsed while the release was away: it held when the release was
 * verified, and the scheduled verification says that it has lapsed.
 */
async function registryOf(
  file: string,
  today: string,
  before: Release | undefined,
  log: Log,
): Promise<Registry> {
  try {
    return await loadRegistry(file, today);
  } catch (error) {
    if (!before || !(error instanceof RegistryInvalid)) throw error;
    const registry = await loadRegistry(file, before.day);
    log.line('warn', 'exceptions-lapsed', { message: error.message });
    return registry;
  }
}

async function runMigrations(
  connector: RegistryConnector,
  log: Log,
  before: Release | undefined,
): Promise<void> {
  const { settings, deadline } = connector;
  const { migrations } = settings;
  if (!migrations) return;
  await withConnection(connector, migrations.login, async (client) => {
    deadline.doing = 'migrating';
    try {
      const files = await migrate({
        client,
        dir: migrations.dir,
        log: (message) => log.line('info', 'migration', { message }),
      });
      if (files.length > 0) log.line('info', 'migrated', { files });
    } catch (error) {
      // The database is ahead of a release that was here before: its own migrations are all in.
      if (!before || !(error instanceof CommandError) || error.code !== 'migration-missing')
        throw explained(error, settings.lockSeconds);
      log.line('warn', 'database-is-newer', { message: error.message });
    }
  });
}

function applyRegistry(
  client: Client,
  registry: Registry,
  { settings, deadline }: RegistryConnector,
  log: Log,
): Promise<ApplyReport> {
  deadline.doing = 'comparing the registry with the database';
  const patienceMs = Math.min(settings.lockSeconds * 1000, deadline.remaining() * 0.7);
  return apply(client, registry, {
    patience: { lockTimeoutMs: 50, patienceMs },
    progress: (event) => {
      deadline.doing = describe(event);
      // Attempts come several in a second, and units by the hundred.
      if (event.kind !== 'unit' && (event.kind !== 'retry' || event.attempt % 10 === 1))
        log.line('info', 'apply', { ...event });
    },
  }).catch((error: unknown) => {
    throw explained(error, settings.lockSeconds);
  });
}

function describe(event: Progress): string {
  switch (event.kind) {
    case 'waiting':
      return 'waiting for another applier';
    case 'planned':
      return `applying ${event.changes} changes`;
    case 'unit':
      return `applying ${event.unit} (${event.index} of ${event.of})`;
    case 'failed':
      return `going on after ${event.unit} could not be applied`;
    case 'retry':
      return `waiting for the lock of ${event.unit} (attempt ${event.attempt})`;
  }
}

/** The engine's own errors say what was locked; a bare lock timeout is that of its advisory lock. */
export function explained(error: unknown, lockSeconds: number): unknown {
  if (error instanceof CommandError || sqlstate(error) !== '55P03') return error;
  return new CommandError(
    'applier-busy',
    `another run migrates, applies or verifies in this database, and did not end within ${lockSeconds} s`,
    'Deploy again when it has ended.',
    'system',
    error,
  );
}

/** A release that no longer fits cannot be gone back to; better said than guessed from a list of missing tables. */
async function run<T>(before: Release | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!before || !(error instanceof RegistryInvalid)) throw error;
    throw new CommandError(
      'release-does-not-fit',
      `this release was here before and no longer fits the database:\n${error.message}`,
      'A later migration dropped or renamed what it names: roll forward. The protection stays as the later release left it.',
      'user',
      error,
    );
  }
}
