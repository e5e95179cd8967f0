/** Whether a principal has a capability, and by what. */
import type { Principal } from '../estate/estate';
import type { Decision } from '../evaluate/decision';
import type { Context } from '../policy/context';
import type { Model } from '../questions/model';
import { type Possibility, possible } from '../questions/witness';
import type { Capability, Holds, Step, Way } from './capability';

export interface Answer {
  readonly step: Step;
  readonly decision: Decision;
  /** Keys to be chosen. */
  readonly context: Context;
}

export interface Held {
  readonly holds: Holds;
  /** Of the way that opens it furthest: each step with what decided it. Of a refusal: the step that is refused, of each way. */
  readonly answers: readonly Answer[];
}

/** One question that was asked, with what it was answered. */
export interface Asked {
  readonly principal: Principal;
  readonly step: Step;
  readonly floor: boolean;
  /** The keys were taken as they were put, and none was chosen. */
  readonly exactly: boolean;
  readonly answer: Possibility;
}

/** A holder of an estate that differs in little, and what differs: whatever else it was asked is answered as it was there. */
export interface Before {
  /** A copy: it must not be asked any more. */
  readonly holder: Holder;
  /** By the ids of `asked`. */
  readonly changed: ReadonlyMap<string, Asked>;
}

/** Answers steps, each once. */
export class Holder {
  private readonly answered = new Map<string, Asked>();
  /** By the text of the ways: an estate that differs in little makes the same ones anew. */
  private readonly held = new Map<string, Map<string, Held>>();
  private readonly texts = new WeakMap<readonly Way[], string>();
  private readonly actions = new Map<string, readonly string[]>();
  /** The actions whose answers differ from before, by whom they are asked about. */
  private readonly differs = new Map<string, Set<string>>();

  constructor(
    readonly model: Model,
    readonly before?: Before,
    readonly copyOf?: Holder,
  ) {
    for (const { principal, step, floor } of before?.changed.values() ?? []) {
      const id = idOf(principal, floor);
      this.differs.set(id, (this.differs.get(id) ?? new Set()).add(step.action));
    }
  }

  /** Everything that it was asked, without what a holder before it was. */
  get asked(): ReadonlyMap<string, Asked> {
    return this.answered;
  }

  /** With all that it was asked up to now. */
  copy(): Holder {
    const copy = new Holder(this.model, this.before, this);
    for (const [id, each] of this.answered) copy.answered.set(id, each);
    for (const [text, each] of this.held) copy.held.set(text, new Map(each));
    return copy;
  }

  /** @param floor - as if the principal's own policies allowed everything */
  hold(principal: Principal, { ways }: Pick<Capability, 'ways'>, floor = false): Held {
    const id = idOf(principal, floor);
    const text = this.textOf(ways);
    const known = this.held.get(text)?.get(id) ?? this.heldBefore(id, text, ways);
    if (known) return known;
    const held = this.holdWays(principal, ways, floor);
    const own = this.held.get(text) ?? new Map<string, Held>();
    this.held.set(text, own.set(id, held));
    return held;
  }

  /** Whether there are keys with which it is allowed; those of the step are given. */
  answer(principal: Principal, step: Step, floor = false): Possibility {
    return this.ask({ principal, step, floor, exactly: false });
  }

  /** As it is put: a key that the step does not name is absent. */
  decide(principal: Principal, step: Step, floor = false): Decision {
    return this.ask({ principal, step, floor, exactly: true }).decision;
  }

  private ask(question: Omit<Asked, 'answer'>): Possibility {
    const { principal, step, floor, exactly } = question;
    const id = `${exactly ? 'exactly ' : ''}${idOf(principal, floor)}\n${textOfStep(step)}`;
    const known =
      this.answered.get(id) ?? this.before?.changed.get(id) ?? this.before?.holder.answered.get(id);
    if (known) return known.answer;
    const answer = answerOf(this.model, question);
    this.answered.set(id, { ...question, answer });
    return answer;
  }

  private textOf(ways: readonly Way[]): string {
    const known = this.texts.get(ways);
    if (known !== undefined) return known;
    const text = textOfWays(ways);
    this.texts.set(ways, text);
    return text;
  }

  /** What was held before, where none of the answers to these ways differs. */
  private heldBefore(id: string, text: string, ways: readonly Way[]): Held | undefined {
    const held = this.before?.holder.held.get(text)?.get(id);
    const differs = this.differs.get(id);
    if (!held || !differs) return held;
    const actions = this.before?.holder.actionsIn(text, ways) ?? [];
    const isTouched = [...differs].some((action) => actions.includes(action));
    return isTouched ? undefined : held;
  }

  private actionsIn(text: string, ways: readonly Way[]): readonly string[] {
    const known = this.actions.get(text);
    if (known) return known;
    const steps = ways.flatMap(({ steps: all, also = [] }) => [...all, ...also]);
    const found = [...new Set(steps.map(({ action }) => action))];
    this.actions.set(text, found);
    return found;
  }

  private holdWays(principal: Principal, ways: readonly Way[], floor: boolean): Held {
    let best: Held = { holds: 'no', answers: [] };
    const refusals: Answer[] = [];
    for (const each of ways) {
      const held = this.holdWay(principal, each, floor);
      if (held.holds === 'yes') return held;
      if (held.holds === 'in part' && best.holds === 'no') best = held;
      if (held.holds === 'no') refusals.push(...held.answers);
    }
    return best.holds === 'no' ? { holds: 'no', answers: refusals } : best;
  }

  private holdWay(principal: Principal, { steps, also = [] }: Way, floor: boolean): Held {
    const answers: Answer[] = [];
    let certain = true;
    for (const each of steps) {
      const { possible: can, decision, context } = this.answer(principal, each, floor);
      if (can === 'no') return { holds: 'no', answers: [{ step: each, decision, context }] };
      certain &&= can === 'yes';
      answers.push({ step: each, decision, context });
    }
    for (const each of also) {
      const { possible: can, decision, context } = this.answer(principal, each, floor);
      certain &&= can === 'yes';
      answers.push({ step: each, decision, context });
    }
    return { holds: certain ? 'yes' : 'in part', answers };
  }
}

/** Answers one question, whatever was asked before. */
export function answerOf(
  model: Model,
  { principal, step: { action, resource, context }, floor, exactly }: Omit<Asked, 'answer'>,
): Possibility {
  const question = { principal, action, resource, ...(context ? { context } : {}), floor };
  if (!exactly) return possible(model, question);
  const decision = model.decide(question);
  return { possible: decision.allowed ? 'yes' : 'no', decision, context: new Map() };
}

/** The same for steps that ask the same. */
export function textOfStep({ action, resource, context }: Step): string {
  const keys = context ? [...context].map(([key, values]) => `${key}=${values.join(',')}`).join('&') : '';
  return `${action}\n${resource}\n${keys}`;
}

/** The same for ways that ask the same in the same order. */
export function textOfWays(ways: readonly Way[]): string {
  return ways
    .map(({ steps, also = [] }) => [...steps.map(textOfStep), '', ...also.map(textOfStep)].join('\n'))
    .join('\n\n');
}

const idOf = ({ name }: Principal, floor: boolean): string => `${floor ? 'floor ' : ''}${name}`;
