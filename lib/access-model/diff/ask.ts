/** One request, asked on both sides: whether it was opened or closed, altogether or under some keys. */
import type { Context } from '../policy/context';
import type { Model, Question } from '../questions/model';
import { type Possibility, possible } from '../questions/witness';
import { Chooser, contextsOf, type Side } from './contexts';
import type { Pair } from './pairs';
import { Unseen } from './unseen';

export type Possible = Possibility['possible'];

export interface Probe {
  readonly pair: Pair;
  readonly action: string;
  readonly resource: string;
  readonly context?: Context;
  /** Nothing was allowed by it that is not allowed now, whatever is unknown. */
  readonly onlyNarrows: boolean;
}

export interface Difference {
  readonly change: 'broadened' | 'narrowed';
  readonly from: Possible;
  readonly to: Possible;
  readonly context: Context;
}

/** Different ways in which one request was opened, each told: what was accepted must not hide what comes next. */
const MOST_CASES = 12;

export class Both {
  private readonly choosers: readonly [Chooser, Chooser];
  private readonly unseen: ReadonlyMap<Model, Unseen>;

  constructor(
    private readonly base: Model,
    private readonly head: Model,
  ) {
    this.choosers = [new Chooser(base.estate), new Chooser(head.estate)];
    this.unseen = new Map([base, head].map((model) => [model, new Unseen(model.estate)]));
  }

  differences(probe: Probe, floor = false): Difference[] {
    const whole = this.differenceUnder(probe, new Map(), floor);
    if (whole && !isUnsure(whole)) return [whole];
    const { pair } = probe;
    const [before, after] = [this.question(probe, pair.base, floor), this.question(probe, pair.head, floor)];
    // Allowed on neither side: no keys change that.
    if (!before || !after || this.possible(this.head, after) === 'no') return [];
    const sides: Side[] = [
      { model: this.base, question: before },
      { model: this.head, question: after },
    ];
    const contexts = contextsOf(sides, this.choosers);
    // Unsure of the whole, and no key that anybody chooses makes it sure.
    if (whole && contexts.length === 0) return [whole];
    const found: Difference[] = [];
    for (const context of contexts) {
      if (found.some((each) => isWithin(each.context, context))) continue;
      const difference = this.differenceUnder(probe, context, floor);
      if (difference && isUnsure(difference)) {
        // Where the whole was sure, other keys than these decide it.
        if (whole) return [whole];
        continue;
      }
      if (difference) found.push(this.smallest(probe, difference, floor));
      if (found.length >= MOST_CASES) break;
    }
    return found;
  }

  /** Without the keys that the difference does not need. */
  private smallest(probe: Probe, difference: Difference, floor: boolean): Difference {
    let best = difference;
    for (const key of difference.context.keys()) {
      const fewer = new Map([...best.context].filter(([other]) => other !== key));
      if (fewer.size === 0) break;
      const same = this.differenceUnder(probe, fewer, floor);
      if (same?.change === difference.change) best = same;
    }
    return best;
  }

  private differenceUnder(probe: Probe, context: Context, floor: boolean): Difference | undefined {
    const from = this.answer(this.base, probe, probe.pair.base, context, floor);
    const to = this.answer(this.head, probe, probe.pair.head, context, floor);
    // What may be allowed now and was not surely allowed before counts as opened: nobody can tell that it was not.
    const unsure = from === 'perhaps' && to === 'perhaps';
    if (to !== 'no' && from !== 'yes' && !(unsure && probe.onlyNarrows))
      return { change: 'broadened', from, to, context };
    if (from !== 'no' && from !== to && to !== 'yes') return { change: 'narrowed', from, to, context };
    return undefined;
  }

  private answer(
    model: Model,
    probe: Probe,
    principal: Pair['base'],
    context: Context,
    floor: boolean,
  ): Possible {
    const question = this.question(probe, principal, floor, context);
    return question ? this.possible(model, question) : 'no';
  }

  private possible(model: Model, question: Question): Possible {
    const found = possible(model, question).possible;
    // What only one side has is not there on the other, which is another thing than not being seen.
    const isKnown = [this.base, this.head].some(
      ({ lookup }) => lookup.target(question.resource) !== undefined,
    );
    if (found !== 'no' || isKnown) return found;
    return this.unseen.get(model)?.allows(question) ? 'perhaps' : 'no';
  }

  private question(
    { action, resource, context: given = new Map() }: Probe,
    principal: Pair['base'],
    floor: boolean,
    context: Context = new Map(),
  ): Question | undefined {
    if (!principal) return undefined;
    return { principal, action, resource, floor, context: new Map([...given, ...context]) };
  }
}

/** Perhaps before, perhaps now. */
const isUnsure = ({ from, to }: Difference): boolean => from === 'perhaps' && to === 'perhaps';

/** Whether a smaller context says it already. */
function isWithin(smaller: Context, larger: Context): boolean {
  return [...smaller].every(([key, values]) => {
    const own = larger.get(key);
    return own !== undefined && JSON.stringify(own) === JSON.stringify(values);
  });
}
