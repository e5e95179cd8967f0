/**
 * What a list of statements says of one request: enough of the policy language for the statements of this platform, and an
 * error for anything else. Unknown context keys are absent, as in AWS.
 */

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Request {
  readonly action: string;
  /** ARN. @default - `*` */
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export type Decision = 'allow' | 'deny' | 'no statement';

export function decide(statements: readonly Statement[], request: Request): Decision {
  const matching = statements.filter((each) => applies(each, request));
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'deny';
  return matching.some(({ Effect }) => Effect === 'Allow') ? 'allow' : 'no statement';
}

function applies(statement: Statement, { action, resource = '*', context = {} }: Request): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const actionFits = Action ? anyLike(Action, action, true) : !anyLike(NotAction ?? [], action, true);
  const resourceFits = NotResource
    ? !anyLike(NotResource, resource)
    : resource === '*' || anyLike(Resource ?? '*', resource);
  return (
    actionFits &&
    resourceFits &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, lookUp(context, key))),
    )
  );
}

function lookUp(
  context: NonNullable<Request['context']>,
  key: string,
): string | readonly string[] | undefined {
  const found = Object.keys(context).find((each) => each.toLowerCase() === key.toLowerCase());
  return found === undefined ? undefined : context[found];
}

function holds(
  operator: string,
  wanted: string | readonly string[],
  given: string | readonly string[] | undefined,
): boolean {
  if (operator === 'Null') return (given === undefined) === ([wanted].flat()[0] === 'true');
  const [quantifier, name] = operator.includes(':') ? operator.split(':') : ['', operator];
  const optional = name?.endsWith('IfExists') ?? false;
  const base = optional ? (name?.slice(0, -'IfExists'.length) ?? '') : (name ?? '');
  const negative = base.includes('Not');
  // `ForAnyValue` of nothing is false, of a negative operator too: a denial by it does not hold.
  if (given === undefined) {
    return optional || (quantifier === 'ForAnyValue' ? false : negative || quantifier === 'ForAllValues');
  }
  const values = [given].flat();
  const one = (value: string): boolean => matches(base.replace('Not', ''), wanted, value) !== negative;
  return quantifier === 'ForAllValues' ? values.every(one) : values.some(one);
}

function matches(operator: string, wanted: string | readonly string[], given: string): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'Bool':
      return [wanted].flat().map(String).includes(given);
    case 'StringEqualsIgnoreCase':
      return [wanted].flat().some((each) => each.toLowerCase() === given.toLowerCase());
    case 'StringLike':
    // AWS treats the two alike: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    case 'ArnEquals':
    case 'ArnLike':
      return anyLike(wanted, given);
    default:
      throw new Error(`this test knows no operator ${operator}`);
  }
}

function anyLike(patterns: string | readonly string[], text: string, ignoreCase = false): boolean {
  return [patterns].flat().some((pattern) => like(pattern, ignoreCase).test(text));
}

function like(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
}
