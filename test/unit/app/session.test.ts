import { keyOf, signSession, verifySession } from '../../../app/session';

const key = (id: string, byte: number) => ({ id, secret: Buffer.alloc(32, byte) });
const [old, now, next] = [key('k1', 1), key('k2', 2), key('k3', 3)];
const SESSION = {
  user: '00000000-0000-4000-8000-00000000000a',
  organization: '00000000-0000-4000-8000-00000000000b',
  expiresAt: new Date(2_000_000_000_000),
};
const TIME = 1_900_000_000_000;
const token = signSession({ current: now }, SESSION);

test('says who acts for which organization, until its last second', () => {
  expect(verifySession({ current: now }, token, TIME)).toEqual(SESSION);
  expect(verifySession({ current: now }, token, SESSION.expiresAt.getTime() - 1)).toEqual(SESSION);
  expect(verifySession({ current: now }, token, SESSION.expiresAt.getTime())).toBeUndefined();
});

test('is believed over one rotation, and not over two', () => {
  expect(verifySession({ current: next, previous: now }, token, TIME)).toEqual(SESSION);
  expect(verifySession({ current: key('k4', 4), previous: next }, token, TIME)).toBeUndefined();
});

test('is not believed when any character of it is another', () => {
  for (let index = 0; index < token.length; index += 1) {
    const changed = token.slice(0, index) + (token[index] === '0' ? '1' : '0') + token.slice(index + 1);
    expect(verifySession({ current: now, previous: old }, changed, TIME)).toBeUndefined();
  }
});

test.each([
  ['text', 'let.me.in'],
  ['one with more behind it', `${token}.x`],
  ['one with a line break', `${token}\n`],
  ['one without its signature', token.slice(0, token.lastIndexOf('.'))],
  ['one in capitals', token.toUpperCase()],
])('%s is no session', (_, given) => {
  expect(keyOf(given)).toBeUndefined();
  expect(verifySession({ current: now }, given, TIME)).toBeUndefined();
});

test('names the key that it says to be signed with', () => {
  expect(keyOf(token)).toBe('k2');
});

test('is not signed for somebody who is no UUID', () => {
  expect(() => signSession({ current: now }, { ...SESSION, user: 'a.b' })).toThrow(/UUID/);
});
