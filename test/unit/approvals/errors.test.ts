/** Every SQLSTATE of ours is either an answer or a defect, and that is decided, not forgotten. */
import { REFUSALS, Refusal, refusalOf } from '../../../lambda/approvals/errors';
import { SQLSTATE } from '../../../sql/db/errors';

const databaseError = (code: string, message = 'what the database says') =>
  Object.assign(new Error(message), { code });

type Name = keyof typeof SQLSTATE;
const NAMES = Object.keys(SQLSTATE) as Name[];
/** Of the approval path, of the flag guard: what a caller can bring about. */
const ANSWERED = NAMES.filter((name) => /^TZ(013|04\d|05\d)$/.test(SQLSTATE[name]));

test('the map has every SQLSTATE, and no other', () => {
  expect(Object.keys(REFUSALS).sort()).toEqual([...NAMES].sort());
  expect(ANSWERED.length).toBeGreaterThan(12);
});

test.each(ANSWERED)('%s is an answer with a code, the text of the database, and a next step', (name) => {
  const refusal = refusalOf(databaseError(SQLSTATE[name]));
  expect(refusal).toBeInstanceOf(Refusal);
  expect(refusal?.code).toMatch(/^[a-z]+(-[a-z]+)+$/);
  expect(refusal?.message).toBe('what the database says');
  expect(refusal?.next).toMatch(/^[A-Z].{20,}\.$/);
  expect(refusal?.toAnswer()).toMatchObject({ ok: false, error: { code: refusal?.code } });
});

test('a hint of the database is the next step, and the list is where there is none', () => {
  const refused = (hint?: string) =>
    refusalOf(Object.assign(databaseError(SQLSTATE.accessRefused), { hint }))?.next;
  expect(refused('break the glass first')).toBe('Break the glass first.');
  expect(refused('Break the glass first.')).toBe('Break the glass first.');
  expect(refused()).toBe(REFUSALS.accessRefused?.next);
  expect(refusalOf(Object.assign(databaseError('23505'), { hint: 'drop it' }))).toBeUndefined();
});

test('codes are not used twice', () => {
  const codes = ANSWERED.map((name) => REFUSALS[name]?.code);
  expect(new Set(codes).size).toBe(codes.length);
});

test.each(NAMES.filter((name) => !ANSWERED.includes(name)))(
  '%s is no answer: something is broken',
  (name) => {
    expect(refusalOf(databaseError(SQLSTATE[name]))).toBeUndefined();
  },
);

test.each(['23505', '40001', '42501', '57014', 'ECONNREFUSED'])('%s is no answer', (code) => {
  expect(refusalOf(databaseError(code))).toBeUndefined();
});

test('a next step that names a command names one that there is', () => {
  const commands = /-- (request|list|show|approver|revoke|review|approve)\b/;
  for (const name of ANSWERED) {
    const next = REFUSALS[name]?.next ?? '';
    if (next.includes('npm run')) expect(next).toMatch(commands);
  }
});
