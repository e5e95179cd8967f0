/** Keeps the product running, and helps customers in the support shell. Of the sensitive class nothing, but to ask for it. */
import { CONFIGURATION } from '../../../app/contract';
import type { Names } from '../../names';
import { DIAGNOSTICS } from '../diagnostics';
import type { Permission, Row } from '../row';
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
    askForAccess(names),
    ...openSupportShell(names, services.supportShell),
  ];
}

/** The function answers to who calls, and grants nothing without the code of somebody else. */
export function askForAccess({ functions }: Names): Permission {
  return { sid: 'AskForAccess', actions: ['lambda:InvokeFunction'], resources: [functions.approvals.arn] };
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
