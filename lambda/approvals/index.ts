/** Entry point of the bundle. */
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { awsCredentials } from '../connection/login';
import { createApprovals } from './handler';
import { stsEndpoint } from './identity/sts';

export { createApprovals } from './handler';

/** A network without a way to the service drops packets: the function shall end with a reason, not with a time-out. */
const limits = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 4000, throwOnRequestTimeout: true },
};

export const { handler } = createApprovals({
  environment: process.env,
  packageDir: __dirname,
  credentials: awsCredentials,
  // Not the console: Lambda puts a time and a request id before its lines, and the metrics format allows nothing.
  write: (line) => void process.stdout.write(`${line}\n`),
  clients: {
    sts: stsEndpoint(),
    secrets: new SecretsManagerClient(limits),
    sns: new SNSClient(limits),
    ssm: new SSMClient(limits),
    s3: new S3Client(limits),
  },
});
