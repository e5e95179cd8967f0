/**
 * The floor: if somebody attaches a policy that allows everything, what is not in the row is still refused, by a statement that
 * denies, or by a key whose policy names others.
 */

import type { Capability } from '../capabilities/capability';
import type { Principal } from '../estate/estate';
import type { Analysis } from '../matrix/analysis';
import type { Check, Failure } from './check';
import { isAny } from './glob';
import type { Promises } from './promises';
import { staleIn } from './stale';

export function floorCheck({ floor }: Promises): Check {
  return {
    id: 'floor',
    title: 'refusals hold whatever is attached to those who are refused',
    run: (analysis) =>
      floor.flatMap((each) => [
        ...staleIn(analysis, each.who, [...(each.what ?? []), ...each.except]),
        ...broken(analysis, each),
      ]),
  };
}

type Standing = Promises['floor'][number];

function broken(
  { estate, holder, capabilities }: Analysis,
  { who, what = ['*'], except }: Standing,
): Failure[] {
  const asked = capabilities.filter(({ id }) => isAny(what, id) && !isAny(except, id));
  return estate.principals
    .filter(({ name }) => isAny(who, name))
    .flatMap((principal) =>
      asked
        .filter((capability) => holder.hold(principal, capability).holds === 'no')
        .flatMap((capability) =>
          holds(holder, principal, capability) ? [] : [failure(principal, capability)],
        ),
    );
}

/** Every way stays closed; and what closes it is a denial, which no later permission outweighs. */
function holds(holder: Analysis['holder'], principal: Principal, capability: Capability): boolean {
  const held = holder.hold(principal, capability, true);
  if (held.holds !== 'no') return false;
  return held.answers.every(
    ({ decision, step }) =>
      decision.explicit || (decision.layer === 'resource' && /^(kms|sts):/.test(step.action)),
  );
}

const failure = ({ name }: Principal, { id, title }: Capability): Failure => ({
  id: `${name} floor ${id}`,
  message: `${name} could ${title} as soon as a policy of its own allowed it: nothing denies it`,
});
