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

/** Answers steps, each once. */
export class Holder {
  private readonly answered = new Map<string, Possibility>();

  constructor(readonly model: Model) {}

  /** @param floor - as if the principal's own policies allowed everything */
  hold(principal: Principal, { ways }: Pick<Capability, 'ways'>, floor = false): Held {
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

  answer(principal: Principal, { action, resource, context }: Step, floor = false): Possibility {
    const keys = context ? [...context].map(([key, values]) => `${key}=${values.join(',')}`).join('&') : '';
    const id = `${floor ? 'floor ' : ''}${principal.name}\n${action}\n${resource}\n${keys}`;
    const known = this.answered.get(id);
    if (known) return known;
    const found = possible(this.model, {
      principal,
      action,
      resource,
      ...(context ? { context } : {}),
      floor,
    });
    this.answered.set(id, found);
    return found;
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
