/** All mutants of an estate: each fault of each statement of each policy that a template writes. */
import type { Estate } from '../estate/estate';
import { type Change, changesOf } from './changes';
import type { Mutant } from './mutant';
import { type PlacedPolicy, policiesOf, type Raw, statementsIn } from './policies';

export const mutantsOf = (estate: Estate): Mutant[] => policiesOf(estate).flatMap(mutantsOfPolicy);

export function mutantsOfPolicy({ policy }: Pick<PlacedPolicy, 'policy'>): Mutant[] {
  const { Version, Id } = policy.document as Raw;
  const statements = statementsIn(policy.document);
  const names = policy.statements.map(({ name }) => name);
  return statements.flatMap((statement, place) => {
    const name = names[place] ?? String(place + 1);
    // Two of one name are told apart by their places.
    const label = names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${place + 1})`;
    return changesOf(statement).map((change): Mutant => {
      const what = change.what === '' ? change.kind : `${change.kind} ${change.what}`;
      return {
        id: `${policy.id} / ${label} / ${what}`,
        policy: policy.id,
        statement: name,
        place,
        kind: change.kind,
        direction: change.direction,
        document: {
          ...(Version === undefined ? {} : { Version }),
          ...(Id === undefined ? {} : { Id }),
          Statement: replaced(statements, names, place, change),
        },
      };
    });
  });
}

/** Statements without a name go by their place: where one is dropped, the others get theirs written down. */
function replaced(
  statements: readonly Raw[],
  names: readonly string[],
  place: number,
  { statement: changed }: Change,
): Raw[] {
  if (changed) return statements.map((each, i) => (i === place ? changed : each));
  return statements
    .map((each, i) => (i > place && names[i] !== each.Sid ? { Sid: names[i], ...each } : each))
    .filter((_, i) => i !== place);
}
