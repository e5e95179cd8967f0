/** Who may do what on this machine: what the policies of a stage come to, in a table. What no line allows is refused. */
import { Refused } from './errors';
import type { Principal, Who } from './people';
import type { Need } from './service';

export interface Rule {
  /** `*` stands for any number of characters, here and in `resources`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly who: readonly Who[];
}

/** @throws Refused `denied` */
export function authorize(rules: readonly Rule[], { arn, who }: Principal, needs: readonly Need[]): void {
  for (const { action, resource } of needs) {
    const allowed = rules.some(
      (rule) =>
        rule.who.includes(who) &&
        rule.actions.some((each) => matches(each, action)) &&
        rule.resources.some((each) => matches(each, resource)),
    );
    if (!allowed) {
      const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`;
      throw new Refused('denied', message);
    }
  }
}

/** For tests that are about something else. */
export const EVERYBODY_MAY: readonly Rule[] = [
  {
    actions: ['*'],
    resources: ['*'],
    who: ['ProdEngineer', 'SensitiveApprover', 'BreakGlassAdmin', 'SecurityAuditor', 'function'],
  },
];

function matches(pattern: string, text: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(text);
}
