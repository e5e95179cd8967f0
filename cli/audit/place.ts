/** Where a stage keeps what an auditor reads: names as `lib/names.ts` gives them, ARNs as AWS says them. */
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { CommandError } from '../../sql/db/errors';
import type { CredentialsProvider } from '../approvals/credentials';
import { asCommandError } from './aws-errors';
import type { DataApiPlace } from './data-api-source';

/** As the stage's stacks name them. */
export const stageNames = (stage: string) => ({
  cluster: `tz-${stage}-database`,
  secret: `tz-${stage}/sensitive/auditor-login`,
  bucket: (account: string, region: string) => `tz-${stage}-audit-${account}-${region}`,
});

/** What every client of the SDK is given. */
export interface AwsConfig {
  readonly region: string;
  readonly profile?: string;
  readonly credentials?: CredentialsProvider;
  /** @default - AWS */
  readonly endpoint?: string;
  readonly forcePathStyle?: boolean;
  readonly maxAttempts?: number;
}

export interface GivenPlace {
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly clusterArn?: string | undefined;
  readonly secretArn?: string | undefined;
  /** @default - that of the stage */
  readonly secretName?: string | undefined;
  /** @default - that of the stage */
  readonly bucket?: string | undefined;
  readonly database: string;
}

/** @throws CommandError `no-stage`, and those of `asCommandError` */
export async function dataApiPlace(given: GivenPlace, config: AwsConfig): Promise<DataApiPlace> {
  const { clusterArn, secretArn, database } = given;
  return {
    resourceArn: clusterArn ?? (await deriveCluster(given, config)),
    secretArn: secretArn ?? (await findSecret(given.secretName ?? stageNames(stageOf(given)).secret, config)),
    database,
  };
}

/** @throws CommandError */
export async function auditBucket(given: GivenPlace, config: AwsConfig): Promise<string> {
  if (given.bucket !== undefined) return given.bucket;
  const { account, region } = await where(given, config);
  return stageNames(stageOf(given)).bucket(account, region);
}

async function deriveCluster(given: GivenPlace, config: AwsConfig): Promise<string> {
  const name = stageNames(stageOf(given)).cluster;
  const { account, region } = await where(given, config);
  return `arn:aws:rds:${region}:${account}:cluster:${name}`;
}

/** With the six characters at its end, which only Secrets Manager knows. */
async function findSecret(name: string, config: AwsConfig): Promise<string> {
  const client = new SecretsManagerClient(config);
  try {
    const { ARN } = await client.send(new DescribeSecretCommand({ SecretId: name }));
    if (ARN !== undefined) return ARN;
    throw new CommandError('no-secret', `there is no secret ${name}`, 'look at --stage and --region');
  } catch (error) {
    throw asCommandError(error, `find the secret ${name}`);
  } finally {
    client.destroy();
  }
}

async function where(given: GivenPlace, config: AwsConfig): Promise<{ account: string; region: string }> {
  const client = new STSClient(config);
  try {
    const region = given.region ?? config.region;
    const account = given.account ?? (await client.send(new GetCallerIdentityCommand({}))).Account;
    if (account !== undefined) return { account, region };
    throw new CommandError('no-account', 'AWS does not say which account this is', 'give --account');
  } catch (error) {
    throw asCommandError(error, 'find out which account this is');
  } finally {
    client.destroy();
  }
}

function stageOf({ stage }: GivenPlace): string {
  if (stage !== undefined) return stage;
  throw new CommandError(
    'no-stage',
    'no stage, and no database',
    'give --stage prod, --database-url, or --local for the server that npm start runs',
  );
}
