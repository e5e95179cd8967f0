import { LOG_LINE_MAX_BYTES } from '../../../lambda/rls-registry/contract';
import { Log } from '../../../lambda/rls-registry/log';
import type { Finding } from '../../../sql/verifier/types';

function written(use: (log: Log) => void): string[] {
  const lines: string[] = [];
  use(new Log((line) => lines.push(line)));
  return lines;
}

test('a secret is struck out in every form in which it may turn up', () => {
  const secret = 'p"ss/w ö\\rd';
  const [line = ''] = written((log) => {
    log.keepSecret(secret);
    log.line('info', 'test', { plain: secret, url: `postgres://u:${encodeURIComponent(secret)}@h` });
    expect(log.redact(`password ${secret}`)).toBe('password ***');
  });
  expect(JSON.parse(line)).toEqual({ level: 'info', event: 'test', plain: '***', url: 'postgres://u:***@h' });
});

test('a long report is split into lines that CloudWatch keeps whole, and nothing is lost', () => {
  const findings = Array.from(
    { length: 3000 },
    (_, index): Finding => ({
      rule: 'TZ105',
      name: 'n',
      severity: 'error',
      key: `public.t${index}`,
      message: 'ü"'.repeat(60),
      fix: 'f',
    }),
  );
  const lines = written((log) => log.report('report', { database: 'd' }, findings));
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LOG_LINE_MAX_BYTES);
  const parts = lines.map((line) => JSON.parse(line) as { part: number; parts: number; findings: Finding[] });
  expect(parts.map(({ part }) => part)).toEqual(lines.map((_, index) => index + 1));
  expect(new Set(parts.map((each) => each.parts))).toEqual(new Set([lines.length]));
  expect(parts.flatMap((each) => each.findings)).toEqual(findings);
});

test('a report without findings is still written', () => {
  expect(written((log) => log.report('report', {}, [])).map((line) => JSON.parse(line))).toEqual([
    { level: 'info', event: 'report', part: 1, parts: 1, findings: [] },
  ]);
});

test('a finding that no line can hold is replaced by a note', () => {
  const finding = { rule: 'TZ1', name: 'n', severity: 'error', key: 'k', fix: 'f' } as const;
  const [line = ''] = written((log) =>
    log.report('report', {}, [
      { ...finding, message: 'x'.repeat(300_000) },
      { ...finding, message: 'short' },
    ]),
  );
  expect(JSON.parse(line).findings).toEqual([
    { cut: expect.stringMatching(/bytes$/) },
    { ...finding, message: 'short' },
  ]);
});
