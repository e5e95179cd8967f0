/**
 * A service acts for many accounts. A policy that lets it in without asking for whom lets in whoever may use the service.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
import type { Estate } from '../estate/estate';
import { applies } from '../evaluate/applies';
import type { Caller } from '../evaluate/caller';
import { requestOf } from '../evaluate/request';
import { contextOf } from '../policy/context';
import type { Policy, Statement } from '../policy/document';
import type { Check } from './check';
import { unexcepted } from './exceptions';
import type { Promises } from './promises';

/** On behalf of an account that is nobody's, and of a resource of it. */
const ELSEWHERE = contextOf({
  'aws:SourceAccount': '999999999999',
  'aws:SourceArn': 'arn:aws:any:any:999999999999:any',
  'aws:SourceOrgID': 'o-somebody-else',
  'kms:ViaService': 'any.any.amazonaws.com',
  'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:any:999999999999:log-group:any',
  'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:any:999999999999:trail/any',
});

export function deputiesCheck({ deputies }: Promises): Check {
  return {
    id: 'deputies',
    title: 'services act here for this account only',
    run({ estate }) {
      const open = policiesIn(estate).flatMap((policy) =>
        statementsOpenIn(policy).map((statement) => ({ policy, statement })),
      );
      return unexcepted(
        open,
        deputies,
        'for anybody',
        ({ policy, statement }) =>
          `${(statement.principals?.Service ?? []).join(', ')} may act by statement ${statement.name} of ${policy.id} for any account that asks it to`,
      );
    },
  };
}

/** Of resources. Trust policies too: a role that a service takes for somebody else's account does their work. */
function policiesIn({ targets, principals }: Estate): Policy[] {
  return [
    ...targets.filter(({ type }) => type !== 'AWS::EC2::VPCEndpoint').map(({ policy }) => policy),
    ...principals.map(({ trust }) => trust),
  ].filter((policy) => policy !== undefined);
}

function statementsOpenIn(policy: Policy): Statement[] {
  return policy.statements
    .filter(({ effect, principals }) => effect === 'Allow' && principals?.Service !== undefined)
    .filter(isOpen);
}

function isOpen(statement: Statement): boolean {
  return (statement.principals?.Service ?? []).some((service) => {
    const caller: Caller = { kind: 'service', arn: service, account: '' };
    return statement.actions.some((action) => {
      const [resource = '*'] = statement.resources;
      const request = requestOf(caller, action, resource, ELSEWHERE);
      return applies({ ...statement, notActions: false }, request) !== 'no';
    });
  });
}
