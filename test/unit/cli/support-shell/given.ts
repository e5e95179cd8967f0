/** A support shell that is exactly as it should be, as the SDK describes it. */
import { expectedOf } from '../../../../cli/support-shell/expected';
import type { Facts } from '../../../../cli/support-shell/facts';

export const PLACE = { stage: 'test', account: '111122223333', region: 'eu-central-1' };
export const EXPECTED = expectedOf('support-shell', PLACE);
export const DIGEST = `sha256:${'ab'.repeat(32)}`;
export const DEFINITION_ARN = 'arn:aws:ecs:eu-central-1:111122223333:task-definition/tz-test-support:7';
export const TASK_ID = '0123456789abcdef0123456789abcdef';
export const TASK_ARN = `arn:aws:ecs:eu-central-1:111122223333:task/tz-test-support/${TASK_ID}`;
export const RUNTIME_ID = `${TASK_ID}-1234567890`;

/** New each time: cases change it. */
export function goodFacts(): Facts {
  return {
    expected: EXPECTED,
    plugin: { kind: 'works', version: '1.2.707.0' },
    cluster: {
      clusterArn: EXPECTED.cluster.arn,
      status: 'ACTIVE',
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: 'key',
          logging: 'OVERRIDE',
          logConfiguration: {
            cloudWatchLogGroupName: '/tz-test/support-shell/transcripts',
            cloudWatchEncryptionEnabled: true,
            s3BucketName: 'tz-test-transcripts',
            s3EncryptionEnabled: true,
          },
        },
      },
    },
    service: {
      serviceArn: EXPECTED.serviceArn,
      serviceName: 'support-shell',
      status: 'ACTIVE',
      desiredCount: 1,
      runningCount: 1,
      pendingCount: 0,
      taskDefinition: DEFINITION_ARN,
      enableExecuteCommand: true,
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    },
    definition: {
      taskDefinitionArn: DEFINITION_ARN,
      family: 'tz-test-support',
      status: 'ACTIVE',
      taskRoleArn: 'arn:aws:iam::111122223333:role/tz-test-support-shell-task',
      executionRoleArn: 'arn:aws:iam::111122223333:role/tz-test-support-shell-execution',
      containerDefinitions: [
        { name: 'support-shell', image: `registry.example.com/tenant-zero/app@${DIGEST}` },
      ],
    },
    tasks: [goodTask()],
  };
}

export function goodTask() {
  return {
    taskArn: TASK_ARN,
    clusterArn: EXPECTED.cluster.arn,
    taskDefinitionArn: DEFINITION_ARN,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    enableExecuteCommand: true,
    group: 'service:support-shell',
    startedBy: 'ecs-svc/1',
    // As ECS answers when nobody overrode anything.
    overrides: { containerOverrides: [{ name: 'support-shell' }], inferenceAcceleratorOverrides: [] },
    containers: [
      {
        name: 'support-shell',
        lastStatus: 'RUNNING',
        runtimeId: RUNTIME_ID,
        imageDigest: DIGEST,
        managedAgents: [{ name: 'ExecuteCommandAgent' as const, lastStatus: 'RUNNING' }],
      },
    ],
  };
}
