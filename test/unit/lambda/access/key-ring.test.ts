/** Values that rotation makes. */
import { newKey, nextRing } from '../../../../lambda/secret-rotation/key-ring';
import { kindOf } from '../../../../lambda/secret-rotation/kinds';
import type { Settings } from '../../../../lambda/secret-rotation/settings';
import { formatSigningKeys, parseSigningKeys } from '../../../../sql/db/key-ring';

const login = kindOf({ secrets: { breakGlass: 'it' } } as Settings, 'it');

test('the next ring has a new key, and the one that signed until now; the one before is forgotten', () => {
  const [first, second] = [newKey(), newKey()];
  const ring = parseSigningKeys(nextRing(formatSigningKeys({ current: second, previous: first })));
  expect(ring.previous).toEqual(second);
  expect([first.id, second.id]).not.toContain(ring.current.id);
  expect(ring.current.secret).toHaveLength(32);
});

test('what is no ring has no next one, and is not quoted', () => {
  const text = '{"state":"hunter2"}';
  expect(() => nextRing(text)).toThrow(TypeError);
  expect(() => nextRing(text)).not.toThrow(/hunter2/);
});

test('a new password is long, of letters and digits, and of the same person', () => {
  const made = Array.from({ length: 200 }, () => JSON.parse(login.next('{"username":"a","password":"b"}')));
  for (const { username, password } of made) {
    expect(username).toBe('a');
    expect(password).toMatch(/^[A-Za-z0-9]{48}$/);
  }
  expect(new Set(made.map(({ password }) => password)).size).toBe(made.length);
});

test.each(['hunter2', '{"username":"hunter2"}', '[]', 'null'])(
  '%s is no login, and is not quoted',
  (text) => {
    expect(() => login.next(text)).toThrow('the secret is no login');
    expect(() => login.next(text)).not.toThrow(/hunter2/);
  },
);
