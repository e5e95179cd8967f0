/** Statements in one form, and which of them changed: however often they are moved about, equal ones are no change. */

import { inOrder } from '../in-order';
import type { Policy, Statement } from '../policy/document';
import type { Plain } from './changes';

export interface Placed {
  readonly policy: Policy;
  readonly statement: Statement;
}

/** Only `after`: added. Only `before`: removed. */
export interface Changed {
  readonly before?: Placed;
  readonly after?: Placed;
}

/** @param before, after - the policies of one layer of one place: together they say one thing */
export function changedStatements(before: readonly Policy[], after: readonly Policy[]): Changed[] {
  const removed = placed(before);
  const added: Placed[] = [];
  for (const each of placed(after)) {
    const same = removed.findIndex((old) => textOf(old) === textOf(each));
    if (same === -1) added.push(each);
    else removed.splice(same, 1);
  }
  const changed = added.map((each): Changed => {
    const old = counterpart(each, removed);
    if (old) removed.splice(removed.indexOf(old), 1);
    return old ? { before: old, after: each } : { after: each };
  });
  return [...changed, ...removed.map((each): Changed => ({ before: each }))];
}

/** By policy and name; a Sid also where the policy has another id now. A place says nothing in another policy. */
function counterpart({ policy, statement }: Placed, among: readonly Placed[]): Placed | undefined {
  const named = among.filter((old) => old.statement.name === statement.name);
  const isSid = !/^\d+$/.test(statement.name);
  return named.find((old) => old.policy.id === policy.id) ?? (isSid ? named[0] : undefined);
}

const placed = (policies: readonly Policy[]): Placed[] =>
  policies.flatMap((policy) => policy.statements.map((statement) => ({ policy, statement })));

const texts = new WeakMap<Statement, string>();

/** A statement in a doubtful policy is another one than the same in a certain policy. */
export function textOf({ policy, statement }: Placed): string {
  const known = texts.get(statement);
  const text = known ?? JSON.stringify(plain({ policy: { ...policy, doubtful: false }, statement }));
  if (known === undefined) texts.set(statement, text);
  return policy.doubtful ? `perhaps ${text}` : text;
}

export function plain({ policy, statement }: Placed): Plain {
  const { effect, actions, notActions, resources, notResources, principals, notPrincipals } = statement;
  const names = principals && sortedRecord(Object.entries(principals));
  const conditions = statement.conditions.map(({ operator, key, values }): [string, readonly string[]] => [
    `${operator.name} ${key}`,
    values,
  ]);
  return {
    effect,
    ...(names ? { [notPrincipals ? 'notPrincipals' : 'principals']: names } : {}),
    [notActions ? 'notActions' : 'actions']: sorted(actions.map((each) => each.toLowerCase())),
    [notResources ? 'notResources' : 'resources']: sorted(resources),
    ...(conditions.length > 0 ? { conditions: sortedRecord(conditions) } : {}),
    ...(statement.variables ? {} : { withoutVariables: true as const }),
    ...(policy.doubtful ? { doubtful: true as const } : {}),
  };
}

const sorted = (values: readonly string[]): string[] => [...new Set(values)].sort(inOrder);

function sortedRecord(
  entries: readonly (readonly [string, readonly string[]])[],
): Record<string, readonly string[]> {
  // A document may hold one key twice, in two cases of its letters: both conditions must hold, and neither may be lost.
  const times = new Map<string, number>();
  const unique = entries.map(([key, values]): [string, readonly string[]] => {
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return [time === 1 ? key : `${key} (${time})`, sorted(values)];
  });
  return Object.fromEntries(unique.sort(([a], [b]) => inOrder(a, b)));
}
