/** Conditions on the task definition that the service runs. */
import type { Facts } from '../facts';
import { type Condition, DEPLOYERS, SECURITY, same, seen, wrong } from './condition';

const DIGEST = /@(sha256:[0-9a-f]{64})$/;

/** Of the image that the definition names; undefined: it names none by digest. */
export function wantedDigest({ definition, expected }: Facts): string | undefined {
  const containers = definition?.containerDefinitions ?? [];
  const image = containers.find(({ name }) => name === expected.container)?.image;
  return DIGEST.exec(image ?? '')?.[1];
}

export const DEFINITION: readonly Condition[] = [
  {
    id: 'definition-own',
    what: 'the task definition is of this account, region and family, and ACTIVE',
    whoMends: SECURITY,
    holds: ({ definition, service, expected }) => {
      const { region, account, family } = expected;
      const arn = definition?.taskDefinitionArn ?? '';
      const start = `arn:aws:ecs:${region}:${account}:task-definition/${family}:`;
      const revision = arn.startsWith(start) ? arn.slice(start.length) : '';
      if (arn === '' || arn !== service?.taskDefinition || !/^\d+$/.test(revision))
        return wrong(`it is ${seen(arn)}, not one of ${start}`);
      return (
        same('its family', definition?.family, family) ?? same('its status', definition?.status, 'ACTIVE')
      );
    },
  },
  {
    id: 'task-role',
    what: 'the task has the role of this shell',
    whoMends: SECURITY,
    holds: ({ definition, expected }) => same('taskRoleArn', definition?.taskRoleArn, expected.taskRole),
  },
  {
    id: 'execution-role',
    what: 'the task is started by the execution role of this shell',
    whoMends: SECURITY,
    holds: ({ definition, expected }) =>
      same('executionRoleArn', definition?.executionRoleArn, expected.executionRole),
  },
  {
    id: 'image-pinned',
    what: 'the image is named by its digest',
    whoMends: DEPLOYERS,
    holds: (facts) => (wantedDigest(facts) ? null : wrong('the definition names no digest')),
  },
];
