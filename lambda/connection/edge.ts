/** Where errors of a function become reasons: logged once, without secrets, short enough for CloudFormation. */
import type { Context } from 'aws-lambda';
import { CommandError } from '../../sql/db/errors';
import { shorten } from '../cloudformation/reason';
import { readCertificates } from './certificates';
import type { Connector } from './connect';
import { Deadline } from './deadline';
import type { Environment } from './environment';
import { JsonLog } from './json-log';
import type { ConnectionSettings, Credentials } from './login';

export interface Dependencies {
  readonly environment: Environment;
  /** Where the bundle lies. */
  readonly packageDir: string;
  readonly credentials: Credentials;
  readonly write: (line: string) => void;
}

export interface Call<Settings extends ConnectionSettings> {
  readonly log: JsonLog;
  /** Throws what was wrong with the settings. A deletion does not ask. */
  connector(): Connector<Settings>;
}

type Parse<Settings> = (environment: Environment, packageDir: string) => Settings;

/** A handler as Lambda calls it. */
export function atEdge<Settings extends ConnectionSettings & { caFile: string }, Event, Result>(
  dependencies: Dependencies,
  name: string,
  parse: Parse<Settings>,
  handle: (event: Event, call: Call<Settings>) => Promise<Result>,
) {
  const log = new JsonLog(dependencies.write);
  return async (event: Event, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Result> => {
    const deadline = new Deadline(context.getRemainingTimeInMillis());
    const connector = (): Connector<Settings> => {
      const settings = parse(dependencies.environment, dependencies.packageDir);
      return {
        settings,
        certificates: readCertificates(settings.caFile),
        applicationName: `tenant-zero ${name}`,
        credentials: dependencies.credentials,
        deadline,
        keepSecret: log.keepSecret,
        retrying: (why, attempt) => log.line('info', 'connecting', { why, attempt }),
      };
    };
    try {
      return await handle(event, { log, connector });
    } catch (error) {
      log.line('error', 'failed', fieldsOf(error));
      throw failureOf(name, reasonOf(error as Error), log);
    }
  };
}

export function fieldsOf(error: unknown): Record<string, unknown> {
  if (error instanceof CommandError) {
    const { code, message, next, fault } = error;
    return { code, message, next, fault };
  }
  const { name, message, stack, code } = error as Error & { code?: string };
  return { name, code, message, stack };
}

/** What is wrong and what to do next, short enough for CloudFormation. */
export function reasonOf(error: Error): string {
  const [title = error.name, ...rest] = error.message.split('\n');
  return shorten(title, error instanceof CommandError ? [...rest, error.next] : rest);
}

/**
 * What Lambda is given: a new error, without cause and with a stack of one line. The provider framework appends the stack but
 * for its first line, and Lambda logs everything that hangs on an error.
 *
 * @param name - of the function: `secret-rotation` fails as `SecretRotationFailed`
 */
export function failureOf(name: string, reason: string, log: Pick<JsonLog, 'redact'>): Error {
  const clean = new Error(log.redact(reason));
  clean.name = `${name.replace(/(^|-)(.)/g, (_, _dash, letter: string) => letter.toUpperCase())}Failed`;
  clean.stack = `${clean.name}: ${clean.message.split('\n')[0]}`;
  return clean;
}
