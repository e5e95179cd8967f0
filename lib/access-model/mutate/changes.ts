/**
 * The faults of one statement. Those that come to the same are made once: of several resources, any one that becomes `*`
 * makes the others idle.
 */

import { conditionChanges } from './condition-changes';
import type { Direction, MutantKind } from './mutant';
import type { Raw } from './policies';

export interface Change {
  readonly kind: MutantKind;
  /** What it is done to; empty: to the statement. */
  readonly what: string;
  readonly direction: Direction;
  /** Undefined: nothing is left of it. */
  readonly statement: Raw | undefined;
}

export function changesOf(statement: Raw): Change[] {
  const denies = statement.Effect === 'Deny';
  return [
    { kind: 'drop-statement', what: '', direction: denies ? 'broadens' : 'narrows', statement: undefined },
    ...(denies ? ofDenial(statement) : ofPermission(statement)),
    ...conditionChanges(statement),
  ];
}

function ofPermission(statement: Raw): Change[] {
  return [...widenResource(statement), ...widenPrincipal(statement), ...widenActions(statement)];
}

function ofDenial(statement: Raw): Change[] {
  const { Action, NotAction, Resource, NotResource } = statement;
  const broadens = { direction: 'broadens' } as const;
  return [
    ...withoutEach(Resource).map(
      ({ left, dropped }): Change => ({
        ...broadens,
        kind: 'drop-denied-resource',
        what: dropped,
        statement: { ...statement, Resource: left },
      }),
    ),
    ...(NotResource === undefined || texts(NotResource).includes('*')
      ? []
      : [
          {
            ...broadens,
            kind: 'widen-excepted-resource' as const,
            what: '',
            statement: { ...statement, NotResource: '*' },
          },
        ]),
    ...withoutEach(Action).map(
      ({ left, dropped }): Change => ({
        ...broadens,
        kind: 'drop-denied-action',
        what: dropped,
        statement: { ...statement, Action: left },
      }),
    ),
    ...servicesIn(NotAction).map(
      (all): Change => ({
        ...broadens,
        kind: 'widen-excepted-action',
        what: all,
        statement: { ...statement, NotAction: [...texts(NotAction), all] },
      }),
    ),
  ];
}

function widenResource(statement: Raw): Change[] {
  const { Resource } = statement;
  if (Resource === undefined || texts(Resource).includes('*')) return [];
  return [
    { kind: 'widen-resource', what: '', direction: 'broadens', statement: { ...statement, Resource: '*' } },
  ];
}

function widenPrincipal(statement: Raw): Change[] {
  const { Principal } = statement;
  if (Principal === undefined || isEveryone(Principal)) return [];
  return [
    { kind: 'widen-principal', what: '', direction: 'broadens', statement: { ...statement, Principal: '*' } },
  ];
}

function isEveryone(principal: unknown): boolean {
  if (typeof principal !== 'object' || principal === null) return principal === '*';
  return texts((principal as Raw).AWS).includes('*');
}

function widenActions(statement: Raw): Change[] {
  const { Action, NotAction } = statement;
  return [
    ...servicesIn(Action).map(
      (all): Change => ({
        kind: 'widen-action',
        what: all,
        direction: 'broadens',
        statement: { ...statement, Action: [...texts(Action), all] },
      }),
    ),
    ...withoutEach(NotAction).map(
      ({ left, dropped }): Change => ({
        kind: 'drop-excepted-action',
        what: dropped,
        direction: 'broadens',
        statement: { ...statement, NotAction: left },
      }),
    ),
  ];
}

/** `s3:*` for each service whose actions are named one by one. */
function servicesIn(actions: unknown): string[] {
  const named = texts(actions);
  const all = named.map((action) => `${action.split(':')[0]}:*`);
  if (named.includes('*')) return [];
  return [...new Set(all)].filter((each) => !named.includes(each) && !/[*?].*:/.test(each));
}

/** Of several, all but one, for each. */
export function withoutEach(raw: unknown): { left: unknown; dropped: string }[] {
  const all = texts(raw);
  if (all.length < 2) return [];
  return all.map((dropped, i) => ({ left: all.filter((_, j) => j !== i), dropped }));
}

export const texts = (raw: unknown): string[] => (raw === undefined ? [] : [raw].flat().map(String));
