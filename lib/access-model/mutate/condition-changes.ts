/** The faults of the conditions of one statement: each pair of operator and key for itself. */
import { operatorOf } from '../policy/operator';
import { type Change, texts, withoutEach } from './changes';
import type { Direction } from './mutant';
import type { Raw } from './policies';

interface Pair {
  readonly operator: string;
  readonly key: string;
  readonly values: unknown;
}

export function conditionChanges(statement: Raw): Change[] {
  const conditions = (statement.Condition ?? {}) as Readonly<Record<string, Raw>>;
  const denies = statement.Effect === 'Deny';
  const pairs = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]): Pair => ({ operator, key, values })),
  );
  const others = (pair: Pair) => pairs.filter((each) => each !== pair);
  /** A condition that holds more often lets a permission through more often, and a denial too. */
  const direction = (holdsMoreOften: boolean): Direction =>
    holdsMoreOften === denies ? 'narrows' : 'broadens';
  return pairs.flatMap((pair) => {
    const { negated, comparison } = operatorOf(pair.operator);
    const name = `${pair.operator} ${pair.key}`;
    const dropped: Change = {
      kind: 'drop-condition',
      what: name,
      direction: direction(true),
      statement: withConditions(statement, others(pair)),
    };
    // With one value less a match is rarer, and its opposite more frequent. Of `Null` and `Bool` two values are everything.
    const shorter = withoutEach(pair.values).map(
      ({ left, dropped: value }): Change => ({
        kind: 'drop-value',
        what: `${name} ${value}`,
        direction: direction(negated),
        statement: withConditions(statement, others(pair), { ...pair, values: left }),
      }),
    );
    const wide = comparison && WIDE[comparison];
    const isWidest = texts(pair.values).includes('*');
    const widened: Change[] =
      wide === undefined || isWidest
        ? []
        : [
            {
              kind: 'widen-value',
              what: name,
              direction: direction(!negated),
              statement: withConditions(statement, others(pair), {
                ...pair,
                operator: wide(pair.operator),
                values: '*',
              }),
            },
          ];
    return [dropped, ...shorter, ...widened];
  });
}

/** The operator under which `*` means everything, by what is compared. */
const WIDE: Readonly<Partial<Record<string, (operator: string) => string>>> = {
  StringLike: (operator) => operator,
  ArnLike: (operator) => operator,
  StringEquals: (operator) => operator.replace(/Equals/i, 'Like'),
  StringEqualsIgnoreCase: (operator) => operator.replace(/EqualsIgnoreCase/i, 'Like'),
};

function withConditions(statement: Raw, pairs: readonly Pair[], changed?: Pair): Raw {
  const { Condition: _, ...rest } = statement;
  const all = changed ? [...pairs, changed] : pairs;
  if (all.length === 0) return rest;
  const conditions: Record<string, Record<string, unknown>> = {};
  for (const { operator, key, values } of all) {
    const keys = conditions[operator] ?? {};
    // Widened, a condition may meet another of its new name. Both must hold: the wider one then adds nothing, or decides.
    const before = operatorOf(operator).negated ? values : keys[key];
    conditions[operator] = { ...keys, [key]: key in keys ? before : values };
  }
  return { ...rest, Condition: conditions };
}
