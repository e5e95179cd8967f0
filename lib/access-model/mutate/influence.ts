/**
 * Which of the questions that were asked a change of one statement can answer otherwise. Too many is slow, too few is wrong: in
 * doubt a question is in.
 */
import type { Asked, Holder } from '../capabilities/hold';
import { meansAction } from '../evaluate/applies';
import type { Layers } from '../evaluate/evaluate';
import { any, type Certainty, not } from '../policy/certainty';
import type { Statement } from '../policy/document';
import { matches } from '../policy/pattern';
import type { Model } from '../questions/model';

export interface Question extends Asked {
  readonly id: string;
  /** What the policies are asked about. */
  readonly resourceArn: string;
}

/** A statement before and after; undefined after: it is gone. */
export interface Changed {
  readonly before: Statement;
  readonly after: Statement | undefined;
}

/** By the ids of the policies that have a say, and by action. */
export class Influence {
  private readonly questions = new Map<string, Map<string, Question[]>>();

  constructor(model: Model, { asked }: Holder) {
    for (const [id, each] of asked) {
      const request = model.request({ principal: each.principal, ...each.step });
      const question: Question = { ...each, id, resourceArn: request.resource };
      const ids = policiesIn(model.layers(each.principal, request, each.floor));
      for (const policy of ids) this.note(policy, each.step.action, question);
    }
  }

  /** @param policies - ids of the policies of the estate that hold the statement */
  of(policies: ReadonlySet<string>, changed: Changed): Question[] {
    return [...policies].flatMap((policy) =>
      [...(this.questions.get(policy) ?? [])].flatMap(([action, questions]) =>
        ofAction(action, questions, changed),
      ),
    );
  }

  private note(policy: string, action: string, question: Question): void {
    const byAction = this.questions.get(policy) ?? new Map<string, Question[]>();
    this.questions.set(policy, byAction);
    const before = byAction.get(action);
    if (before) before.push(question);
    else byAction.set(action, [question]);
  }
}

function ofAction(action: string, questions: readonly Question[], { before, after }: Changed): Question[] {
  const was = meansAction(before, action) ? before : undefined;
  const is = after && meansAction(after, action) ? after : undefined;
  if (!was && !is) return [];
  const isSameCase = was !== undefined && is !== undefined && caseOf(was) === caseOf(is);
  // The keys that somebody may choose come from all statements about an action, whatever resource they are about.
  const chosen = keysChosenIn(was) !== keysChosenIn(is);
  return questions.filter(({ resourceArn, exactly }) => {
    if (chosen && !exactly) return true;
    const [wasMeant, isMeant] = [meant(was, resourceArn), meant(is, resourceArn)];
    // Where it is the same case, it makes a difference only if it is about another resource now.
    return isSameCase ? wasMeant === 'maybe' || wasMeant !== isMeant : wasMeant !== 'no' || isMeant !== 'no';
  });
}

/** All of a statement but its actions and its resources. */
function caseOf({ effect, conditions, principals, notPrincipals }: Statement): string {
  return JSON.stringify([effect, conditions, principals, notPrincipals]);
}

/** Who asks and what for is fixed: conditions on that offer nothing to choose. */
function keysChosenIn(statement: Statement | undefined): string {
  return (statement?.conditions ?? [])
    .filter(({ key }) => !/^aws:(principal|resource)/.test(key))
    .map(({ operator, key, values }) => `${operator.name} ${key} ${values.join(',')}`)
    .join('\n');
}

function meant(statement: Statement | undefined, arn: string): Certainty {
  if (!statement) return 'no';
  const { resources, notResources, variables } = statement;
  if (variables && resources.some((pattern) => pattern.includes('${'))) return 'maybe';
  const found = any(resources, (pattern) => matches(pattern, arn));
  return notResources ? not(found) : found;
}

function policiesIn(layers: Layers): Set<string> {
  const { identity, boundary, session, resource, endpoint, serviceControl, resourceControl } = layers;
  const all = [
    ...identity,
    boundary,
    session,
    resource,
    endpoint,
    ...(serviceControl ?? []).flat(),
    ...(resourceControl ?? []).flat(),
  ];
  return new Set(all.flatMap((policy) => (policy ? [policy.id] : [])));
}
