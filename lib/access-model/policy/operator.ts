/**
 * Condition operators by their parts: `ForAllValues:StringNotLikeIfExists` is a quantifier, a comparison, a negation and a
 * word about missing keys.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

export type Comparison =
  | 'StringEquals'
  | 'StringEqualsIgnoreCase'
  | 'StringLike'
  | 'NumericEquals'
  | 'NumericLessThan'
  | 'NumericLessThanEquals'
  | 'NumericGreaterThan'
  | 'NumericGreaterThanEquals'
  | 'DateEquals'
  | 'DateLessThan'
  | 'DateLessThanEquals'
  | 'DateGreaterThan'
  | 'DateGreaterThanEquals'
  | 'Bool'
  | 'BinaryEquals'
  | 'IpAddress'
  | 'ArnLike'
  | 'Null';

export interface Operator {
  /** As it was written. */
  readonly name: string;
  /** Undefined: AWS has no such operator, and nobody knows what the condition says. */
  readonly comparison: Comparison | undefined;
  readonly negated: boolean;
  readonly quantifier: 'all' | 'any' | undefined;
  readonly ifExists: boolean;
}

const COMPARISONS: Readonly<Record<string, { comparison: Comparison; negated: boolean }>> = {
  ...pair('StringEquals', 'StringNotEquals', 'StringEquals'),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringEqualsIgnoreCase'),
  ...pair('StringLike', 'StringNotLike', 'StringLike'),
  ...pair('NumericEquals', 'NumericNotEquals', 'NumericEquals'),
  ...one('NumericLessThan'),
  ...one('NumericLessThanEquals'),
  ...one('NumericGreaterThan'),
  ...one('NumericGreaterThanEquals'),
  ...pair('DateEquals', 'DateNotEquals', 'DateEquals'),
  ...one('DateLessThan'),
  ...one('DateLessThanEquals'),
  ...one('DateGreaterThan'),
  ...one('DateGreaterThanEquals'),
  ...one('Bool'),
  ...one('BinaryEquals'),
  ...pair('IpAddress', 'NotIpAddress', 'IpAddress'),
  // The two behave alike.
  ...pair('ArnEquals', 'ArnNotEquals', 'ArnLike'),
  ...pair('ArnLike', 'ArnNotLike', 'ArnLike'),
  ...one('Null'),
};

function pair(positive: string, negative: string, comparison: Comparison) {
  return {
    [positive.toLowerCase()]: { comparison, negated: false },
    [negative.toLowerCase()]: { comparison, negated: true },
  };
}

function one(comparison: Comparison) {
  return { [comparison.toLowerCase()]: { comparison, negated: false } };
}

const known = new Map<string, Operator>();

export function operatorOf(name: string): Operator {
  const before = known.get(name);
  if (before) return before;
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/i.exec(name);
  const [, quantifier, base = '', ifExists] = match ?? [];
  const found = COMPARISONS[base.toLowerCase()];
  const operator: Operator = {
    name,
    comparison: found?.comparison,
    negated: found?.negated ?? false,
    quantifier: quantifier && (quantifier.toLowerCase() === 'forallvalues' ? 'all' : 'any'),
    // `Null` asks whether the key is there: with IfExists it would be no operator of AWS.
    ifExists: ifExists !== undefined,
  } as Operator;
  known.set(name, operator);
  return operator;
}
