/** Whether a statement is about a request: its action, its resource and its conditions; principals are another file. */
import { all, any, type Certainty, not } from '../policy/certainty';
import { holds } from '../policy/condition';
import type { Policy, Statement } from '../policy/document';
import { matches, matchesIgnoringCase } from '../policy/pattern';
import { substitute } from '../policy/variables';
import type { Request } from './request';

const byAction = new WeakMap<Policy, Map<string, readonly Statement[]>>();

/** The statements of a policy that are about an action: found once, asked often. */
export function statementsFor(policy: Policy, action: string): readonly Statement[] {
  let known = byAction.get(policy);
  if (!known) {
    known = new Map();
    byAction.set(policy, known);
  }
  let found = known.get(action);
  if (!found) {
    found = policy.statements.filter((statement) => meansAction(statement, action));
    known.set(action, found);
  }
  return found;
}

export function meansAction({ actions, notActions }: Statement, action: string): boolean {
  return actions.some((pattern) => matchesIgnoringCase(pattern, action)) !== notActions;
}

export function applies(statement: Statement, request: Request): Certainty {
  const resource = meansResource(statement, request);
  if (resource === 'no') return 'no';
  const conditions = all(statement.conditions, (each) => holds(each, request.context, statement.variables));
  if (conditions === 'no') return 'no';
  return resource === 'maybe' ? 'maybe' : conditions;
}

function meansResource(statement: Statement, { resource, context }: Request): Certainty {
  const named = any(statement.resources, (pattern) => {
    const text = statement.variables ? substitute(pattern, context) : pattern;
    return text === undefined ? 'no' : matches(text, resource);
  });
  return statement.notResources ? not(named) : named;
}
