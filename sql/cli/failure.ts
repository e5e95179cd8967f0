/** Any error -> what is printed about it: one line that says what is wrong and one that says what to do. Pure. */
import { CommandError, sqlstate } from '../db/errors';
import { formatProblem, RegistryInvalid } from '../registry';

export interface Failure {
  /** Stable, for machines: a `CommandError`'s code, an SQLSTATE, or the code of a system error. */
  readonly code: string;
  readonly message: string;
  /** Further lines: a registry has as many problems as it has. */
  readonly details: readonly string[];
  readonly next: string;
}

/** Where the command wanted to connect, without the password. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

type Say = (target: Target, message: string) => readonly [message: string, next: string];

const where = ({ host, port }: Target) =>
  host.startsWith('/') ? `${host} (socket ${port})` : `${host}:${port}`;

const REACH: Say = (target, message) => [
  `cannot reach a server at ${where(target)}: ${message}`,
  'is the server running, and are host and port right? --database-url names another one',
];
const TLS: Say = (target, message) => [
  `no trusted TLS connection to ${where(target)}: ${message}`,
  'add sslrootcert=<file of the authority> to the URL, and name the server as its certificate does',
];
const LOST: Say = (target, message) => [
  `the connection to ${where(target)} was lost: ${message}`,
  'what was committed stays, the rest was rolled back; run the command again',
];

/** By SQLSTATE or by the code of a system error. */
const KNOWN: Readonly<Record<string, Say>> = {
  ECONNREFUSED: (target) => REACH(target, 'connection refused'),
  ENOTFOUND: (target) => REACH(target, 'there is no such host'),
  EAI_AGAIN: (target) => REACH(target, 'the name server does not answer'),
  ETIMEDOUT: (target) => REACH(target, 'no answer'),
  EHOSTUNREACH: (target) => REACH(target, 'no route to the host'),
  ENETUNREACH: (target) => REACH(target, 'no route to its network'),
  ENOENT: REACH,
  EACCES: REACH,
  ECONNRESET: LOST,
  EPIPE: LOST,
  DEPTH_ZERO_SELF_SIGNED_CERT: TLS,
  SELF_SIGNED_CERT_IN_CHAIN: TLS,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS,
  CERT_HAS_EXPIRED: TLS,
  ERR_TLS_CERT_ALTNAME_INVALID: TLS,
  '28P01': ({ user }) => [
    `the password of ${user} is wrong, or ${user} does not exist`,
    'correct user and password in --database-url (percent-encode special characters)',
  ],
  '28000': (_, message) => [
    `the server refuses the login: ${message}`,
    'see pg_hba.conf, and whether the role may log in',
  ],
  '3D000': ({ database, host, port }) => [
    `there is no database ${database} on ${host}:${port}`,
    'correct the name at the end of --database-url, or create the database',
  ],
  '42501': (target, message) => [
    `login ${target.user} lacks a privilege: ${message}`,
    'connect as the applying login: it needs CREATE on the database, CREATEROLE, and membership in the owners of the tables',
  ],
  '25006': ({ host, port }, message) => [
    `${host}:${port} is read-only: ${message}`,
    'connect to the primary, and see default_transaction_read_only of the login',
  ],
  '53300': (_, message) => [
    `the server has no connection left: ${message}`,
    'wait, or raise max_connections',
  ],
  '57P03': (_, message) => [`the server is not ready: ${message}`, 'wait a moment and run the command again'],
  '57014': (_, message) => [
    `the server gave up on a statement: ${message}`,
    'look for what blocks it in pg_stat_activity, and run the command again',
  ],
  '55P03': (_, message) => [
    `a lock was not free: ${message}`,
    'run the command again when the other transaction has ended',
  ],
  '57P01': LOST,
  '57P02': LOST,
};

/** By the text, where drivers give no code. */
const BY_TEXT: readonly (readonly [RegExp, string, Say])[] = [
  [
    /client password must be a (non-empty )?string|no password supplied/,
    'password-missing',
    ({ user }) => [
      `the server asks ${user} for a password, and there is none`,
      'put it into --database-url or PGPASSWORD',
    ],
  ],
  [
    /timeout expired|connection timeout|timeout exceeded/i,
    'connect-timeout',
    (target) => REACH(target, 'no answer in 10 s'),
  ],
  [
    /does not support SSL/i,
    'no-tls',
    (target) => [
      `the server at ${where(target)} does not speak TLS`,
      'leave sslmode out of the URL if the way to it is safe',
    ],
  ],
  [/Connection terminated|Client has encountered a connection error/i, 'connection-lost', LOST],
];

export function failure(
  error: unknown,
  target: Target | undefined,
  secrets: readonly string[] = [],
): Failure {
  const said = describe(error, target);
  const clean = (text: string) => scrub(text.replace(/\s*\n\s*/g, ' ').trim(), secrets);
  return { ...said, message: clean(said.message), details: said.details.map(clean), next: clean(said.next) };
}

function describe(error: unknown, target: Target | undefined): Failure {
  if (error instanceof RegistryInvalid && error.problems.length > 1) {
    const { problems, code, next } = error;
    const file = problems[0]?.location.file;
    return {
      code,
      message: `${problems.length} problems in ${file}`,
      details: problems.map(formatProblem),
      next,
    };
  }
  if (error instanceof CommandError)
    return { code: error.code, message: error.message, details: [], next: error.next };
  const cause = firstOf(error);
  const code = codeOf(cause);
  const message = cause instanceof Error ? cause.message : String(cause);
  const say = (KNOWN[code] ?? BY_TEXT.find(([text]) => text.test(message))?.[2]) as Say | undefined;
  const name = code || (BY_TEXT.find(([text]) => text.test(message))?.[1] ?? 'unexpected');
  if (say && target) {
    const [what, next] = say(target, message);
    return { code: name, message: what, details: [], next };
  }
  const from = sqlstate(cause) ? `the database says ${code}: ` : 'unexpected: ';
  return {
    code: name,
    message: `${from}${message || name}`,
    details: [],
    next: 'this is not an error we know: set TENANT_ZERO_DEBUG=1 for the stack, and report it',
  };
}

/** `localhost` is tried on IPv6 and IPv4; node reports both failures as one without a message. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** Texts of drivers and servers may quote what they were given. Very short secrets would turn every text into stars. */
function scrub(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length > 3)
    .reduce((kept, secret) => kept.replaceAll(secret, '***'), text);
}
