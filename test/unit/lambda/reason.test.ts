import { bytesOf, REASON_MAX_BYTES, shorten } from '../../../lambda/cloudformation/reason';
import { GapsFound } from '../../../lambda/rls-registry/gaps';

test('what fits is passed on as it is', () => {
  expect(shorten('two gaps:', ['one', 'two'])).toBe('two gaps:\none\ntwo');
  expect(shorten('nothing more', [])).toBe('nothing more');
});

test('whole lines are left out, and counted', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  const text = shorten('many:', lines, 300);
  const shown = text.split('\n').slice(1, -1);
  expect(shown).toEqual(lines.slice(0, shown.length));
  expect(shown.length).toBeGreaterThan(10);
  expect(text).toMatch(new RegExp(`\nand ${1000 - shown.length} more; the log has all of them$`));
});

test.each([
  ['quotes', '"'],
  ['line breaks', 'a\nb\r\n'],
  ['umlauts', 'ü'],
  ['characters of four bytes', '🔒'],
  ['control characters', '\u0001'],
])('no reason is longer than allowed: %s', (_, text) => {
  for (const repeat of [1, 100, 5000]) {
    for (const lines of [1, 2, 500]) {
      const reason = shorten(text.repeat(repeat), Array(lines).fill(text.repeat(repeat)));
      expect(bytesOf(reason)).toBeLessThanOrEqual(REASON_MAX_BYTES);
      expect(Buffer.from(reason).toString()).toBe(reason);
    }
  }
});

test('a response object with the longest reason fits into 4096 bytes', () => {
  const gap = {
    rule: 'TZ105',
    name: 'x',
    severity: 'error',
    key: 'k',
    message: '"ü" '.repeat(40),
    fix: 'fix',
  } as const;
  const { message } = new GapsFound(Array(500).fill(gap));
  const response = {
    Status: 'FAILED',
    Reason: `${message}\n\nLogs: /aws/lambda/${'f'.repeat(64)}\n`,
    StackId: `arn:aws:cloudformation:eu-central-1:123456789012:stack/${'s'.repeat(128)}/${'0'.repeat(36)}`,
    RequestId: '0'.repeat(36),
    PhysicalResourceId: `rls-registry/${'h'.repeat(253)}:5432/${'d'.repeat(63)}`,
    LogicalResourceId: 'L'.repeat(255),
    NoEcho: false,
  };
  expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThanOrEqual(4096);
  expect(message).toMatch(/^Row security has 500 gaps:\nTZ105 /);
});
