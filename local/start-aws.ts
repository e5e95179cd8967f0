/** AWS on one machine, beside the database of `npm start`: the services, the approval function, and how to reach them. */
import { appendFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SigningKeys } from '../sql/db/token';
import { type Home, writePrivate } from '../sql/local/home';
import { type LocalApprovals, localApprovals } from './approvals';
import { type Aws, fileStore, startAws } from './aws';
import { ACCOUNT, FUNCTION_NAME, type LocalAws, REGION, STAGE } from './connect';
import { localKeys } from './keys';
import { NAMES } from './names';
import { rdsData } from './rds-data';
import { RULES } from './rules';
import { AUDITOR, type LocalDatabase, provisionSecrets } from './secrets';
import { localServices } from './services';

export interface StartAwsOptions {
  readonly database: LocalDatabase;
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
  let aws: Aws | undefined;
  let approvals: LocalApprovals | undefined;
  let schedule: NodeJS.Timeout | undefined;
  let measuring: Promise<void> = Promise.resolve();
  const stop = async () => {
    clearInterval(schedule);
    await rm(home.aws, { force: true });
    await measuring;
    await aws?.close();
    approvals?.destroy();
    await dataApi.close();
    await Promise.all([log.end(), notifications.end()]);
  };
  try {
    const services = localServices({
      ...{ home, store, dataApi, notify: notifications.write },
      // The function needs to know where it is before it can answer.
      handler: async (event, context) => approvals?.handler(event, context),
    });
    aws = await startAws({ region: REGION, directory, rules: RULES, services });
    const { endpoint } = aws;
    approvals = localApprovals({ endpoint, keys: itself, database, write: log.writeOrSay });
    const { measure } = approvals;
    await measure();
    schedule = setInterval(() => {
      // The function writes into its log what went wrong; the next minute comes.
      measuring = measure().catch(() => undefined);
    }, EVERY_MINUTE);
    await writePrivate(home.aws, describe(endpoint, people, database));
    return { endpoint, lines: linesOf(endpoint), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function describe(endpoint: string, people: LocalAws['people'], { port, name }: LocalDatabase): LocalAws {
  const { databaseArn: resourceArn, auditorSecret, auditBucket, topic } = NAMES;
  return {
    pid: process.pid,
    endpoint,
    region: REGION,
    account: ACCOUNT,
    stage: STAGE,
    functionName: FUNCTION_NAME,
    people,
    database: { port, name, resourceArn, auditorSecret },
    auditBucket,
    topic,
  };
}

/** Lines in the order in which they were written; `end` waits for the last one. */
function appender(file: string) {
  let last: Promise<void> = Promise.resolve();
  /** Rejects when the line could not be written. */
  const write = (line: string) => {
    const next = last.then(() => appendFile(file, `${line}\n`, { mode: 0o600 }));
    last = next.catch(() => undefined);
    return next;
  };
  const say = (error: Error) => void process.stderr.write(`error: ${error.message}\n`);
  return { write, writeOrSay: (line: string) => void write(line).catch(say), end: () => last };
}

const linesOf = (endpoint: string) => [
  `AWS on this machine: ${endpoint} (messages to people: notifications.log; the function's log: approvals.log)`,
  `A shell: npm run -s support-shell -- open --local --profile uma --reason 'Looks at an import' --ticket OPS-1`,
  `Access:  npm run -s sensitive-access -- request --local --profile uma --organization own --kind shell --reason 'Looks at an import' --ticket OPS-1`,
];
