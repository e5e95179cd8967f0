import { stateHash } from '../../../lambda/rls-registry/state-hash';
import type { Desired, DesiredRelation } from '../../../sql/compiler/desired';

function relation(name: string, oid: number, change: Partial<DesiredRelation> = {}): DesiredRelation {
  return {
    relation: {
      oid,
      table: { schema: 'public', name },
      text: `public.${name}`,
      kind: 'r',
      owner: 'owner',
      rowSecurity: false,
      forceRowSecurity: false,
      parents: [],
      extension: undefined,
    },
    mode: 'registered',
    rowSecurity: true,
    policies: [],
    triggers: [],
    grants: new Map([
      ['app', ['SELECT']],
      ['PUBLIC', []],
    ]),
    columnGrants: [],
    replaces: [],
    mentions: [],
    ...change,
  };
}

function desired(relations: DesiredRelation[]): Desired {
  return { roles: [], tables: [], functions: [], usage: new Map(), connect: ['a', 'b'], relations };
}

const hash = (relations: DesiredRelation[]) => stateHash('registry', desired(relations));

test('the same state has the same hash, in whatever order and with whatever object ids', () => {
  const one = hash([relation('a', 1), relation('b', 2)]);
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  const grants = new Map([...relation('b', 0).grants].reverse());
  expect(hash([relation('b', 7, { grants }), relation('a', 9)])).toBe(one);
  expect(
    hash([
      relation('a', 1, { relation: { ...relation('a', 1).relation, rowSecurity: true } }),
      relation('b', 2),
    ]),
  ).toBe(one);
});

test('whatever is different in protection or registry changes the hash', () => {
  const base = [relation('a', 1)];
  const policy = {
    name: 'p',
    permissive: true,
    command: 'ALL',
    role: 'app',
    using: 'true',
    check: 'true',
  } as const;
  const hashes = [
    hash(base),
    hash([]),
    hash([relation('b', 1)]),
    hash([relation('a', 1, { mode: 'sealed' })]),
    hash([relation('a', 1, { grants: new Map([['app', ['SELECT', 'UPDATE']]]) })]),
    hash([relation('a', 1, { policies: [policy] })]),
    hash([relation('a', 1, { policies: [{ ...policy, using: 'false' }] })]),
    stateHash('other', desired(base)),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
