/** Whether one condition holds of a request. */
import { isMarked } from '../assembly/unresolved';
import { all, any, type Certainty, certainly, not } from './certainty';
import { compare } from './compare';
import { type Context, UNKNOWN, valuesOf } from './context';
import type { Condition } from './document';
import { substitute } from './variables';

export function holds(condition: Condition, context: Context, variables: boolean): Certainty {
  const { operator, key, values } = condition;
  const { comparison, negated, quantifier, ifExists } = operator;
  if (comparison === undefined) return 'maybe';
  const given = valuesOf(context, key);
  if (comparison === 'Null') return nullHolds(values, given !== undefined && given.length > 0);
  if (given === undefined || given.length === 0) {
    if (quantifier === 'any') return certainly(ifExists);
    return certainly(ifExists || quantifier === 'all' || negated);
  }
  if (given === UNKNOWN) return 'maybe';
  const wanted = values.flatMap((value) => {
    const text = variables ? substitute(value, context) : value;
    return text === undefined ? [] : [text];
  });
  const one = (value: string): Certainty => {
    if (isMarked(value)) return 'maybe';
    const matched = any(wanted, (each) => compare(comparison, each, value));
    return negated ? not(matched) : matched;
  };
  if (quantifier === 'all') return all(given, one);
  if (quantifier === 'any') return any(given, one);
  // A key with several values and an operator for one: any of them for a match, none of them for the opposite.
  return negated ? all(given, one) : any(given, one);
}

function nullHolds(wanted: readonly string[], present: boolean): Certainty {
  return any(wanted, (value) => {
    if (isMarked(value)) return 'maybe';
    return certainly(value.toLowerCase() === String(!present));
  });
}
