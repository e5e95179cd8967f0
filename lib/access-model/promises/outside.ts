/**
 * Whom policies of resources and trust policies let in from outside: other accounts, everyone. Asked by statement and not by
 * capability: whatever is opened to a stranger is worth a line.
 */
import type { Estate } from '../estate/estate';
import { any, type Certainty } from '../policy/certainty';
import type { Policy, Statement } from '../policy/document';
import type { Check } from './check';
import { unexcepted } from './exceptions';
import type { Promises } from './promises';

export function outsideCheck({ outside }: Promises): Check {
  return {
    id: 'outside',
    title: 'no policy lets in other accounts, but where it is said',
    run({ estate }) {
      const own = new Set(estate.stacks.map(({ account }) => account));
      const open = policiesIn(estate).flatMap((policy) =>
        policy.statements
          .filter((statement) => letsIn(statement, own))
          .map((statement) => ({ policy, statement })),
      );
      return unexcepted(
        open,
        outside,
        'for outside',
        ({ policy, statement }) =>
          `statement ${statement.name} of ${policy.id} lets in ${(statement.principals?.AWS ?? []).join(', ')}`,
      );
    },
  };
}

/** Endpoints have a check of their own. */
function policiesIn({ targets, principals }: Estate): Policy[] {
  const ofTargets = targets
    .filter(({ type }) => type !== 'AWS::EC2::VPCEndpoint')
    .map(({ policy }) => policy);
  return [...ofTargets, ...principals.map(({ trust }) => trust)].filter((policy) => policy !== undefined);
}

/** Conditions that name an account of ours, or a principal or source in one, bind even a statement for everyone. */
const BINDING = /^(aws:principal(arn|account)|aws:sourceaccount|aws:sourcearn|kms:calleraccount)$/;

function letsIn(statement: Statement, own: ReadonlySet<string>): boolean {
  if (statement.effect !== 'Allow') return false;
  const names = statement.principals?.AWS ?? [];
  const foreign = any(names, (name) => isForeign(name, own));
  if (foreign === 'no') return false;
  const isOwn = (value: string) => [...own].some((account) => account !== '' && value.includes(account));
  const bound = statement.conditions.some(
    ({ key, operator, values }) =>
      BINDING.test(key) &&
      !operator.negated &&
      !operator.ifExists &&
      values.length > 0 &&
      values.every(isOwn),
  );
  return !(bound && names.every((name) => name === '*'));
}

function isForeign(name: string, own: ReadonlySet<string>): Certainty {
  if (name === '*') return 'yes';
  const account = /^\d{12}$/.exec(name)?.[0] ?? /^arn:[^:]*:(?:iam|sts)::(\d{12}):/.exec(name)?.[1];
  // A mark, an id of a role that is gone: nobody can tell whose it is.
  if (account === undefined) return 'maybe';
  return own.has(account) ? 'no' : 'yes';
}
