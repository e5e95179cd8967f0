/** How command lines find AWS on this machine: what `npm start` wrote down, and settings for clients of the SDK. */
import { CommandError } from '../sql/db/errors';
import { homeOf, isAlive, type Login, readJson, readServer, type Secrets } from '../sql/local/home';

type Environment = Readonly<Record<string, string | undefined>>;

export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';
export const STAGE = 'local';
export const FUNCTION_NAME = 'tz-local-approvals';

/** Temporary keys, as Identity Center hands them out. */
export interface LocalKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** `.tenant-zero/aws.json`, which exists while `npm start` runs. */
export interface LocalAws {
  /** Of `npm start`. */
  readonly pid: number;
  /** `http://127.0.0.1:<port>`, for every service. */
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly stage: string;
  readonly functionName: string;
  /** By name, as `--profile` takes it. `arn`: what GetCallerIdentity says. */
  readonly people: Readonly<Record<string, LocalKeys & { readonly arn: string }>>;
  /** For the Data API. */
  readonly database: {
    readonly port: number;
    readonly name: string;
    readonly resourceArn: string;
    /** Name of the secret with the auditor's login, `{ username, password }`. */
    readonly auditorSecret: string;
  };
  readonly auditBucket: string;
  readonly topic: string;
}

/** Undefined when nothing runs there. What a killed start left behind does not count. */
export async function readLocalAws(env: Environment): Promise<LocalAws | undefined> {
  const aws = await readJson<LocalAws>(homeOf(env).aws);
  return aws && isAlive(aws.pid) ? aws : undefined;
}

/**
 * For `new STSClient(...)` and every other client; S3 takes `forcePathStyle`, the others ignore it.
 * @throws CommandError `unknown-profile`
 */
export function clientConfig(local: Pick<LocalAws, 'endpoint' | 'region' | 'people'>, person: string) {
  const keys = Object.hasOwn(local.people, person) ? local.people[person] : undefined;
  if (!keys) {
    const names = Object.keys(local.people).join(', ');
    throw new CommandError('unknown-profile', `there is no profile ${person} here`, `take one of: ${names}`);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  return {
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    forcePathStyle: true,
    maxAttempts: 2,
  };
}

/** Address with password of a login of the running server; undefined when none runs. */
export async function localDatabase(env: Environment, login: Login): Promise<string | undefined> {
  const server = await readServer(env);
  const secrets = await readJson<Secrets>(homeOf(env).secrets);
  const password = secrets?.passwords[login];
  if (!server || password === undefined) return undefined;
  return `postgres://${login}:${password}@127.0.0.1:${server.port}/${server.database}`;
}
