/** What the container is told, parsed at boot: every problem at once, and no value of a secret in any of them. */
import { z } from 'zod';
import { CONFIGURATION, ENVIRONMENT } from './contract';

export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';

  constructor(readonly problems: readonly string[]) {
    super(`the environment is wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

const text = z.string().trim().min(1);
const matching = (key: keyof typeof CONFIGURATION) =>
  z
    .string()
    .regex(new RegExp(CONFIGURATION[key].pattern), `does not match ${CONFIGURATION[key].pattern}`)
    .default(CONFIGURATION[key].default);

const shape = z.object({
  stage: text,
  service: z.enum(['backend', 'support-shell'], { error: 'is neither "backend" nor "support-shell"' }),
  host: text.regex(/^[A-Za-z0-9.:-]+$/, 'is not a host name'),
  port: z
    .string()
    .regex(/^\d{1,5}$/, 'is not a port')
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, 'is not a port'),
  database: text,
  user: text,
  login: z.enum(['iam', 'password'], { error: 'is neither "iam" nor "password"' }),
  // As it is: spaces may be part of it.
  password: z.string().min(1).optional(),
  caFile: text.optional(),
  tokenKeys: text.optional(),
  tokenKeysFile: text.optional(),
  sessionKeys: text.optional(),
  sessionKeysFile: text.optional(),
  logLevel: matching('log-level'),
  pageSize: matching('page-size').transform(Number),
  requestTimeoutMs: matching('request-timeout-ms').transform(Number),
});

/** Where a ring of keys comes from: a secret, or on one machine a file. */
export type KeySource = { readonly kind: 'secret' | 'file'; readonly name: string };

export type DatabaseLogin =
  | { readonly kind: 'iam'; readonly region: string; readonly caFile: string }
  /** To this machine only: without TLS. */
  | { readonly kind: 'password'; readonly password: string };

export interface Configuration {
  readonly stage: string;
  readonly service: 'backend' | 'support-shell';
  readonly database: {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
  };
  readonly login: DatabaseLogin;
  readonly tokenKeys: KeySource;
  readonly sessionKeys: KeySource;
  readonly logLevel: string;
  readonly pageSize: number;
  readonly requestTimeoutMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const VARIABLES = {
  ...ENVIRONMENT,
  logLevel: CONFIGURATION['log-level'].variable,
  pageSize: CONFIGURATION['page-size'].variable,
  requestTimeoutMs: CONFIGURATION['request-timeout-ms'].variable,
} as const;

/** @throws {ConfigurationInvalid} */
export function parseConfiguration(environment: Environment): Configuration {
  const named = Object.fromEntries(
    // A template that leaves a value empty means that there is none.
    Object.entries(VARIABLES).map(([key, variable]) => [key, environment[variable] || undefined]),
  );
  const parsed = shape.safeParse(named, {
    error: ({ input }) => (input === undefined ? 'is missing' : undefined),
  });
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(
        ({ path: [key], message }) => `${VARIABLES[key as keyof typeof VARIABLES]}: ${message}`,
      );
  problems.push(...unknown(environment), ...contradictions(named, environment));
  if (!parsed.success || problems.length > 0) throw new ConfigurationInvalid(problems);
  const { host, port, database: name, user, ...rest } = parsed.data;
  return {
    stage: rest.stage,
    service: rest.service,
    database: { host, port, name, user },
    login:
      rest.login === 'iam'
        ? { kind: 'iam', region: environment.AWS_REGION ?? '', caFile: rest.caFile ?? '' }
        : { kind: 'password', password: rest.password ?? '' },
    tokenKeys: source(rest.tokenKeys, rest.tokenKeysFile),
    sessionKeys: source(rest.sessionKeys, rest.sessionKeysFile),
    logLevel: rest.logLevel,
    pageSize: rest.pageSize,
    requestTimeoutMs: rest.requestTimeoutMs,
  };
}

const source = (secret: string | undefined, file: string | undefined): KeySource =>
  secret === undefined ? { kind: 'file', name: file ?? '' } : { kind: 'secret', name: secret };

/** A misspelt variable would be a default without a word. */
function unknown(environment: Environment): string[] {
  const known = new Set<string>(Object.values(VARIABLES));
  return Object.keys(environment)
    .filter((name) => name.startsWith('TZ_') && !known.has(name))
    .map((name) => `${name}: there is no such setting`);
}

function contradictions(named: Record<string, string | undefined>, environment: Environment): string[] {
  const found: string[] = [];
  const unless = (holds: boolean, problem: string) => {
    if (!holds) found.push(problem);
  };
  if (named.login === 'iam') {
    unless(named.caFile !== undefined, `${ENVIRONMENT.caFile}: is missing, with ${ENVIRONMENT.login}=iam`);
    unless(Boolean(environment.AWS_REGION), `AWS_REGION: is missing, with ${ENVIRONMENT.login}=iam`);
  }
  if (named.login === 'password') {
    unless(
      named.password !== undefined,
      `${ENVIRONMENT.password}: is missing, with ${ENVIRONMENT.login}=password`,
    );
    unless(
      ['127.0.0.1', '::1', 'localhost'].includes(named.host ?? ''),
      `${ENVIRONMENT.login}: a password goes to this machine only, not to ${named.host}`,
    );
  }
  if (named.service !== 'backend') return found;
  for (const [secret, file] of [
    ['tokenKeys', 'tokenKeysFile'],
    ['sessionKeys', 'sessionKeysFile'],
  ] as const) {
    unless(
      (named[secret] === undefined) !== (named[file] === undefined),
      `${ENVIRONMENT[secret]}: give either it or ${ENVIRONMENT[file]}`,
    );
  }
  return found;
}
