/** `npm start` from its arguments to its exit code: one at a time per folder, and nothing left behind. */

import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { failure } from '../cli/failure';
import { quietPipes } from '../cli/pipes';
import { progressLine } from '../cli/progress';
import { CommandError } from '../db/errors';
import type { SigningKeys } from '../db/tenant';
import { type LocalCluster, startCluster } from './cluster';
import { HOME_VARIABLE, type Home, homeOf, isAlive, LOGINS, removeCluster, writePrivate } from './home';
import { stopLeftover } from './leftover';
import { takeLock } from './lock';
import { addresses, tenantLines } from './render';
import { type Output, type Step, setUp, signingKeys, stepper } from './set-up';
import { type Shutdown, shutdown } from './shutdown';
import { TENANTS } from './tenants';

const HELP = `Usage: npm start -- [--fresh] [--once] [--directory <folder>]

Starts PostgreSQL, migrates, applies and verifies the registry, makes demo tenants, and prints what each role can
see, as measured. Runs until Ctrl-C.

  --fresh               begin with a new cluster: what is in the old one is deleted
  --once                do everything, stop the server, and exit
  --directory <folder>  where data and passwords are kept (default: ${HOME_VARIABLE}, else .tenant-zero)

Exit codes: 0 done, 1 the verification fails, 2 could not run, 130 and 143 stopped by a signal before it was ready.
`;

/** What runs beside the database, in this order: handed in, for nothing here may know of it. */
export type Beside = (given: {
  readonly cluster: LocalCluster;
  readonly keys: SigningKeys;
  readonly home: Home;
  readonly step: Step;
}) => Promise<{ readonly lines: readonly string[]; stop(): Promise<void> }>;

interface Options {
  readonly fresh: boolean;
  readonly once: boolean;
  readonly home: Home;
}

export async function start(argv: readonly string[], beside: readonly Beside[] = []): Promise<number> {
  quietPipes();
  const output: Output = {
    print: (text) => void process.stdout.write(`${text}\n`),
    progress: progressLine(process.stderr),
  };
  const down = shutdown();
  try {
    const options = read(argv);
    if (!options) {
      process.stdout.write(HELP);
      return 0;
    }
    return await locked(options, output, down, beside);
  } catch (error) {
    output.progress.clear();
    if (down.code !== undefined) return down.code;
    const { message, details, next } = failure(error, undefined);
    process.stderr.write(
      `${[`error: ${message}`, ...details.map((line) => `  ${line}`), `next: ${next}`].join('\n')}\n`,
    );
    if (process.env.TENANT_ZERO_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return 2;
  } finally {
    down.forget();
  }
}

function read(argv: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        fresh: { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
        directory: { type: 'string' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
    if (values.help) return undefined;
    const home = homeOf(values.directory === undefined ? process.env : { [HOME_VARIABLE]: values.directory });
    return { fresh: values.fresh, once: values.once, home };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ');
    throw new CommandError('usage', message, 'npm start -- --help lists the options');
  }
}

async function locked(
  options: Options,
  output: Output,
  down: Shutdown,
  beside: readonly Beside[],
): Promise<number> {
  const { home } = options;
  const release = await takeLock(home);
  try {
    await rm(home.server, { force: true });
    await rm(home.aws, { force: true });
    if (await stopLeftover(home)) output.print('A server from an earlier start was still there: ended it.');
    if (options.fresh) await removeCluster(home);
    return await running(options, output, down, beside);
  } finally {
    await rm(home.server, { force: true });
    await release();
  }
}

async function running(
  { once, home }: Options,
  output: Output,
  down: Shutdown,
  beside: readonly Beside[],
): Promise<number> {
  const step = stepper(output);
  const starting = step(
    'PostgreSQL',
    () => startCluster(home),
    (up) => `on 127.0.0.1:${up.port}`,
  );
  // A signal may come before there is a server to stop: then it is stopped as soon as there is one.
  starting.catch(() => undefined);
  try {
    const cluster = await down.orUntil(starting);
    const failing = await down.orUntil(setUp(cluster, output, step));
    const more: ReturnType<Beside>[] = [];
    try {
      for (const each of beside) {
        // Kept before it is there: a signal may come first, and then it is stopped as soon as it is.
        const begun = each({ cluster, keys: signingKeys(cluster), home, step });
        more.push(begun);
        await down.orUntil(begun);
      }
      for (const { lines } of await Promise.all(more)) output.print(`\n${lines.join('\n')}`);
      if (once) return failing === 0 ? 0 : 1;
      await announce(cluster, home, output);
      await down.orUntil(untilServerDies(cluster, home, down));
      return 0;
    } finally {
      for (const each of more.reverse()) await (await each.catch(() => undefined))?.stop();
    }
  } catch (error) {
    // Ctrl-C while it waits is how one ends it: nothing went wrong.
    if (down.ready && down.code !== undefined) return 0;
    throw error;
  } finally {
    const cluster = await starting.catch(() => undefined);
    await cluster?.stop();
    if (down.code !== undefined) output.print('Stopped.');
  }
}

async function announce(cluster: LocalCluster, home: Home, output: Output): Promise<void> {
  const applier = cluster.url('registry_applier');
  await writePrivate(home.server, { pid: process.pid, port: cluster.port, database: 'tenant_zero', applier });
  output.print(`\n${addresses(LOGINS, (login) => cluster.url(login))}`);
  output.print(`\n${tenantLines(TENANTS)}`);
  output.print(`\nTry: npm run -s rls -- status\nData and passwords: ${home.directory}\nCtrl-C stops it.`);
}

/** Somebody else may end the server; better said than found out. */
async function untilServerDies(cluster: LocalCluster, home: Home, down: Shutdown): Promise<never> {
  down.ready = true;
  while (cluster.postmaster === undefined || isAlive(cluster.postmaster))
    await new Promise((resolve) => setTimeout(resolve, 1000));
  throw new CommandError(
    'server-died',
    'the server has ended',
    `see ${home.log}, and run npm start again`,
    'system',
  );
}
