/** Applying from the command line: progress on stderr, and a Ctrl-C that stops between two tables. */
import type { Client } from 'pg';
import { type ApplyReport, apply, type Progress } from '../applier/apply';
import { DEFAULT_PATIENCE } from '../applier/lock';
import { CommandError, sqlstate } from '../db/errors';
import { parseName, qualified } from '../db/names';
import { withClient } from '../db/transaction';
import type { Registry } from '../registry';
import { connectionConfig } from './connection';
import type { Context, OptionSpec } from './context';
import { Stopped, wholeNumber } from './usage';

export interface ApplyOptions {
  readonly only?: readonly string[];
  readonly lockTimeout?: number;
  readonly patience?: number;
  /** Believe nothing that an earlier run wrote down. */
  readonly thorough?: boolean;
}

export const PATIENCE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--lock-timeout <ms>',
    description: `how long one attempt queues for a table's lock (default: ${DEFAULT_PATIENCE.lockTimeoutMs})`,
    parse: wholeNumber(1),
  },
  {
    flags: '--patience <seconds>',
    description: `how long to go on trying, per table (default: ${DEFAULT_PATIENCE.patienceMs / 1000})`,
    parse: wholeNumber(0),
  },
];

export interface Applied {
  readonly report: ApplyReport;
  /** Ctrl-C came too late to stop anything: all of it was applied. */
  readonly interrupted: boolean;
}

/** @throws Stopped after a Ctrl-C, saying what is done */
export async function applyFromCommandLine(
  context: Context,
  url: string,
  client: Client,
  registry: Registry,
  options: ApplyOptions,
): Promise<Applied> {
  const done = new Set<string>();
  /** Begun, and neither locked nor failed so far: done as soon as anything else is begun. */
  let begun: string | undefined;
  let stopping = false;
  /** Nothing of this run is half-done: what the connection waits for or reads may be cut off at once. */
  let idle = true;
  const progress = (event: Progress) => {
    idle = event.kind === 'waiting' || event.kind === 'planned';
    if (event.kind === 'retry' || event.kind === 'failed') begun = undefined;
    if (event.kind === 'unit') {
      if (begun !== undefined) done.add(begun);
      begun = event.unit;
    }
    // Between two transactions: whatever is thrown here ends the run in a state that is complete.
    if (stopping) throw new CommandError('interrupted', 'interrupted', 'run apply again');
    tell(context, event);
  };
  const stop = (count: number) => {
    stopping = true;
    if (!idle && count === 1) context.progress.note('stopping when the current table is done');
    // npm passes a Ctrl-C on that the terminal has delivered already: a second one may be the same.
    if (idle || count > 2) void cancel(url, client);
  };
  context.progress.show('comparing the catalog with the registry');
  try {
    const report = await context.interrupts.during(stop, () =>
      apply(client, registry, {
        useMemory: options.thorough !== true,
        ...(options.only && { only: options.only.map(canonical) }),
        patience: {
          lockTimeoutMs: options.lockTimeout ?? DEFAULT_PATIENCE.lockTimeoutMs,
          patienceMs: options.patience === undefined ? DEFAULT_PATIENCE.patienceMs : options.patience * 1000,
        },
        progress,
      }),
    );
    return { report, interrupted: stopping };
  } catch (error) {
    if (stopping && wasStopped(error)) throw new Stopped(whatIsDone([...done]));
    throw error;
  } finally {
    context.progress.clear();
  }
}

function tell({ progress }: Context, event: Progress): void {
  switch (event.kind) {
    case 'waiting':
      progress.note('another apply is running on this database: waiting for it');
      break;
    case 'planned':
      progress.show(`${event.changes} changes in ${event.units} units`);
      break;
    case 'unit':
      progress.show(`${event.index}/${event.of} ${event.unit}`);
      break;
    case 'failed':
      progress.note(`${event.unit} could not be applied: going on with the others`);
      break;
    case 'retry':
      // Attempts come by the second once the pauses have grown; one line in so many is enough to explain the silence.
      if (event.attempt === 3 || event.attempt % 30 === 0)
        progress.note(`${event.unit} is locked by somebody else: attempt ${event.attempt}`);
      break;
  }
}

function wasStopped(error: unknown): boolean {
  if (error instanceof CommandError) return error.code === 'interrupted' || wasStopped(error.cause);
  return sqlstate(error) === '57014';
}

function whatIsDone(done: readonly string[]): string {
  if (done.length === 0) return 'interrupted: nothing was changed';
  const names =
    done.length > 5 ? `${done.slice(0, 5).join(', ')} and ${done.length - 5} more` : done.join(', ');
  return `interrupted: ${done.length} of the units are done and stay (${names}); run apply again for the rest`;
}

async function cancel(url: string, client: Client): Promise<void> {
  const pid = (client as unknown as { processID: number | null }).processID;
  await withClient(connectionConfig(url), (other) =>
    other.query('SELECT pg_catalog.pg_cancel_backend($1)', [pid]),
  ).catch(() => undefined);
}

/** As `status` prints it; `employees` means the one in schema public. */
function canonical(text: string): string {
  const parts = parseName(text)?.parts;
  if (!parts) return text;
  const [schema, name] = parts.length === 2 ? parts : ['public', parts[0]];
  return qualified({ schema: schema as string, name: name as string });
}
