/** The two handlers, and what they share: settings read at cold start, one edge at which errors become reasons. */
import type { Context } from 'aws-lambda';
import { readCertificates } from '../connection/certificates';
import type { Connector } from '../connection/connect';
import { Deadline } from '../connection/deadline';
import { type Dependencies, failureOf, fieldsOf, reasonOf } from '../connection/edge';
import { GapsFound } from './gaps';
import { onEvent } from './handler';
import { Log } from './log';
import { onSchedule } from './scheduled';
import { parseSettings, type Settings } from './settings';

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
        // Gaps are told whole: they have been shortened by what they are about.
        const reason = error instanceof GapsFound ? error.message : reasonOf(error as Error);
        throw failureOf('rls-registry', reason, log);
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

/** Stacks are for defects; a gap is none. */
function fields(error: unknown): Record<string, unknown> {
  return error instanceof GapsFound ? { name: error.name, message: error.message } : fieldsOf(error);
}
