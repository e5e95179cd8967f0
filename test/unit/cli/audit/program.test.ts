/** What `audit` and what stands behind it take, as people type it. */
import { main } from '../../../../cli/sensitive-access/main';
import { fakeIo } from '../approvals/fake-io';

async function run(...args: string[]) {
  const io = fakeIo({ pipes: '' });
  const code = await main(['audit', ...args], io);
  return { code, out: io.out(), shown: io.shown() };
}

test.each([
  ['behind it', ['verify', '--organization', 'own']],
  ['before it', ['--organization', 'own', 'verify']],
])('verify is about the whole ledger: an organization %s is refused, not ignored', async (_, args) => {
  const { code, shown } = await run(...args, '--local');
  expect([code, shown]).toEqual([2, expect.stringMatching(/^error: unknown option '--organization'/)]);
});

test('log takes an organization before it and behind it', async () => {
  for (const args of [
    ['log', '--organization', 'own'],
    ['--organization', 'own', 'log'],
  ]) {
    const { shown } = await run(...args, '--local');
    expect(shown).toMatch(/^error: entries name organizations by their keys/);
  }
});

test.each([[[]], [['verify']], [['log']]])('help of audit %j is like the rest', async (args) => {
  const { code, out } = await run(...args, '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: .*\n\n[A-Z][^\n]*/);
  expect(out).toContain('--region <name>');
  expect(out.match(/Exit codes: 0 done; 1 refused/g)).toHaveLength(1);
});
