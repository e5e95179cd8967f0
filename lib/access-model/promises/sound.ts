/** Whether the model can be believed: nothing unresolved, and no name that AWS does not have. */

import { readable } from '../assembly/unresolved';
import type { Principal } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import { validateNames } from '../names/validate';
import type { Vocabulary } from '../names/vocabulary';
import type { Policy } from '../policy/document';
import type { Check, Failure } from './check';

export function soundChecks(vocabulary: Vocabulary): Check[] {
  return [
    {
      id: 'resolved',
      title: 'every value in the templates is known',
      run: ({ estate }) =>
        estate.unresolved.map(({ where, what }) => ({
          id: `unresolved ${where}`,
          message: `${where}: ${readable(what)}`,
        })),
    },
    {
      id: 'names',
      title: 'actions, condition keys and operators in policies exist',
      run: ({ estate }) => policiesOf({ estate }).flatMap((policy) => misnamed(policy, vocabulary)),
    },
  ];
}

const looked = new WeakMap<Policy, readonly Failure[]>();

/** A policy has the same names whoever asks: of a thousand variants of an estate each is looked at once. */
function misnamed(policy: Policy, vocabulary: Vocabulary): readonly Failure[] {
  const before = looked.get(policy);
  if (before) return before;
  const found = validateNames([policy], vocabulary)
    .filter(({ level }) => level === 'error')
    .map(({ policy: id, statement, name, message }) => ({
      id: `name ${id} ${statement} ${name}`,
      message: `${id}, statement ${statement}: ${message}`,
    }));
  looked.set(policy, found);
  return found;
}

/** Every policy of the templates, once. */
export function policiesOf({
  estate: { principals, targets, organization },
}: Pick<Analysis, 'estate'>): Policy[] {
  const ofPrincipal = ({ identity, boundary, trust }: Principal) => [...identity, boundary, trust];
  const all = [
    ...principals.flatMap(ofPrincipal),
    ...targets.map(({ policy }) => policy),
    ...organization.map(({ policy }) => policy),
  ].filter((policy) => policy !== undefined);
  // What AWS manages, and what only stands in for a text that nobody has, is not theirs.
  const own = all.filter(({ id, doubtful }) => !doubtful && !id.startsWith('AWS '));
  return [...new Map(own.map((policy) => [policy.id, policy])).values()];
}
