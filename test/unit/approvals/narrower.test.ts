/** Ways to do with less. Each rule speaks where it should, and is silent where it should not. */
import { type Asked, narrower } from '../../../lambda/approvals/narrower';

const FACTS = {
  organization: 'clinic',
  own: false,
  sensitive: true,
  defaultMinutes: 30,
  live: [] as { kind: string; access: string; until: string }[],
};
const ASKED: Asked = { kind: 'shell', access: 'read' };
const UNTIL = '2026-11-21T10:30:00.000Z';

test('nothing is narrower than reading for the default time', () => {
  expect(narrower(ASKED, FACTS)).toEqual([]);
  expect(narrower({ ...ASKED, minutes: 30 }, FACTS)).toEqual([]);
});

test.each<[string, Partial<Asked>, Partial<typeof FACTS>, RegExp]>([
  [
    'a grant there is',
    {},
    { live: [{ kind: 'shell', access: 'read', until: UNTIL }] },
    /suffices already: shell, read, until 2026/,
  ],
  [
    'a grant to write, for reading',
    {},
    { live: [{ kind: 'shell', access: 'write', until: UNTIL }] },
    /suffices already: shell, write/,
  ],
  [
    'a grant to read, for writing',
    { access: 'write' },
    { live: [{ kind: 'shell', access: 'read', until: UNTIL }] },
    /may read it already/,
  ],
  ['writing', { access: 'write' }, {}, /^Ask to read first/],
  [
    'a flag that would fall',
    { kind: 'flag', sensitive: false },
    {},
    /A grant for the shell or the console shows clinic to you alone/,
  ],
  ['longer than the default', { minutes: 31 }, {}, /30 minutes, the default, would do .* you ask for 31/],
])('%s', (_, asked, facts, expected) => {
  const said = narrower({ ...ASKED, ...asked }, { ...FACTS, ...facts });
  expect(said).toContainEqual(expect.stringMatching(expected));
});

test.each<[string, Partial<Asked>, object]>([
  [
    'a grant of another kind',
    { kind: 'shell' },
    { live: [{ kind: 'console', access: 'write', until: UNTIL }] },
  ],
  ['a flag that would rise', { kind: 'flag', sensitive: true }, { sensitive: false }],
  ['a flag has no minutes', { kind: 'flag', sensitive: true, minutes: 200 }, { sensitive: false }],
])('silent: %s', (_, asked, facts) => {
  expect(narrower({ ...ASKED, ...asked }, { ...FACTS, ...facts })).toEqual([]);
});
