/**
 * Which of the questions that were asked a change of one statement can answer otherwise. Too many is slow, too few is wrong: in
 * doubt a question is in.
 *
 * One thing is left out on purpose: the keys that the model tries come from all statements about an action, so that a
 * statement about somebody else may lend a value. What is true of a request does not follow from that.
 */
import type { Asked, Holder } from '../capabilities/hold';
import type { Principal } from '../estate/estate';
import { meansAction } from '../evaluate/applies';
import type { Layers } from '../evaluate/evaluate';
import { principalMatch } from '../evaluate/principal';
import { requestOf } from '../evaluate/request';
import { any, type Certainty, not } from '../policy/certainty';
import { holds } from '../policy/condition';
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
  return questions.filter((question) => {
    const [wasMeant, isMeant] = [meant(was, question), meant(is, question)];
    // Where it is the same case, it makes a difference only if it is about another resource now.
    return isSameCase ? wasMeant === 'maybe' || wasMeant !== isMeant : wasMeant !== 'no' || isMeant !== 'no';
  });
}

/** All of a statement but its actions and its resources. */
function caseOf({ effect, conditions, principals, notPrincipals }: Statement): string {
  return JSON.stringify([effect, conditions, principals, notPrincipals]);
}

/**
 * Whether a statement about this action is about this request, as far as nobody chooses it: the resource, and who asks. Keys
 * that are chosen may always be right.
 */
function meant(statement: Statement | undefined, { principal, resourceArn }: Question): Certainty {
  if (!statement || !mayBeAbout(statement, principal)) return 'no';
  const { resources, notResources, variables } = statement;
  if (variables && resources.some((pattern) => pattern.includes('${'))) return 'maybe';
  const found = any(resources, (pattern) => matches(pattern, resourceArn));
  return notResources ? not(found) : found;
}

const known = new WeakMap<Statement, Map<string, boolean>>();

function mayBeAbout(statement: Statement, { name, caller, keys }: Principal): boolean {
  const byName = known.get(statement) ?? new Map<string, boolean>();
  known.set(statement, byName);
  const before = byName.get(name);
  if (before !== undefined) return before;
  const { context } = requestOf(caller, 'any:Any', '*', keys);
  const isNamed = !statement.principals || principalMatch(statement, caller).certainty !== 'no';
  const holding = statement.conditions
    .filter(
      ({ key, values }) => /^aws:principal(arn|account|type)$/.test(key) && !values.join().includes('${'),
    )
    .every((condition) => holds(condition, context, statement.variables) !== 'no');
  byName.set(name, isNamed && holding);
  return isNamed && holding;
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
