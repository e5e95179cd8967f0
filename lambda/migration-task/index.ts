/** Entry point of the bundle. The provider framework of the CDK calls `onEvent`, then `isComplete` until it says yes. */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { createFunction } from './function';

export { createFunction } from './function';

/** A network without a way to the service drops packets: the function shall end with a reason, not with a time-out. */
const limits = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

export const { onEvent, isComplete } = createFunction({
  ecs: new ECSClient(limits),
  logs: new CloudWatchLogsClient(limits),
});
