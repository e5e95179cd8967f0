/**
 * What every statement of an estate comes to, kept: requests inside and just outside of what it says, and how they are
 * decided. Whatever a statement loses or gains, one of them shows it.
 */
import type { Step } from '../capabilities/capability';
import { type Holder, textOfStep } from '../capabilities/hold';
import type { Estate, Principal } from '../estate/estate';
import { LAYERS, type Layer } from '../evaluate/decision';
import type { Analysis } from '../matrix/analysis';
import type { Vocabulary } from '../names/vocabulary';
import type { Check, Failure } from '../promises/check';
import { outsiderNamed } from './concerned';
import { policiesOf } from './policies';
import { Prober } from './probes';

export interface Decided {
  readonly step: Step;
  /** By the name of who asks. */
  readonly by: ReadonlyMap<string, string>;
}

/** In the order of actions, resources and keys. */
export type Decisions = readonly Decided[];

export function decisions({ estate, holder }: Analysis, vocabulary: Vocabulary): Decisions {
  const prober = new Prober(estate, vocabulary);
  const found = new Map<string, { step: Step; by: Map<string, string> }>();
  for (const placed of policiesOf(estate)) {
    for (const statement of placed.policy.statements) {
      for (const { principal, step } of prober.probesOf(statement, placed)) {
        const id = textOfStep(step);
        const before = found.get(id) ?? { step, by: new Map<string, string>() };
        found.set(id, before);
        if (!before.by.has(principal.name)) before.by.set(principal.name, wordFor(holder, principal, step));
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

/** Of the layers, for short. */
const LETTERS: Readonly<Record<Layer, string>> = {
  'resource-control': 'R',
  'service-control': 'S',
  endpoint: 'E',
  resource: 'P',
  identity: 'I',
  boundary: 'B',
  session: 'N',
};

/** `+`: allowed. `~`: as soon as its own policies allow it. `-`: nothing allows it. `-PB`: these layers deny it. */
function wordFor(holder: Holder, principal: Principal, step: Step): string {
  // Both are asked, so that both are remembered.
  const floor = holder.decide(principal, step, true);
  const effective = holder.decide(principal, step);
  if (effective.allowed) return '+';
  if (floor.allowed) return '~';
  if (!floor.explicit) return '-';
  const layers = new Set(floor.statements.map(({ layer }) => layer));
  return `-${LAYERS.filter((each) => layers.has(each))
    .map((each) => LETTERS[each])
    .join('')}`;
}

/** @param kept - of an estate that was found right */
export function decisionsCheck(kept: Decisions): Check {
  const byText = new Map(kept.map((each) => [textOfStep(each.step), each]));
  /** Those that decide everything as it was kept: what is derived from them differs only where it says so. */
  const agreeing = new WeakSet<Holder>();
  return {
    id: 'decisions',
    title: 'each statement still decides what it decided',
    run({ holder, estate }) {
      const who = principalsOf(estate);
      const { before } = holder;
      const origin = before?.holder.copyOf ?? before?.holder;
      if (before && origin && agreeing.has(origin)) {
        const changed = [...before.changed.values()].filter(({ exactly }) => exactly);
        const asked = new Map(
          changed.map(({ principal, step }) => [
            `${principal.name}\n${textOfStep(step)}`,
            { principal, step },
          ]),
        );
        return [...asked.values()].flatMap(({ principal, step }) => {
          const decided = byText.get(textOfStep(step));
          return decided ? failures(holder, decided, [principal.name], who) : [];
        });
      }
      const found = kept.flatMap((decided) => failures(holder, decided, [...decided.by.keys()], who));
      if (found.length === 0) agreeing.add(holder);
      return found;
    },
  };
}

type Who = (name: string) => Principal | undefined;

function principalsOf({ principals }: Estate): Who {
  const known = new Map<string, Principal | undefined>(principals.map((each) => [each.name, each]));
  return (name) => {
    if (!known.has(name)) known.set(name, outsiderNamed(name));
    return known.get(name);
  };
}

function failures(holder: Holder, { step, by }: Decided, names: readonly string[], who: Who): Failure[] {
  return names.flatMap((name) => {
    const was = by.get(name);
    if (was === undefined) return [];
    const principal = who(name);
    const is = principal ? wordFor(holder, principal, step) : 'nobody of that name';
    if (is === was) return [];
    const asked = `${name} ${textOfStep(step).replaceAll('\n', ' ').trim()}`;
    return [{ id: `decision ${asked}`, message: `${asked}: was ${was}, is ${is}` }];
  });
}
