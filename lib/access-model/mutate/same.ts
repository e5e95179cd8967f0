/** Whether two answers are the same to whoever looks at them, down to the statements that decide. */
import type { Decision, Decisive } from '../evaluate/decision';
import type { Possibility } from '../questions/witness';

export function isSameAnswer(a: Possibility, b: Possibility): boolean {
  return (
    a.possible === b.possible &&
    isSameDecision(a.decision, b.decision) &&
    a.context.size === b.context.size &&
    [...a.context].every(([key, values]) => b.context.get(key)?.join('\n') === values.join('\n'))
  );
}

export function isSameDecision(a: Decision, b: Decision): boolean {
  return (
    a.allowed === b.allowed &&
    a.layer === b.layer &&
    a.explicit === b.explicit &&
    areSame(a.statements, b.statements) &&
    areSame(a.doubts, b.doubts)
  );
}

function areSame(a: readonly Decisive[], b: readonly Decisive[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        each.layer === other.layer &&
        each.policy === other.policy &&
        each.statement === other.statement &&
        each.effect === other.effect &&
        each.certainty === other.certainty
      );
    })
  );
}
