/** For the night when nobody answers: one login of the database, loudly. Changes nothing that decides or records access. */
import type { Names } from '../../names';
import { DIAGNOSTICS } from '../diagnostics';
import type { Row } from '../row';
import { readSecret } from '../sensitive-secret-access';
import { upkeep } from '../upkeep';
import { askForAccess, openSupportShell } from './prod-engineer';

export function breakGlassAdmin(names: Names): Row {
  const { secrets, services } = names;
  return [
    DIAGNOSTICS,
    ...readSecret(names, secrets.breakGlass),
    askForAccess(names),
    ...upkeep(names),
    {
      sid: 'RestartDatabase',
      actions: ['rds:FailoverDBCluster', 'rds:RebootDBInstance'],
      resources: [names.database.arn, names.database.instances],
    },
    ...openSupportShell(names, services.supportShell),
  ];
}
