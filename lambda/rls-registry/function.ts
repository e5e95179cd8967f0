/** The two handlers, and what they share: settings read at cold start, one edge at which errors become reasons. */
import type { Context } from 'aws-lambda';
import { CommandError } from '../../sql/db/errors';
import { shorten } from '../cloudformation/reason';
import { readCertificates } from '../connection/certificates';
import type { Connector } from '../connection/connect';
import { Deadline } from '../connection/deadline';
import type { Credentials } from '../connection/login';
import { GapsFound } from './gaps';
import { onEvent } from './handler';
import { Log } from './log';
import { onSchedule } from './scheduled';
import { type Environment, parseSettings, type Settings } from './settings';

export interface Dependencies {
  readonly environment: Environment;
  /** Where the bundle lies. */
  readonly packageDir: string;
  readonly credentials: Credentials;
  readonly write: (line: string) => void;
}

export type RegistryConnector = Connector<Settings>;

/** What a handler works with. */
export interface Call {
  readonly log: Log;
  readonly deadline: Deadline;
  /** Throws what was wrong at cold start. A deletion does not ask. */
  connector(): RegistryConnector;
}

export type Remaining = Pick<Context, 'getRemainingTimeInMillis'>;

export function createFunction(dependencies: Dependencies) {
  const log = new Log(dependencies.write);
  const start = coldStart(dependencies, log);
  const edge =
    <E, R>(handler: (event: E, call: Call) => Promise<R>) =>
    async (event: E, context: Remaining): Promise<R> => {
      const deadline = new Deadline(context.getRemainingTimeInMillis());
      const connector = (): RegistryConnector => {
        if ('error' in start) throw start.error;
        return {
          ...start,
          applicationName: 'tenant-zero rls-registry',
          credentials: dependencies.credentials,
          deadline,
          keepSecret: log.keepSecret,
          retrying: (why, attempt) => log.line('info', 'connecting', { why, attempt }),
        };
      };
      try {
        return await handler(event, { log, deadline, connector });
      } catch (error) {
        log.line('error', 'failed', { ...fields(error) });
        throw failure(error, log);
      }
    };
  return { onEvent: edge(onEvent), onSchedule: edge(onSchedule) };
}

/** A mistake is written to the log at once, and thrown by every call but a deletion: that must not need settings. */
function coldStart(
  { environment, packageDir }: Dependencies,
  log: Log,
): { settings: Settings; certificates: string } | { error: unknown } {
  try {
    const settings = parseSettings(environment, packageDir);
    return { settings, certificates: readCertificates(settings.caFile) };
  } catch (error) {
    log.line('error', 'cold-start', { ...fields(error) });
    return { error };
  }
}

function fields(error: unknown): Record<string, unknown> {
  if (error instanceof CommandError) {
    const { code, message, next, fault } = error;
    return { code, message, next, fault };
  }
  const { name, message, stack, code } = error as Error & { code?: string };
  // Stacks are for defects; a gap is none.
  return error instanceof GapsFound ? { name, message } : { name, code, message, stack };
}

/**
 * What Lambda is given: a new error, without cause and with a stack of one line. The provider framework appends the
 * stack but for its first line, and Lambda logs everything that hangs on an error.
 */
function failure(error: unknown, log: Log): Error {
  const reason = error instanceof GapsFound ? error.message : shorten(...lines(error as Error), undefined);
  const clean = new Error(log.redact(reason));
  clean.name = 'RlsRegistryFailed';
  clean.stack = `${clean.name}: ${clean.message.split('\n')[0]}`;
  return clean;
}

function lines(error: Error): [title: string, lines: string[]] {
  const [title = error.name, ...rest] = error.message.split('\n');
  return [title, error instanceof CommandError ? [...rest, error.next] : rest];
}
