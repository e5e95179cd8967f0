/**
 * Endpoints are the only way out of subnets without one. One that lets the credentials of another account pass is a way for
 * data to leave.
 */
import type { Target } from '../estate/estate';
import type { Caller } from '../evaluate/caller';
import { callerOf } from '../evaluate/caller';
import { evaluate } from '../evaluate/evaluate';
import { requestOf } from '../evaluate/request';
import { parsePolicy } from '../policy/document';
import type { Check, Failure } from './check';

const STRANGER = callerOf('arn:aws:iam::999999999999:role/anyone') as Caller;
const EVERYTHING = [
  parsePolicy('their own account', {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  }),
];

export function endpointsCheck(): Check {
  return {
    id: 'endpoints',
    title: 'endpoints let nobody pass with credentials of another account',
    run: ({ estate }) =>
      estate.targets.filter(({ type }) => type === 'AWS::EC2::VPCEndpoint').flatMap(ofEndpoint),
  };
}

function ofEndpoint({ id, policy, properties, region }: Target): Failure[] {
  // `com.amazonaws.<region>.secretsmanager`, `com.amazonaws.<region>.ecr.api`.
  const service = String(properties.ServiceName).split(`${region}.`).at(-1)?.split('.')[0] ?? '';
  if (!policy) return [{ id: `${id} open`, message: `${id} has no policy: everybody's credentials pass` }];
  const request = requestOf(STRANGER, `${service}:AnyAction`, '*');
  const { allowed } = evaluate(request, { identity: EVERYTHING, endpoint: policy }, 'wide');
  return allowed
    ? [{ id: `${id} open`, message: `${id} lets credentials of other accounts pass to ${service}` }]
    : [];
}
