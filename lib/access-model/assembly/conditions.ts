/** Conditions: true, false, or unknown with the reason. One false member decides an `And`, whatever the others are. */
import { asText, unknownIn } from './marks';
import type { Scope, Truth } from './scope';
import { isRecord } from './template';

export function truthOf(scope: Scope, expression: unknown): Truth {
  const [name, argument] = isRecord(expression) ? (Object.entries(expression)[0] ?? []) : [];
  switch (name) {
    case 'Condition':
      return scope.truth(String(argument));
    case 'Fn::Equals':
      return equals(scope, argument);
    case 'Fn::And':
      return decide(
        membersOf(argument).map((each) => truthOf(scope, each)),
        false,
      );
    case 'Fn::Or':
      return decide(
        membersOf(argument).map((each) => truthOf(scope, each)),
        true,
      );
    case 'Fn::Not':
      return not(truthOf(scope, membersOf(argument)[0]));
    default:
      return truthOfValue(scope.value(expression));
  }
}

/** The first member that decides does so; else an unknown one leaves it open. */
function decide(members: readonly Truth[], deciding: boolean): Truth {
  if (members.includes(deciding)) return deciding;
  return members.find((member) => typeof member !== 'boolean') ?? !deciding;
}

const not = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

/** CloudFormation compares texts: `true` and `'true'`, `1` and `'1'` are equal. */
function equals(scope: Scope, argument: unknown): Truth {
  const sides = membersOf(argument).map((side) => scope.value(side));
  if (sides.length !== 2) return { unknown: 'Fn::Equals with arguments it does not take' };
  const unknown = unknownIn(sides);
  return unknown === undefined ? asText(sides[0]) === asText(sides[1]) : { unknown };
}

function truthOfValue(value: unknown): Truth {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return { unknown: unknownIn(value) ?? 'a condition that is neither true nor false' };
}

const membersOf = (argument: unknown): readonly unknown[] =>
  Array.isArray(argument) ? argument : [argument];
