/**
 * Under which keys to ask. That a request is possible at all says little of a condition that was dropped: it was possible
 * with the right keys before, and is possible without them now.
 */
import { statementsFor } from '../evaluate/applies';
import type { Layers } from '../evaluate/evaluate';
import { type Context, UNKNOWN } from '../policy/context';
import { type Condition, parsePolicy } from '../policy/document';
import { witnessValues } from '../probes/keys';
import { Model, type Question } from '../questions/model';
import { possible } from '../questions/witness';

/** All combinations up to here; past it, each value of each key with the others left open. */
const MOST_COMBINATIONS = 128;

export interface Side {
  readonly model: Model;
  readonly question: Question;
}

/** Does not begin with the empty one: that was asked before. */
export function contextsOf(sides: readonly Side[], chosen: readonly Chooser[]): Context[] {
  const keys = new Map<string, Condition[]>();
  for (const condition of sides.flatMap(conditionsOf)) {
    keys.set(condition.key, [...(keys.get(condition.key) ?? []), condition]);
  }
  const free = [...keys].filter(
    ([key]) =>
      !sides[0]?.question.context?.has(key) &&
      sides.every(({ question }, i) => chosen[i]?.chooses(question, key) ?? true),
  );
  const [first] = sides;
  const known = first ? first.model.request(first.question).context : new Map();
  const values = new Map(
    free.map(([key, conditions]) => {
      const all = witnessValues(conditions, known);
      // Every request has them.
      return [key, BY_TRANSPORT.has(key) ? all.filter(([value]) => isTruth(value)) : all];
    }),
  );
  const size = [...values.values()].reduce((product, each) => product * each.length, 1);
  if (size > MOST_COMBINATIONS) return oneByOne(values);
  let all: Map<string, readonly string[]>[] = [new Map()];
  for (const [key, own] of values) {
    all = all.flatMap((context) => own.map((value) => new Map([...context, [key, value]])));
  }
  return all.filter(({ size: asked }) => asked > 0);
}

const isTruth = (value: string | undefined): boolean => value === 'true' || value === 'false';

/** Two keys at a time as well: a statement with two conditions is told from one with either. */
function oneByOne(values: ReadonlyMap<string, readonly (readonly string[])[]>): Context[] {
  const entries = [...values].flatMap(([key, all]) => all.map((value) => [key, value] as const));
  const single = entries.map((entry): Context => new Map([entry]));
  const pairs = entries.flatMap(([key, value], i) =>
    entries
      .slice(i + 1)
      .filter(([other]) => other !== key)
      .map(
        ([other, second]): Context =>
          new Map([
            [key, value],
            [other, second],
          ]),
      ),
  );
  return [...single, ...pairs.slice(0, 4 * MOST_COMBINATIONS)];
}

function conditionsOf({ model, question }: Side): Condition[] {
  const request = model.request(question);
  const { identity, boundary, session, resource, endpoint, serviceControl, resourceControl }: Layers =
    model.layers(question.principal, request, question.floor);
  return [
    ...identity,
    ...[boundary, session, resource, endpoint].flatMap((each) => each ?? []),
    ...(serviceControl ?? []).flat(),
    ...(resourceControl ?? []).flat(),
  ]
    .flatMap((policy) => statementsFor(policy, request.action))
    .flatMap(({ conditions }) => conditions);
}

/**
 * Whether to come without TLS, or through a service. The model takes every request for a direct one with TLS; a statement
 * about those that are not still changes something.
 */
const BY_TRANSPORT: ReadonlySet<string> = new Set(['aws:securetransport', 'aws:viaawsservice']);

/** No policy names it. */
const WITNESS = 'a-value-of-their-choice';

/**
 * Whether a key is chosen by who asks. `possible` decides that, and is asked: under a policy that allows everything, if
 * only the key has a value that nothing gives it.
 */
export class Chooser extends Model {
  private readonly known = new Map<string, boolean>();
  private key = '';

  override layers(): Layers {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { [this.key]: WITNESS } },
    };
    const policy = (more: object) =>
      parsePolicy('choice', { Version: '2012-10-17', Statement: { ...statement, ...more } });
    return { identity: [policy({})], resource: policy({ Principal: '*' }) };
  }

  chooses(question: Question, key: string): boolean {
    if (BY_TRANSPORT.has(key)) return true;
    const { principal, action, resource } = question;
    const id = `${principal.name}\n${action}\n${resource}\n${key}`;
    const before = this.known.get(id);
    if (before !== undefined) return before;
    this.key = key;
    const context = new Map([...(question.context ?? [])].filter(([, values]) => values !== UNKNOWN));
    const found = possible(this, { principal, action, resource, context }).possible === 'yes';
    this.known.set(id, found);
    return found;
  }
}
