import { formatSigningKeys, parseSigningKeys } from '../../../sql/db/key-ring';

const secret = Buffer.alloc(32, 7);

test('two keys survive being written and read', () => {
  const keys = { current: { id: 'k2', secret }, previous: { id: 'k1', secret: Buffer.alloc(40, 1) } };
  expect(parseSigningKeys(formatSigningKeys(keys))).toEqual(keys);
});

test('one key is enough', () => {
  expect(parseSigningKeys(formatSigningKeys({ current: { id: 'k1', secret } })).previous).toBeUndefined();
});

const text = secret.toString('base64');
test.each([
  ['no JSON', '{"current"', 'not JSON'],
  ['an empty object', '{}', 'current'],
  [
    'a short key',
    JSON.stringify({ current: { id: 'k1', secret: Buffer.alloc(31).toString('base64') } }),
    'shorter than 32',
  ],
  [
    'one id twice',
    JSON.stringify({ current: { id: 'k1', secret: text }, previous: { id: 'k1', secret: text } }),
    'same id',
  ],
  [
    'an unknown key',
    JSON.stringify({ current: { id: 'k1', secret: text }, hunter2: '' }),
    'keys that nobody knows',
  ],
])('refuses %s, and never quotes it', (_, given, problem) => {
  expect(() => parseSigningKeys(given)).toThrow(problem);
  expect(() => parseSigningKeys(given)).not.toThrow(/hunter2|AAAA|BwcH/);
});
