/** Entry point of the bundle. Lambda calls `onEvent`. */
import { awsCredentials } from '../connection/login';
import { createFunction } from './function';

export { createFunction } from './function';

export const { onEvent } = createFunction({
  environment: process.env,
  packageDir: __dirname,
  credentials: awsCredentials,
  write: (line) => void process.stdout.write(`${line}\n`),
});
