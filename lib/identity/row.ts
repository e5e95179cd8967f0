/**
 * A persona is a list of what it may do. Two things are made of it: the statements that allow, and the floor: explicit
 * denials of everything else, so that whoever one day attaches a wider policy to the same role gives it nothing.
 */
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface Permission {
  readonly sid: string;
  readonly actions: readonly string[];
  /** ARN patterns. @default - all: for actions without resources, and for reading what is no secret */
  readonly resources?: readonly string[];
  /** All must hold. Only operators that have an opposite, see `OPPOSITES`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export type Row = readonly Permission[];

/**
 * What is true exactly when the first is not. A missing key makes a positive operator false, and its opposite true: so the
 * denial holds, which is the stricter.
 */
const OPPOSITES: Readonly<Record<string, string>> = {
  ArnEquals: 'ArnNotEquals',
  ArnLike: 'ArnNotLike',
  StringEquals: 'StringNotEquals',
  'ForAnyValue:StringEquals': 'ForAllValues:StringNotEquals',
};

export function allowed(row: Row): PolicyStatement[] {
  return row.map(
    ({ sid, actions, resources = ['*'], conditions = {} }) =>
      new PolicyStatement({
        sid,
        actions: [...actions],
        resources: [...resources],
        conditions: mutable(conditions),
      }),
  );
}

/**
 * Denies each action outside the row, and each inside it on other resources or under other conditions.
 *
 * @throws {Error} when an action stands in two permissions with limits: the floor of one would deny the other
 */
export function floorOf(row: Row): PolicyStatement[] {
  const limited = row.filter(({ resources, conditions }) => resources || conditions);
  const twice = limited.flatMap(({ actions }) => actions).filter((each, i, all) => all.indexOf(each) !== i);
  if (twice.length > 0) throw new Error(`${twice.join(', ')}: stands in two permissions with limits`);
  const everything = new PolicyStatement({
    sid: 'NothingElse',
    effect: Effect.DENY,
    notActions: [...new Set(row.flatMap(({ actions }) => actions))].sort(),
    resources: ['*'],
  });
  return [everything, ...limited.flatMap(limitsOf)];
}

function limitsOf({ sid, actions, resources, conditions = {} }: Permission): PolicyStatement[] {
  const deny = (suffix: string, rest: object) =>
    new PolicyStatement({ sid: `${sid}${suffix}`, effect: Effect.DENY, actions: [...actions], ...rest });
  const elsewhere = resources ? [deny('NotElsewhere', { notResources: [...resources] })] : [];
  // All conditions must hold: each one that does not is a denial of its own.
  const otherwise = Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ [oppositeOf(operator)]: { [key]: [...values] } })),
    )
    .map((opposite, i) => deny(`NotOtherwise${i || ''}`, { resources: ['*'], conditions: opposite }));
  return [...elsewhere, ...otherwise];
}

function oppositeOf(operator: string): string {
  const opposite = OPPOSITES[operator];
  if (opposite === undefined) throw new Error(`no opposite is known of the operator ${operator}`);
  return opposite;
}

function mutable(
  conditions: NonNullable<Permission['conditions']>,
): Record<string, Record<string, string[]>> {
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, [...values]])),
    ]),
  );
}
