/** Keys of requests that a statement is about, and of those just beside them. */

import { all } from '../policy/certainty';
import { holds } from '../policy/condition';
import type { Context } from '../policy/context';
import type { Condition, Statement } from '../policy/document';
import { witnessValues } from '../probes/keys';

/** Of one key, those with which its conditions hold, and those with which they do not. */
const MOST_VALUES = 3;
/** What nobody can give a request: who asks, and what the resource is. */
const GIVEN =
  /^(aws:(principal|resource|userid$|username$|requestedregion$)|kms:(resourcealiases|calleraccount)$|ecs:cluster$)|:resourcetag\//;

/** What a `*` may stand for too: of a kept decision one text suffices. */
const LONG = /x\/y\.z-1/;

/**
 * The first is inside all conditions, as far as the keys can be given; of the others each is another inside, or outside of
 * one.
 */
export function keysFor({ conditions, variables }: Statement, given: Context): Context[] {
  const byKey = new Map<string, Condition[]>();
  for (const each of conditions) {
    if (!GIVEN.test(each.key)) byKey.set(each.key, [...(byKey.get(each.key) ?? []), each]);
  }
  const sides = [...byKey].map(([key, own]) => {
    const values = witnessValues(own, given).filter((value) => !value.some((each) => LONG.test(each)));
    const isInside = (value: readonly string[]) =>
      all(own, (each) => holds(each, new Map([...given, [key, value]]), variables)) === 'yes';
    return { key, within: values.filter(isInside), beyond: values.filter((value) => !isInside(value)) };
  });
  const inside: Context = new Map(sides.map(({ key, within }) => [key, within[0] ?? []]));
  const others = sides.flatMap(({ key, within, beyond }) =>
    [...within.slice(1, MOST_VALUES + 1), ...beyond.slice(0, MOST_VALUES)].map(
      (value): Context => new Map([...inside, [key, value]]),
    ),
  );
  return [inside, ...others];
}
