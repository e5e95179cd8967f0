/** The approval function on one machine: the same code as in AWS, told where its services are. */
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ENVIRONMENT, MEASURE } from '../lambda/approvals/contract';
import { createApprovals } from '../lambda/approvals/handler';
import { stsEndpoint } from '../lambda/approvals/identity/sts';
import { APPROVERS, type Handler, invoke } from './aws';
import { ACCOUNT, FUNCTION_NAME, type LocalKeys, REGION, STAGE } from './connect';
import { NAMES } from './names';
import type { LocalDatabase } from './secrets';

export interface LocalApprovalsOptions {
  readonly endpoint: string;
  /** The function's own. */
  readonly keys: LocalKeys;
  readonly database: LocalDatabase;
  /** Of its log and its metrics. */
  readonly write: (line: string) => void;
}

const LOGINS = { gate: 'sensitive_gate', support: 'support_shell', console: 'staff_admin' } as const;
/** As deployed. */
const OFFICE_HOURS = '6-20';

export interface LocalApprovals {
  readonly handler: Handler;
  /** What the schedule does. @throws when it fails */
  measure(): Promise<void>;
  destroy(): void;
}

export function localApprovals(options: LocalApprovalsOptions): LocalApprovals {
  const { endpoint, keys: credentials, write } = options;
  const config = { endpoint, region: REGION, credentials, maxAttempts: 1 };
  const secrets = new SecretsManagerClient(config);
  const clients = {
    sts: stsEndpoint(endpoint),
    secrets,
    sns: new SNSClient(config),
    ssm: new SSMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
  const { handler } = createApprovals({
    environment: environmentOf(options),
    packageDir: __dirname,
    credentials: {
      secret: async (id) =>
        (await secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString ?? '',
      token: () => Promise.reject(new Error('there are no tokens on one machine: logins have passwords')),
    },
    write,
    clients,
  });
  return {
    handler,
    async measure() {
      const { error } = await invoke(handler, { name: FUNCTION_NAME, arn: NAMES.functionArn }, MEASURE);
      if (error) throw new Error(error.errorMessage);
    },
    destroy() {
      for (const client of [secrets, clients.sns, clients.ssm, clients.s3]) client.destroy();
    },
  };
}

function environmentOf({ database }: LocalApprovalsOptions): Record<string, string> {
  const passwords = Object.fromEntries(
    Object.values(LOGINS).map((login) => [login, database.passwords[login] ?? '']),
  );
  return {
    AWS_REGION: REGION,
    [ENVIRONMENT.stage]: STAGE,
    [ENVIRONMENT.functionName]: FUNCTION_NAME,
    [ENVIRONMENT.account]: ACCOUNT,
    [ENVIRONMENT.host]: '127.0.0.1',
    [ENVIRONMENT.port]: String(database.port),
    [ENVIRONMENT.database]: database.name,
    [ENVIRONMENT.gateUser]: LOGINS.gate,
    [ENVIRONMENT.supportUser]: LOGINS.support,
    [ENVIRONMENT.consoleUser]: LOGINS.console,
    [ENVIRONMENT.tokenKeys]: NAMES.tokenKeys,
    [ENVIRONMENT.approverSecrets]: NAMES.approverSecrets,
    [ENVIRONMENT.approvers]: APPROVERS.join(','),
    [ENVIRONMENT.topic]: NAMES.topic,
    [ENVIRONMENT.auditBucket]: NAMES.auditBucket,
    [ENVIRONMENT.officeHours]: OFFICE_HOURS,
    [ENVIRONMENT.login]: 'password',
    [ENVIRONMENT.passwords]: JSON.stringify(passwords),
  };
}
