/** How to log in: a token signed with the function's own role, or a secret. Neither is kept longer than one connection. */
import { z } from 'zod';
import { CommandError } from '../../sql/db/errors';

/** Who logs in. */
export type Login =
  | { readonly kind: 'iam'; readonly user: string; readonly region: string }
  /** As RDS writes it: `username`, `password`, perhaps `host`, `port`, `dbname`. */
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string };

/** Where to, and how patiently. */
export interface ConnectionSettings {
  /** Undefined: the secret says it. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly connectSeconds: number;
  readonly lockSeconds: number;
}

/** What AWS is asked for. Tests put fakes here. */
export interface Credentials {
  /** The secret's text. */
  secret(id: string): Promise<string>;
  /** A password for one login, valid for 15 minutes. */
  token(request: { host: string; port: number; user: string; region: string }): Promise<string>;
}

/** The SDK is part of the Lambda runtime; only the half that is needed is loaded. */
export const awsCredentials: Credentials = {
  async secret(id) {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    // A network without a way to Secrets Manager drops packets: without limits the function would end without a reason.
    const client = new SecretsManagerClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 3000, requestTimeout: 5000, throwOnRequestTimeout: true },
    });
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
      if (SecretString === undefined) throw new Error('it is binary');
      return SecretString;
    } finally {
      client.destroy();
    }
  },
  async token({ host, port, user, region }) {
    const { Signer } = await import('@aws-sdk/rds-signer');
    return new Signer({ hostname: host, port, username: user, region }).getAuthToken();
  },
};

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** As RDS writes it; what the database managed by AWS leaves out (`host`, `dbname`) the environment must say. */
const secretShape = z.object({
  username: z.string().min(1),
  password: z.string().min(1),
  host: z.string().min(1).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  dbname: z.string().min(1).optional(),
});

/** Asked for anew at each attempt to connect: a secret may be rotated between two of them. */
export async function resolveLogin(
  settings: ConnectionSettings,
  login: Login,
  credentials: Credentials,
  keepSecret: (value: string) => void,
): Promise<Target> {
  if (login.kind === 'iam') {
    const host = settings.host ?? '';
    const port = settings.port ?? 5432;
    const password = await credentials.token({ host, port, user: login.user, region: login.region });
    keepSecret(password);
    return { host, port, database: settings.database ?? '', user: login.user, password };
  }
  if (login.kind === 'password') {
    keepSecret(login.password);
    const { host = '', port = 5432, database = '' } = settings;
    return { host, port, database, user: login.user, password: login.password };
  }
  const secret = parseSecret(login.secret, await readSecret(login.secret, credentials));
  keepSecret(secret.password);
  const host = settings.host ?? secret.host;
  const database = settings.database ?? secret.dbname;
  if (host === undefined || database === undefined) {
    throw unusable(
      login.secret,
      `neither it nor the environment says ${host ? 'which database' : 'which host'}`,
    );
  }
  const { username: user, password } = secret;
  return { host, port: settings.port ?? secret.port ?? 5432, database, user, password };
}

async function readSecret(id: string, credentials: Credentials): Promise<string> {
  try {
    return await credentials.secret(id);
  } catch (error) {
    // The SDK's message names the caller and the secret, which is what the reader needs; it never holds the value.
    const { name, message } = error as Error;
    throw unusable(id, `${name}: ${message}`);
  }
}

function parseSecret(id: string, value: string): z.infer<typeof secretShape> {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    // The parser's own message quotes the text.
    throw unusable(id, 'it is not JSON');
  }
  const parsed = secretShape.safeParse(json);
  if (parsed.success) return parsed.data;
  const wrong = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'its shape'))];
  throw unusable(id, `these parts are missing or wrong: ${wrong.join(', ')}`);
}

function unusable(id: string, why: string): CommandError {
  return new CommandError(
    'secret-unusable',
    `cannot log in with the secret ${id}: ${why}`,
    'Give the function a secret with username, password, host and dbname, the right to read it, and a way to Secrets Manager.',
  );
}
