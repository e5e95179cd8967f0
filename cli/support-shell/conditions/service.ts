/** Conditions on this machine, the cluster and the service. */
import type { Facts } from '../facts';
import { type Condition, DEPLOYERS, type Doubt, notYet, SECURITY, same, seen, wrong } from './condition';

/** A deploy is under way: what it is about to change may come right. */
export function isRollingOut({ service }: Facts): boolean {
  return (service?.deployments ?? []).some(
    ({ status, rolloutState }) => status === 'PRIMARY' && rolloutState === 'IN_PROGRESS',
  );
}

export const MACHINE: readonly Condition[] = [
  {
    id: 'plugin-present',
    what: 'session-manager-plugin is installed',
    whoMends:
      'you: install it, https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html',
    holds: ({ plugin }) =>
      plugin.kind === 'absent' ? wrong('there is no session-manager-plugin on the PATH') : null,
  },
  {
    id: 'plugin-runs',
    what: 'session-manager-plugin runs and says its version',
    whoMends: 'you: install it again',
    holds: ({ plugin }) => (plugin.kind === 'broken' ? wrong(plugin.problem) : null),
  },
];

export const CLUSTER: readonly Condition[] = [
  {
    id: 'cluster-active',
    what: 'the cluster exists and is ACTIVE',
    whoMends: DEPLOYERS,
    holds: ({ cluster, expected }) =>
      cluster === undefined
        ? wrong(`there is no cluster ${expected.cluster.arn}`)
        : same('its status', cluster.status, 'ACTIVE'),
  },
  {
    id: 'transcripts-kept',
    what: 'the cluster keeps what is typed and shown: logging OVERRIDE, encrypted, to a log group or a bucket',
    whoMends: SECURITY,
    holds: ({ cluster }) => transcripts(cluster?.configuration?.executeCommandConfiguration),
  },
];

type Exec = NonNullable<NonNullable<Facts['cluster']>['configuration']>['executeCommandConfiguration'];

function transcripts(exec: Exec): Doubt {
  if (exec?.logging !== 'OVERRIDE') return wrong(`logging is ${seen(exec?.logging)}`);
  const log = exec.logConfiguration;
  const toLogs = Boolean(log?.cloudWatchLogGroupName);
  const toBucket = Boolean(log?.s3BucketName);
  if (!toLogs && !toBucket) return wrong('it names neither a log group nor a bucket');
  if (toLogs && log?.cloudWatchEncryptionEnabled !== true)
    return wrong('the log group need not be encrypted');
  if (toBucket && log?.s3EncryptionEnabled !== true) return wrong('the bucket need not be encrypted');
  if (!exec.kmsKeyId) return wrong('no key encrypts the channel');
  return null;
}

export const SERVICE: readonly Condition[] = [
  {
    id: 'service-exists',
    what: 'the service exists, under its own ARN',
    whoMends: DEPLOYERS,
    holds: ({ service, expected }) =>
      service === undefined
        ? wrong(`there is no service ${expected.service} in ${expected.cluster.name}`)
        : same('its ARN', service.serviceArn, expected.serviceArn),
  },
  {
    id: 'service-active',
    what: 'the service is ACTIVE',
    whoMends: DEPLOYERS,
    holds: ({ service }) => same('its status', service?.status, 'ACTIVE'),
  },
  {
    id: 'service-wanted',
    what: 'the service wants at least one task',
    whoMends: 'the platform engineers: somebody set its desired count to 0',
    holds: ({ service }) => {
      const desired = service?.desiredCount;
      return typeof desired === 'number' && desired > 0 ? null : wrong(`it wants ${seen(desired)}`);
    },
  },
  {
    id: 'service-running',
    what: 'as many tasks run as the service wants',
    whoMends: 'the platform engineers: the events of the service say why its tasks end',
    holds: ({ service }) => {
      const { runningCount: running, desiredCount: desired, pendingCount: pending = 0 } = service ?? {};
      if (typeof running === 'number' && running > 0 && running === desired) return null;
      const found = `${seen(running)} of ${seen(desired)} run`;
      return typeof desired === 'number' && desired > 0 && pending > 0 ? notYet(found) : wrong(found);
    },
  },
  {
    id: 'rollout-completed',
    what: 'the last deploy is complete: one deployment, PRIMARY, COMPLETED',
    whoMends: 'the platform engineers: the deploy failed or hangs; deploy again, or wait for its rollback',
    holds: (facts) => {
      const deployments = facts.service?.deployments ?? [];
      const [only] = deployments;
      if (deployments.length === 1 && only?.status === 'PRIMARY' && only.rolloutState === 'COMPLETED')
        return null;
      const found = deployments
        .map(({ status, rolloutState }) => `${seen(status)} ${seen(rolloutState)}`)
        .join(', ');
      return isRollingOut(facts) ? notYet(found) : wrong(found || 'no deployment');
    },
  },
  {
    id: 'service-enterable',
    what: 'ECS Exec is on for the service',
    whoMends:
      'nobody, for the backend: it is off on purpose (docs/security.md). Else the platform engineers: deploy',
    holds: ({ service }) => same('enableExecuteCommand', service?.enableExecuteCommand, true),
  },
];
