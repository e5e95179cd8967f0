/** AWS on one machine, beside the database of `npm start`: the services, the approval function, and how to reach them. */
import { appendFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { formatSigningKeys } from '../sql/db/key-ring';
import type { SigningKeys } from '../sql/db/token';
import { type Home, writePrivate } from '../sql/local/home';
import { type LocalApprovals, localApprovals } from './approvals';
import {
  APPROVERS,
  type Aws,
  fileStore,
  folderObjects,
  lambda,
  provision,
  rdsDataService,
  replace,
  type SecretStore,
  s3,
  secretsManager,
  sns,
  ssm,
  startAws,
  sts,
} from './aws';
import { ACCOUNT, FUNCTION_NAME, type LocalAws, REGION, STAGE } from './connect';
import { localKeys } from './keys';
import { NAMES } from './names';
import { rdsData } from './rds-data';
import { RULES } from './rules';

export interface StartAwsOptions {
  readonly database: {
    readonly port: number;
    readonly name: string;
    /** By login. */
    readonly passwords: Readonly<Record<string, string>>;
  };
  readonly tokenKeys: SigningKeys;
  readonly home: Home;
}

const EVERY_MINUTE = 60_000;

/** Starts it, lets the function measure once - it answers, or the start fails -, and says how to try it. */
export async function startLocalAws({ database, tokenKeys, home }: StartAwsOptions) {
  const { directory, people, itself } = await localKeys(home.awsKeys);
  const store = fileStore(home.sensitiveSecrets);
  await provisionSecrets(store, tokenKeys, database);
  const log = appender(path.join(home.directory, 'approvals.log'));
  const notifications = appender(home.notifications);
  const dataApi = rdsData({
    resourceArn: NAMES.databaseArn,
    host: '127.0.0.1',
    port: database.port,
    database: database.name,
    // Who may read which secret was looked at before: the only one that the rules leave is the auditor's.
    secret: () => ({ username: AUDITOR, password: database.passwords[AUDITOR] ?? '' }),
  });
  const place = { region: REGION, account: ACCOUNT };
  let approvals: LocalApprovals | undefined;
  let schedule: NodeJS.Timeout | undefined;
  let aws: Aws | undefined;
  const stop = async () => {
    clearInterval(schedule);
    await rm(home.aws, { force: true });
    await aws?.close();
    approvals?.destroy();
    await dataApi.close();
    await Promise.all([log.end(), notifications.end()]);
  };
  try {
    aws = await startAws({
      region: REGION,
      directory,
      rules: RULES,
      services: {
        sts: sts(),
        lambda: lambda({
          ...place,
          functions: {
            [FUNCTION_NAME]: (event, context) =>
              approvals ? approvals.handler(event, context) : Promise.reject(new Error('not started yet')),
          },
        }),
        secretsmanager: secretsManager({ ...place, store }),
        sns: sns({
          topics: [NAMES.topic],
          deliver: ({ subject, message }) =>
            notifications.write(`${new Date().toISOString()} ${subject ?? '(no subject)'}\n${message}\n`),
        }),
        ssm: ssm(place),
        s3: s3({ buckets: { [NAMES.auditBucket]: folderObjects(home.audit) } }),
        'rds-data': rdsDataService(dataApi),
      },
    });
    approvals = localApprovals({ endpoint: aws.endpoint, keys: itself, database, write: log.write });
    const { measure } = approvals;
    await measure();
    // The function writes into its log what went wrong; the next minute comes.
    schedule = setInterval(() => void measure().catch(() => undefined), EVERY_MINUTE);
    const written: LocalAws = {
      pid: process.pid,
      endpoint: aws.endpoint,
      ...{ ...place, stage: STAGE, functionName: FUNCTION_NAME, people },
      database: {
        port: database.port,
        name: database.name,
        resourceArn: NAMES.databaseArn,
        auditorSecret: NAMES.auditorSecret,
      },
      auditBucket: NAMES.auditBucket,
      topic: NAMES.topic,
    };
    await writePrivate(home.aws, written);
    return { endpoint: aws.endpoint, lines: linesOf(aws.endpoint), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const AUDITOR = 'auditor';

/** Seeds stay as they are; what the cluster decides is written anew. */
async function provisionSecrets(
  store: SecretStore,
  tokenKeys: SigningKeys,
  { port, name, passwords }: StartAwsOptions['database'],
): Promise<void> {
  const seedless = APPROVERS.map((approver) => [
    `${NAMES.approverSecrets}${approver}`,
    JSON.stringify({ approver, seed: null }),
  ]);
  await provision(store, Object.fromEntries(seedless));
  const login = { username: AUDITOR, password: passwords[AUDITOR], host: '127.0.0.1', port, dbname: name };
  await replace(store, {
    [NAMES.tokenKeys]: formatSigningKeys(tokenKeys),
    [NAMES.auditorSecret]: JSON.stringify(login),
  });
}

/** Lines in the order in which they were written; `end` waits for the last one. */
function appender(file: string) {
  let last: Promise<void> = Promise.resolve();
  const write = (line: string) => {
    const next = last.then(() => appendFile(file, `${line}\n`, { mode: 0o600 }));
    last = next.catch(() => undefined);
    return next;
  };
  return {
    /** Rejects when the line could not be written. */
    write,
    end: () => last,
  };
}

const linesOf = (endpoint: string) => [
  `AWS on this machine: ${endpoint} (messages to people: notifications.log; the function's log: approvals.log)`,
  `A shell: npm run -s support-shell -- open --local --profile uma --reason 'Looks at an import' --ticket-number OPS-1`,
  `Access:  npm run -s sensitive-access -- request --local --profile uma --organization own --kind shell --reason 'Looks at an import' --ticket OPS-1`,
];
