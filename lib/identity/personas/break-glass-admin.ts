/** For the night when nobody answers: one login of the database, loudly. Changes nothing that decides or records access. */
import type { Names } from '../../names';
import { DIAGNOSTICS } from '../diagnostics';
import type { Row } from '../row';
import { readSecret } from '../sensitive-secret-access';
import { openSupportShell } from './prod-engineer';

export function breakGlassAdmin(names: Names): Row {
  const { clusters, logGroups, secrets, services } = names;
  const logs = [logGroups.backend, logGroups.migration, logGroups.rlsRegistry, logGroups.supportShell];
  return [
    DIAGNOSTICS,
    ...readSecret(names, secrets.breakGlass),
    {
      sid: 'AskForGrant',
      actions: ['lambda:InvokeFunction'],
      resources: [names.functions.approvals.arn],
    },
    {
      sid: 'LogsOfTheApp',
      actions: ['logs:FilterLogEvents', 'logs:GetLogEvents', 'logs:StartQuery'],
      resources: logs.flatMap(({ arn }) => [arn, `${arn}:*`]),
    },
    { sid: 'ResultsOfQueries', actions: ['logs:GetQueryResults', 'logs:StopQuery'] },
    {
      sid: 'RestartTasks',
      actions: ['ecs:StopTask'],
      resources: [clusters.main.tasks, clusters.support.tasks],
    },
    {
      sid: 'RestartDatabase',
      actions: ['rds:FailoverDBCluster', 'rds:RebootDBInstance'],
      resources: [names.database.arn, names.database.instances],
    },
    ...openSupportShell(names, services.supportShell),
  ];
}
