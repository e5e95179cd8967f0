/**
 * Endpoints are the only way out of subnets without one. One that lets the credentials of another account pass is a way for
 * data to leave.
 */
import type { Target } from '../estate/estate';
import { applies } from '../evaluate/applies';
import { type Caller, callerOf } from '../evaluate/caller';
import { principalMatch } from '../evaluate/principal';
import { requestOf } from '../evaluate/request';
import type { Statement } from '../policy/document';
import type { Check, Failure } from './check';
import { unexcepted } from './exceptions';
import type { Promises } from './promises';

const STRANGER = callerOf('arn:aws:iam::999999999999:role/anyone') as Caller;

export function endpointsCheck({ endpoints }: Promises): Check {
  return {
    id: 'endpoints',
    title: 'endpoints let nobody pass with credentials of another account, but where it is said',
    run({ estate }) {
      const all = estate.targets.filter(({ type }) => type === 'AWS::EC2::VPCEndpoint');
      const open = all.flatMap(({ policy }) =>
        policy ? policy.statements.filter(letsPass).map((statement) => ({ policy, statement })) : [],
      );
      return [
        ...all.filter(({ policy }) => policy === undefined).map(withoutPolicy),
        ...unexcepted(
          open,
          endpoints,
          'open',
          ({ policy, statement }) =>
            `statement ${statement.name} of ${policy.id} lets credentials of other accounts pass`,
        ),
      ];
    },
  };
}

const withoutPolicy = ({ id }: Target): Failure => ({
  id: `${id} open`,
  message: `${id} has no policy: everybody's credentials pass`,
});

/** Asked of every statement for what it is about: one action that is open is as good a way out as all of them. */
function letsPass(statement: Statement): boolean {
  if (statement.effect !== 'Allow' || principalMatch(statement, STRANGER).certainty === 'no') return false;
  const resources = statement.notResources ? ['*'] : statement.resources;
  return statement.actions.some((action) =>
    resources.some((resource) => applies(statement, requestOf(STRANGER, action, resource)) !== 'no'),
  );
}
