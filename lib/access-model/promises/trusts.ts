/**
 * Whom an administrator becomes by asking, as trust policies stand. To change one first leaves a trace of its own; to be let in
 * by one that trusts the whole account leaves none.
 */
import type { Check } from './check';
import { isAny, unmatched } from './glob';
import type { Promises } from './promises';

export function trustsCheck({ assumable }: Promises): Check {
  return {
    id: 'trusts',
    title: 'no role trusts its whole account, but those that are named',
    run({ estate: { principals }, holder }) {
      const administrators = principals.filter(({ kind }) => kind === 'administrator');
      const roles = principals.filter(
        ({ caller, kind }) =>
          caller.kind === 'role' && !['administrator', 'named', 'stranger'].includes(kind),
      );
      const open = administrators.flatMap((administrator) =>
        roles.filter(
          ({ caller }) =>
            holder.answer(administrator, { action: 'sts:AssumeRole', resource: caller.arn }).possible !==
            'no',
        ),
      );
      const stale = unmatched(
        assumable,
        roles.map(({ name }) => name),
      );
      return [
        ...open
          .filter(({ name }) => !isAny(assumable, name))
          .map(({ name }) => ({
            id: `${name} trusts its account`,
            message: `any administrator of the account may assume ${name}: its trust policy names the account`,
          })),
        ...stale.map((pattern) => ({
          id: `no ${pattern}`,
          message: `${pattern} may trust its account, and there is no such role`,
        })),
      ];
    },
  };
}
