/** Rows of the tables: what happens to several in the same way stands in one. */

import { inOrder } from '../../in-order';
import { requestText } from '../broadened';
import type {
  AccessChanges,
  BecomingChange,
  CapabilityChange,
  Direction,
  PathStep,
  RequestChange,
  StatementChange,
} from '../changes';
import { code, codes, plainText } from './words';

const SIGN: Readonly<Record<Direction | 'broadened', string>> = {
  gained: '🔺',
  widened: '🔺',
  broadened: '🔺',
  lost: '🔻',
  narrowed: '🔻',
};

/** What opens something first. */
const opens = (change: Direction): boolean => change === 'gained' || change === 'widened';

export function capabilityRows({ principals }: AccessChanges): string[][] {
  return changeRows(
    principals.map(({ name, change, capabilities }) => ({
      name: nameOf(name, change),
      changes: capabilities,
    })),
    ({ capability, title }: CapabilityChange) => `${plainText(title)}<br>${code(capability)}`,
  );
}

export function identityRows({ principals }: AccessChanges): string[][] {
  return changeRows(
    principals.map(({ name, change, becomes }) => ({ name: nameOf(name, change), changes: becomes })),
    ({ principal }: BecomingChange) => code(principal),
  );
}

const nameOf = (name: string, change: 'added' | 'removed' | 'changed'): string =>
  change === 'added' ? `${name} (new)` : change === 'removed' ? `${name} (gone)` : name;

function changeRows<T extends CapabilityChange | BecomingChange>(
  given: readonly { readonly name: string; readonly changes: readonly T[] }[],
  what: (change: T) => string,
): string[][] {
  const groups = new Map<string, { names: string[]; change: T; through: string }>();
  for (const { name, changes } of given) {
    for (const change of changes) {
      const through = pathText(change.path);
      const id = JSON.stringify([
        opens(change.change) ? 0 : 1,
        what(change),
        change.from,
        change.to,
        through,
      ]);
      const known = groups.get(id);
      if (known) known.names.push(name);
      else groups.set(id, { names: [name], change, through });
    }
  }
  return [...groups]
    .sort(([a], [b]) => inOrder(a, b))
    .map(([, { names, change, through }]) => [
      `${SIGN[change.change]} ${codes(names)}`,
      what(change),
      change.from,
      change.to,
      through,
    ]);
}

/** Without who begins it: those who begin alike stand in one row. */
function pathText(path: readonly PathStep[]): string {
  return path
    .map(({ verb, to, certain }) => `${certain ? '' : 'perhaps '}${plainText(verb)} ${code(to)}`)
    .join(', which ');
}

export function requestRows({ requests }: AccessChanges): string[][] {
  const groups = new Map<string, RequestChange[]>();
  for (const each of requests) {
    // What a capability says already is in its own table.
    if (each.within !== undefined) continue;
    const { change, action, context, floor, policy, statement } = each;
    const id = JSON.stringify([change, floor, action, context, policy, statement]);
    groups.set(id, [...(groups.get(id) ?? []), each]);
  }
  return [...groups]
    .sort(([a], [b]) => inOrder(a, b))
    .map(([, all]) => {
      const { change, floor, policy, statement } = all[0] as RequestChange;
      const unsure = all.some(({ from, to }) => from === 'perhaps' || to === 'perhaps') ? ' (perhaps)' : '';
      const keys = requestText({ ...(all[0] as RequestChange), resource: '' })
        .replace(' on ,', ',')
        .replace(/ on$/, '');
      return [
        SIGN[change],
        `${code(keys)}${unsure}${floor ? ', once a policy of their own allows it' : ''}`,
        codes(unique(all.map(({ principal }) => principal))),
        codes(unique(all.map(({ resource }) => resource))),
        `${code(policy)} ${code(statement)}`,
      ];
    });
}

export function statementRows({ statements }: AccessChanges): string[][] {
  return statements.map(({ layer, policy, statement, change, at, before, after }: StatementChange) => [
    change,
    `${layer} ${code(policy)}`,
    code(statement),
    codes(at),
    before ? code(JSON.stringify(before)) : '',
    after ? code(JSON.stringify(after)) : '',
  ]);
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
