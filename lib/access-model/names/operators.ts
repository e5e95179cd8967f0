/**
 * Names of condition operators, in the case of the documentation. They have none in policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const OPERATORS: readonly string[] = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Null',
];

const known = new Set(OPERATORS.map((each) => each.toLowerCase()));

export interface OperatorParts {
  /** `ForAllValues:`, `ForAnyValue:` or nothing. */
  readonly quantifier: string;
  readonly comparison: string;
  /** `IfExists` or nothing. */
  readonly suffix: string;
}

export function operatorParts(name: string): OperatorParts {
  const [, quantifier = '', comparison = name, suffix = ''] =
    /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/is.exec(name) ?? [];
  return { quantifier, comparison, suffix };
}

export function isOperator(name: string): boolean {
  const { comparison, suffix } = operatorParts(name);
  // `Null` itself asks whether the key is there.
  if (comparison.toLowerCase() === 'null' && suffix !== '') return false;
  return known.has(comparison.toLowerCase());
}
