import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Accepted,
  type AccessChanges,
  fails,
  judge,
  parseAccepted,
} from '../../../../lib/access-model/diff';
import { Problem } from '../../../../lib/access-model/problem';
import { NOTHING } from './given';

const TODAY = '2026-06-15';

const entry = (given: Partial<Accepted> = {}): Accepted => ({
  change: 'app may s3:GetObject on *',
  'accepted-by': 'Jane Doe',
  reason: 'until the photos have moved',
  until: '2026-12-31',
  ...given,
});

/** Two changes: `app gains secret:vault`, `app may s3:GetObject on arn:aws:s3:::photos/x`. */
const CHANGES: AccessChanges = {
  principals: [
    {
      name: 'app',
      kind: 'role',
      change: 'changed',
      capabilities: [
        {
          capability: 'secret:vault',
          title: 'read the secret vault',
          change: 'gained',
          from: 'no',
          to: 'yes',
          path: [],
        },
      ],
      becomes: [],
    },
  ],
  statements: [],
  requests: [
    {
      principal: 'app',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::photos/x',
      context: {},
      change: 'broadened',
      floor: false,
      from: 'no',
      to: 'yes',
      policy: 'Shop.App own',
      statement: 'Read',
    },
  ],
};

const verdict = (...accepted: Accepted[]) => {
  const { unaccepted, accepted: by, lapsed, stale } = judge(CHANGES, accepted, TODAY);
  return {
    unaccepted: unaccepted.map(({ id }) => id),
    accepted: by.map(({ change }) => change.id),
    lapsed: lapsed.length,
    stale: stale.length,
    fails: fails({ unaccepted, accepted: by, lapsed, stale }),
  };
};

test('a change without an entry is not accepted, and nothing needs none', () => {
  expect(verdict()).toEqual({
    unaccepted: ['app gains secret:vault', 'app may s3:GetObject on arn:aws:s3:::photos/x'],
    accepted: [],
    lapsed: 0,
    stale: 0,
    fails: true,
  });
  expect(fails(judge(NOTHING, [], TODAY))).toBe(false);
});

test('entries accept the changes that they name, exactly or by a pattern', () => {
  const both = verdict(entry(), entry({ change: 'app gains secret:vault' }));
  expect(both).toMatchObject({ unaccepted: [], lapsed: 0, stale: 0, fails: false });
  expect(both.accepted).toHaveLength(2);
  expect(verdict(entry({ change: '* gains secret:*' })).unaccepted).toEqual([
    'app may s3:GetObject on arn:aws:s3:::photos/x',
  ]);
  // Nothing but * is a pattern.
  expect(verdict(entry({ change: 'app gains secret.vault' })).accepted).toEqual([]);
  expect(verdict(entry({ change: 'gains secret:vault' })).accepted).toEqual([]);
});

test('an entry counts on its last day; past it, it is told, counts for nothing and fails', () => {
  const rest = entry({ change: 'app gains secret:vault' });
  expect(verdict(entry({ until: TODAY }), rest).fails).toBe(false);
  expect(verdict(entry({ until: '2026-06-14' }), rest)).toEqual({
    unaccepted: ['app may s3:GetObject on arn:aws:s3:::photos/x'],
    accepted: ['app gains secret:vault'],
    lapsed: 1,
    stale: 0,
    fails: true,
  });
  expect(fails(judge(NOTHING, [entry({ until: '2026-06-14' })], TODAY))).toBe(true);
});

test('an entry that matches nothing is told, and fails nothing', () => {
  const stale = judge(NOTHING, [entry()], TODAY);
  expect(stale.stale).toEqual([entry()]);
  expect(fails(stale)).toBe(false);
});

test('the committed file is read, and holds what is accepted', () => {
  const file = 'docs/access-changes.yaml';
  const text = readFileSync(path.join(__dirname, '../../../..', file), 'utf8');
  expect(Array.isArray(parseAccepted(file, text))).toBe(true);
  // The example in its comment is an entry.
  const example = text
    .split('\n')
    .filter((line) => /^# ( |-)/.test(line))
    .map((line) => line.slice(2))
    .join('\n');
  expect(parseAccepted(file, example)).toHaveLength(1);
});

test('everything that is wrong is told at once, in one line', () => {
  const text = `
- { change: '**', accepted-by: Jane, reason: long enough it is, until: 2026-02-30 }
- { change: app gains secret:vault, reason: short, until: tomorrow, owner: me }
`;
  const told = () => parseAccepted('changes.yaml', text);
  expect(told).toThrow(Problem);
  for (const part of [
    'entry 1, change',
    'entry 1, until',
    'entry 2, accepted-by',
    'entry 2, reason',
    'entry 2, until',
    'owner',
  ]) {
    expect(told).toThrow(part);
  }
  expect(told).not.toThrow('\n');
  expect(() => parseAccepted('changes.yaml', '- {')).toThrow(/^changes.yaml: /);
  expect(() => parseAccepted('changes.yaml', 'accepted: []')).toThrow('the file: ');
  expect(parseAccepted('changes.yaml', '# nothing yet\n')).toEqual([]);
});
