/** Entry point of the bundle. Lambda calls `onEvent` and `onSchedule`. */

import { awsCredentials } from '../connection/login';
import { createFunction } from './function';

export { createFunction } from './function';

export const { onEvent, onSchedule } = createFunction({
  environment: process.env,
  packageDir: __dirname,
  credentials: awsCredentials,
  // Not the console: Lambda puts a time and a request id before its lines, and the metrics format allows nothing.
  write: (line) => void process.stdout.write(`${line}\n`),
});
