/** Entry point of the bundle. */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsCredentials } from '../connection/login';
import { createFunction } from './function';
import { secretsManager } from './store';

export { createFunction } from './function';
export { secretsManager } from './store';

export const { handler } = createFunction(
  {
    environment: process.env,
    packageDir: __dirname,
    credentials: awsCredentials,
    write: (line) => void process.stdout.write(`${line}\n`),
  },
  secretsManager(
    new SecretsManagerClient({
      maxAttempts: 3,
      // A network without a way there drops packets: the function shall end with a reason, not with a time-out.
      requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
    }),
  ),
);
