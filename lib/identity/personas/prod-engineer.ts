/** Keeps the product running, and helps customers in the support shell. Nothing of the sensitive class. */
import { CONFIGURATION } from '../../../app/contract';
import type { Names } from '../../names';
import { DIAGNOSTICS } from '../diagnostics';
import type { Row } from '../row';
import { upkeep } from '../upkeep';

export function prodEngineer(names: Names): Row {
  const { services } = names;
  const parameters = Object.keys(CONFIGURATION).map((key) => names.configuration(key).arn);
  return [
    DIAGNOSTICS,
    ...upkeep(names),
    {
      sid: 'NonSensitiveConfiguration',
      actions: ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:PutParameter'],
      resources: parameters,
    },
    ...openSupportShell(names, services.supportShell),
  ];
}

/** Both parts of `ExecuteCommand`: the session, and the key of its channel. */
export function openSupportShell({ clusters, prefix }: Names, container: string): Row {
  return [
    {
      sid: 'OpenSupportShell',
      actions: ['ecs:ExecuteCommand'],
      // No wildcard in the name of the cluster: it would match clusters that only begin alike.
      resources: [clusters.support.arn, clusters.support.tasks],
      conditions: { StringEquals: { 'ecs:container-name': [container] } },
    },
    {
      sid: 'EncryptShell',
      actions: ['kms:GenerateDataKey'],
      // By alias: the key may be in another account than this policy, and its id is not known.
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [`alias/${prefix}-session`] } },
    },
  ];
}
