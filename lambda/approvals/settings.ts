/** The environment of the approval function, all problems at once. */
import path from 'node:path';
import { z } from 'zod';
import { type Environment, parseEnvironment } from '../connection/environment';
import type { ConnectionSettings, Login } from '../connection/login';
import { ENVIRONMENT } from './contract';

/** Hours of a day, UTC, from 0 to 24; `to` is outside. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

export interface Settings extends ConnectionSettings {
  readonly stage: string;
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  /** May call the functions of the approval path, and reads no row of a tenant. */
  readonly gate: Login;
  /** As whom a revocation is proved. */
  readonly support: Login;
  readonly console: Login;
  readonly tokenKeys: string;
  /** Prefix of names. */
  readonly approverSecrets: string;
  /** Names, as the stage declares them. */
  readonly approvers: readonly string[];
  readonly topic: string;
  readonly auditBucket: string;
  readonly officeHours: Hours;
  /** Undefined: a database on this machine, without TLS. */
  readonly caFile: string | undefined;
}

const text = z.string().trim().min(1);
const user = text.regex(/^[a-z_][a-z0-9_]*$/, 'is not the name of a login');
const names = text
  .transform((list) => list.split(',').map((name) => name.trim()))
  .pipe(z.array(z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'has a name that is none of an approver')));

const shape = z.object({
  stage: text.regex(/^[a-z][a-z0-9-]*$/, 'is not the name of a stage'),
  functionName: text,
  account: text.regex(/^\d{12}$/, 'is not an account of AWS: twelve digits'),
  host: text.regex(/^[A-Za-z0-9.:-]+$/, 'is not a host name'),
  port: z.coerce.number().int().min(1).max(65_535),
  database: text,
  gateUser: user,
  supportUser: user,
  consoleUser: user,
  tokenKeys: text,
  approverSecrets: text.regex(/\/$/, 'does not end with a slash: it is the beginning of names'),
  approvers: names,
  topic: text.startsWith('arn:', 'is not the ARN of a topic'),
  auditBucket: text,
  officeHours: text
    .regex(/^\d{1,2}-\d{1,2}$/, 'is not two hours, such as 6-20')
    .transform((hours) => hours.split('-').map(Number) as [number, number])
    .refine(([from, to]) => from < to && to <= 24, 'does not begin before it ends'),
  login: z.enum(['iam', 'password']).default('iam'),
  passwords: text.optional(),
  caFile: text.default('database-ca.pem'),
});

/** @throws {CommandError} `settings-invalid`, with one line per problem */
export function parseSettings(environment: Environment, packageDir: string): Settings {
  const region = environment.AWS_REGION ?? '';
  const passwords = parsePasswords(environment);
  const {
    caFile,
    login,
    gateUser,
    supportUser,
    consoleUser,
    passwords: _,
    officeHours,
    ...rest
  } = parseEnvironment(environment, ENVIRONMENT, shape, 'lambda/approvals/contract.ts', [
    ...(region ? [] : ['AWS_REGION: is missing; proofs of who calls are signed for a region']),
    ...passwords.problems,
  ]);
  const as = (user: string): Login =>
    login === 'iam'
      ? { kind: 'iam', user, region }
      : { kind: 'password', user, password: passwords.of[user] ?? '' };
  const [from, to] = officeHours;
  return {
    ...rest,
    region,
    gate: as(gateUser),
    support: as(supportUser),
    console: as(consoleUser),
    officeHours: { from, to },
    // `withConnection` refuses to go without TLS anywhere but to this machine.
    caFile: login === 'iam' ? path.resolve(packageDir, caFile) : undefined,
    // Somebody waits for the answer.
    connectSeconds: 10,
    lockSeconds: 10,
  };
}

/** `password` only: one for each login. */
function parsePasswords(environment: Environment): { of: Record<string, string>; problems: string[] } {
  if (environment[ENVIRONMENT.login] !== 'password') return { of: {}, problems: [] };
  const problem = (what: string) => ({ of: {}, problems: [`${ENVIRONMENT.passwords}: ${what}`] });
  let json: unknown;
  try {
    json = JSON.parse(environment[ENVIRONMENT.passwords] ?? '');
  } catch {
    // The parser's own message quotes the text.
    return problem('is not JSON: password by login');
  }
  const parsed = z.record(z.string(), z.string().min(1)).safeParse(json);
  if (!parsed.success) return problem('is not an object with a password for each login');
  const { gateUser, supportUser, consoleUser } = ENVIRONMENT;
  const missing = [gateUser, supportUser, consoleUser]
    .map((variable) => environment[variable] ?? '')
    .filter((login) => login && parsed.data[login] === undefined);
  if (missing.length > 0) return problem(`has no password for ${missing.join(', ')}`);
  return { of: parsed.data, problems: [] };
}
