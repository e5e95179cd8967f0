/** What keeps the product running, for everybody who does: its logs, and a restart. */
import type { Names } from '../names';
import type { Permission, Row } from './row';

export function upkeep({ clusters, logGroups }: Names): Row {
  const logs = [logGroups.backend, logGroups.migration, logGroups.rlsRegistry, logGroups.supportShell];
  return [
    {
      sid: 'LogsOfTheApp',
      actions: ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:StartQuery'],
      // With and without a stream: it depends on the action.
      resources: logs.flatMap(({ arn }) => [arn, `${arn}:*`]),
    },
    RESULTS_OF_QUERIES,
    {
      // The service starts another one. UpdateService would do it more gently, and could as well take another task
      // definition, other subnets or exec: there is no condition for each of its parameters.
      sid: 'RestartTasks',
      actions: ['ecs:StopTask'],
      resources: [clusters.main.tasks, clusters.support.tasks],
    },
  ];
}

/** By the id of a query: only who started one knows it. */
export const RESULTS_OF_QUERIES: Permission = {
  sid: 'ResultsOfQueries',
  actions: ['logs:GetQueryResults', 'logs:StopQuery'],
};
