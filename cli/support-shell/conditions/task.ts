/** Conditions on the tasks of the service. Each holds for every one of them: none is passed over to reach a better one. */
import type { Container, Task, TaskOverride } from '@aws-sdk/client-ecs';
import type { Facts } from '../facts';
import { type Condition, type Doubt, notYet, SECURITY, same, seen, wrong } from './condition';
import { wantedDigest } from './definition';
import { isRollingOut } from './service';

const BEFORE_RUNNING = ['PROVISIONING', 'PENDING', 'ACTIVATING'];
const AGENT = 'ExecuteCommandAgent';

type OfTask = (task: Task, facts: Facts) => Doubt;

/** A false one for the first task counts before a passing one of another. */
const every =
  (check: OfTask) =>
  (facts: Facts): Doubt => {
    const doubts = facts.tasks.map((task) => check(task, facts)).filter((doubt) => doubt !== null);
    return doubts.find(({ passing }) => !passing) ?? doubts[0] ?? null;
  };

const containerOf = ({ containers = [] }: Task, { expected }: Facts): Container | undefined =>
  containers.find(({ name }) => name === expected.container);

/** Starting is a matter of time; anything else is not. */
const status = (name: string, given: string | undefined, starting: readonly string[]): Doubt =>
  given !== undefined && starting.includes(given)
    ? notYet(`${name} is ${given}`)
    : same(name, given, 'RUNNING');

export const TASKS: readonly Condition[] = [
  {
    id: 'task-there',
    what: 'ECS lists a task of the service',
    whoMends: 'the platform engineers: the events of the service say why there is none',
    holds: (facts) => {
      if (facts.tasks.length > 0) return null;
      return isRollingOut(facts) ? notYet('none yet') : wrong('there is none');
    },
  },
  {
    id: 'task-place',
    what: 'the task is in exactly this cluster, account and region',
    whoMends: SECURITY,
    holds: every((task, { expected: { cluster, region, account } }) => {
      const start = `arn:aws:ecs:${region}:${account}:task/${cluster.name}/`;
      const arn = task.taskArn ?? '';
      const isThere = arn.startsWith(start) && /^[0-9a-f]{32}$/.test(arn.slice(start.length));
      return isThere ? same('its cluster', task.clusterArn, cluster.arn) : wrong(`its ARN is ${seen(arn)}`);
    }),
  },
  {
    id: 'task-running',
    what: 'the task is RUNNING',
    whoMends: 'the platform engineers: the task says why it stops',
    holds: every((task) => status('lastStatus', task.lastStatus, BEFORE_RUNNING)),
  },
  {
    id: 'task-current',
    what: "the task runs the service's current task definition",
    whoMends: 'the platform engineers: deploy, so that the old task is replaced',
    holds: every((task, facts) => {
      const given = task.taskDefinitionArn;
      if (given !== undefined && given === facts.service?.taskDefinition) return null;
      const found = `it runs ${seen(given)}`;
      return isRollingOut(facts) && given !== undefined ? notYet(found) : wrong(found);
    }),
  },
  {
    id: 'task-launched-by-service',
    what: 'the service launched the task, nobody by hand',
    whoMends: SECURITY,
    holds: every(({ group, startedBy }, facts) => {
      const { expected, service } = facts;
      const doubt = same('its group', group, `service:${expected.service}`);
      if (doubt || startedBy === undefined) return doubt ?? wrong('nobody says who started it');
      if ((service?.deployments ?? []).some(({ id }) => id === startedBy)) return null;
      const found = `${startedBy} started it`;
      // A deployment that has just made way for the next.
      return isRollingOut(facts) && startedBy.startsWith('ecs-svc/') ? notYet(found) : wrong(found);
    }),
  },
  {
    id: 'no-overrides',
    what: 'the task runs as it is defined, without overrides',
    whoMends: SECURITY,
    holds: every(({ overrides }) => {
      const found = overridden(overrides);
      return found.length === 0 ? null : wrong(`overridden: ${found.join(', ')}`);
    }),
  },
  {
    id: 'task-enterable',
    what: 'ECS Exec is on for the task',
    whoMends: 'the platform engineers: deploy again; a task that was started before it was on keeps it off',
    holds: every((task) => same('enableExecuteCommand', task.enableExecuteCommand, true)),
  },
  {
    id: 'container-running',
    what: 'the container of the shell is RUNNING',
    whoMends: 'the platform engineers: the log of the service says why it ends',
    holds: every((task, facts) => {
      const container = containerOf(task, facts);
      if (container === undefined) return wrong(`there is no container ${facts.expected.container}`);
      return status('its lastStatus', container.lastStatus, BEFORE_RUNNING);
    }),
  },
  {
    id: 'container-reachable',
    what: 'the container has a runtime id, by which its session is found',
    whoMends: 'the platform engineers: stop the task, the service starts another',
    holds: every((task, facts) =>
      /^[\w-]+$/.test(containerOf(task, facts)?.runtimeId ?? '') ? null : wrong('it has none'),
    ),
  },
  {
    id: 'image-current',
    what: 'the container runs the very image that the definition names',
    whoMends: SECURITY,
    holds: every((task, facts) => {
      const given = containerOf(task, facts)?.imageDigest;
      const wanted = wantedDigest(facts);
      return given !== undefined && given === wanted
        ? null
        : wrong(`it runs ${seen(given)}, not ${seen(wanted)}`);
    }),
  },
  {
    id: 'agent-running',
    what: 'the agent of ECS Exec is RUNNING in the container',
    whoMends:
      'the platform engineers: stop the task, the service starts another; an agent that ended does not come back',
    holds: every((task, facts) => {
      const agents = containerOf(task, facts)?.managedAgents ?? [];
      return status('its lastStatus', agents.find(({ name }) => name === AGENT)?.lastStatus, ['PENDING']);
    }),
  },
];

/**
 * Names of what is overridden. ECS answers with a container's name, and with empty lists, when nobody overrode anything; any
 * other property counts, also one that we have never heard of.
 */
export function overridden(overrides: TaskOverride | undefined): string[] {
  const { containerOverrides = [], ...rest } = overrides ?? {};
  const ofContainers = containerOverrides.flatMap(({ name, ...each }) =>
    set(each).map((property) => `${property} of ${seen(name)}`),
  );
  return [...set(rest), ...ofContainers];
}

function set(given: object): string[] {
  return Object.entries(given)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name]) => name);
}
