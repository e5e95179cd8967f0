import type { Head } from '../../../../cli/audit/heads';
import type { Entry } from '../../../../cli/audit/ledger-source';
import { type Break, ChainCheck, hashOf, type Why } from '../../../../cli/audit/verify-chain';
import { chainOf, entryOf, headOf, resealed } from './given';

function check(entries: readonly Entry[], heads: readonly Head[] = []) {
  const chain = new ChainCheck(heads);
  for (const entry of entries) if (!chain.add(entry)) break;
  return chain.finish();
}

const at = (entries: readonly Entry[], sequence: number) => entries[sequence - 1] as Entry;
const changed = (entries: readonly Entry[], sequence: number, change: Partial<Entry>) =>
  entries.map((entry) => (entry.sequence === sequence ? { ...entry, ...change } : entry));
const without = (entries: readonly Entry[], ...gone: number[]) =>
  entries.filter(({ sequence }) => !gone.includes(sequence));

test('a chain as it was written is intact, and agrees with its heads', () => {
  const entries = chainOf(9);
  expect(check(entries, [headOf(at(entries, 3)), headOf(at(entries, 9))])).toEqual({
    entries: 9,
    headsThatAgree: 2,
    broken: undefined,
  });
});

test('an empty ledger of which nothing was exported is intact', () => {
  expect(check([])).toEqual({ entries: 0, headsThatAgree: 0, broken: undefined });
});

test('the hash is SHA-256 of the bytes before and of the body in UTF-8', () => {
  expect(hashOf('00'.repeat(32), '{}')).toBe(
    'fb1634c4e6cd4b1f1afe3ce2d6ef080f7ac5d1f357d723ad4dfca782733b62db',
  );
});

const ENTRIES = chainOf(6);
const body = (sequence: number) => at(ENTRIES, sequence).body;

const CASES: readonly (readonly [what: string, entries: readonly Entry[], sequence: number, why: Why])[] = [
  ['a body that was changed', changed(ENTRIES, 3, { body: body(3).replace('uma', 'sam') }), 3, 'tampered'],
  ['a body with one more space', changed(ENTRIES, 3, { body: body(3).replace(',', ', ') }), 3, 'tampered'],
  ['a hash that was changed', changed(ENTRIES, 3, { hash: 'ab'.repeat(32) }), 3, 'tampered'],
  [
    'a body and its hash that were changed together',
    changed(ENTRIES, 3, entryOf(3, at(ENTRIES, 3).previous, { login: 'sam@example.com' })),
    4,
    'tampered',
  ],
  ['a link that was changed with its hash', changed(ENTRIES, 3, entryOf(3, 'cd'.repeat(32))), 3, 'tampered'],
  [
    'a column that says something else than the body',
    changed(ENTRIES, 3, { columns: { ...at(ENTRIES, 3).columns, login: 'sam@example.com' } }),
    3,
    'tampered',
  ],
  [
    'a column that hides what the body says',
    changed(ENTRIES, 3, { columns: { ...at(ENTRIES, 3).columns, organization: null } }),
    3,
    'tampered',
  ],
  [
    'a detail beside the body that says something else',
    changed(ENTRIES, 3, { columns: { ...at(ENTRIES, 3).columns, detail: '{"why": "other"}' } }),
    3,
    'tampered',
  ],
  [
    'a body that is no object',
    changed(ENTRIES, 3, { body: '[]', hash: hashOf(at(ENTRIES, 3).previous, '[]') }),
    3,
    'tampered',
  ],
  [
    'a body that is no JSON',
    changed(ENTRIES, 3, { body: '{', hash: hashOf(at(ENTRIES, 3).previous, '{') }),
    3,
    'tampered',
  ],
  ['an entry that is gone', without(ENTRIES, 3), 3, 'missing'],
  ['several entries that are gone', without(ENTRIES, 3, 4), 3, 'missing'],
  ['the first entry gone', without(ENTRIES, 1), 1, 'missing'],
  ['an entry gone, and the rest chained anew', resealed(without(ENTRIES, 3)), 3, 'missing'],
  [
    'a first entry that follows from something',
    changed(ENTRIES, 1, entryOf(1, 'ef'.repeat(32))),
    1,
    'tampered',
  ],
  ['an entry twice', [...ENTRIES.slice(0, 3), at(ENTRIES, 3), ...ENTRIES.slice(3)], 3, 'reordered'],
  [
    'two entries out of order',
    [...ENTRIES.slice(0, 2), at(ENTRIES, 3), at(ENTRIES, 2), ...ENTRIES.slice(3)],
    2,
    'reordered',
  ],
  [
    'two bodies exchanged, and everything chained anew',
    (() => {
      const [third, fourth] = [at(ENTRIES, 3), at(ENTRIES, 4)];
      const exchanged = ENTRIES.map((entry) =>
        entry.sequence === 3
          ? { ...entry, body: fourth.body }
          : entry.sequence === 4
            ? { ...entry, body: third.body }
            : entry,
      );
      return resealed(exchanged);
    })(),
    3,
    'reordered',
  ],
];

test.each(CASES)('%s is found at the first entry that is not as it was', (_, entries, sequence, why) => {
  const { broken } = check(entries);
  expect(broken).toMatchObject({ sequence, why } satisfies Partial<Break>);
  expect(broken?.message).not.toBe('');
});

test('entries after the first that is broken are not counted', () => {
  expect(check(without(ENTRIES, 4)).entries).toBe(3);
});

describe('heads that were exported', () => {
  const rewritten = resealed(
    ENTRIES.map((entry) =>
      entry.sequence === 2 ? { ...entry, body: body(2).replace('uma', 'sam') } : entry,
    ),
  );

  test('a chain written anew fits together: only a head tells', () => {
    expect(check(rewritten).broken).toBeUndefined();
    expect(check(rewritten, [headOf(at(ENTRIES, 4))]).broken).toMatchObject({
      sequence: 4,
      why: 'rewritten',
    });
  });

  test('every one of them must agree, not only the newest', () => {
    const heads = [headOf({ sequence: 2, hash: 'ab'.repeat(32) }), headOf(at(ENTRIES, 6))];
    expect(check(ENTRIES, heads).broken).toMatchObject({ sequence: 2, why: 'rewritten' });
  });

  test('two versions of one head must be the same', () => {
    const head = headOf(at(ENTRIES, 4));
    expect(check(ENTRIES, [head, head])).toMatchObject({ headsThatAgree: 2, broken: undefined });
    expect(check(ENTRIES, [head, { ...head, hash: 'ab'.repeat(32) }]).broken?.why).toBe('rewritten');
  });

  test('entries gone from the end are found by the newest head, and by nothing else', () => {
    const short = ENTRIES.slice(0, 4);
    expect(check(short).broken).toBeUndefined();
    expect(check(short, [headOf(at(ENTRIES, 4))]).broken).toBeUndefined();
    expect(check(short, [headOf(at(ENTRIES, 6)), headOf(at(ENTRIES, 4))]).broken).toMatchObject({
      sequence: 5,
      why: 'truncated',
    });
    expect(check([], [headOf(at(ENTRIES, 1))]).broken).toMatchObject({ sequence: 1, why: 'truncated' });
  });
});
