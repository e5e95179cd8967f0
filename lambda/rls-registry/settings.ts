/** What the function is told by its environment. Every problem is reported at once, and no value of a secret is in it. */
import path from 'node:path';
import { z } from 'zod';
import { CommandError } from '../../sql/db/errors';
import type { Environment } from '../connection/environment';
import type { ConnectionSettings, Login } from '../connection/login';
import { ENVIRONMENT, PACKAGE } from './contract';

export interface Settings extends ConnectionSettings {
  readonly applier: Login;
  readonly migrations: { readonly dir: string; readonly login: Login } | undefined;
  /** Absolute paths. */
  readonly registryFile: string;
  readonly caFile: string;
  readonly probes: 'existing' | 'synthetic' | 'none';
}

const text = z.string().trim().min(1).optional();
const seconds = (otherwise: number) => z.coerce.number().min(1).max(900).default(otherwise);

const raw = z.object({
  host: text.refine((host) => host === undefined || /^[A-Za-z0-9.:-]+$/.test(host), 'is not a host name'),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  database: text,
  login: z.enum(['iam', 'secret']),
  applierUser: text,
  applierSecret: text,
  migrationsDir: text,
  migratorUser: text,
  migratorSecret: text,
  registryFile: text.default(PACKAGE.registry),
  caFile: text.default(PACKAGE.certificates),
  probes: z.enum(['existing', 'synthetic', 'none']).default('existing'),
  connectSeconds: seconds(60),
  lockSeconds: seconds(120),
});

type Raw = z.infer<typeof raw>;

/**
 * Parses the environment; relative paths start at `packageDir`.
 *
 * @throws {CommandError} `settings-invalid`, with one line per problem
 */
export function parseSettings(environment: Environment, packageDir: string): Settings {
  const named = Object.fromEntries(
    // A template that leaves a value empty means that there is none.
    Object.entries(ENVIRONMENT).map(([key, variable]) => [key, environment[variable] || undefined]),
  );
  const parsed = raw.safeParse(named);
  const problems: string[] = unknownVariables(environment);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const variable = ENVIRONMENT[issue.path[0] as keyof typeof ENVIRONMENT];
      problems.push(`${variable}: ${issue.message}`);
    }
    // What depends on which login it is can be said as soon as that is known.
    const login = z.enum(['iam', 'secret']).safeParse(named.login);
    if (login.success) problems.push(...missing({ ...named, login: login.data } as Raw, environment));
    throw invalid(problems);
  }
  const value = parsed.data;
  problems.push(...missing(value, environment));
  if (problems.length > 0) throw invalid(problems);
  const region = environment.AWS_REGION ?? '';
  const login = (user: string | undefined, secret: string | undefined): Login =>
    value.login === 'iam'
      ? { kind: 'iam', user: user ?? '', region }
      : { kind: 'secret', secret: secret ?? '' };
  return {
    host: value.host,
    port: value.port,
    database: value.database,
    applier: login(value.applierUser, value.applierSecret),
    migrations:
      value.migrationsDir === undefined
        ? undefined
        : {
            dir: path.resolve(packageDir, value.migrationsDir),
            login: login(value.migratorUser, value.migratorSecret),
          },
    registryFile: path.resolve(packageDir, value.registryFile ?? PACKAGE.registry),
    caFile: path.resolve(packageDir, value.caFile ?? PACKAGE.certificates),
    probes: value.probes,
    connectSeconds: value.connectSeconds,
    lockSeconds: value.lockSeconds,
  };
}

/** A misspelt variable would be a default without a word. */
function unknownVariables(environment: Environment): string[] {
  const known = new Set<string>(Object.values(ENVIRONMENT));
  return Object.keys(environment)
    .filter((name) => name.startsWith('TZ_') && !known.has(name))
    .map((name) => `${name}: there is no such setting`);
}

function missing(value: Raw, environment: Environment): string[] {
  const wanted: (keyof typeof ENVIRONMENT)[] =
    value.login === 'iam' ? ['host', 'database', 'applierUser'] : ['applierSecret'];
  if (value.migrationsDir) wanted.push(value.login === 'iam' ? 'migratorUser' : 'migratorSecret');
  const why = `is missing, with ${ENVIRONMENT.login}=${value.login}`;
  return [
    ...wanted.filter((key) => !value[key]).map((key) => `${ENVIRONMENT[key]}: ${why}`),
    ...(value.login === 'iam' && !environment.AWS_REGION ? [`AWS_REGION: ${why}`] : []),
  ];
}

function invalid(problems: readonly string[]): CommandError {
  return new CommandError(
    'settings-invalid',
    `the function's environment is wrong:\n${problems.join('\n')}`,
    'Correct the variables; lambda/rls-registry/contract.ts describes them.',
  );
}
