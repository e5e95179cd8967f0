/** What a preview refuses before it asks how much there is. */
import { Refusal } from '../../../lambda/approvals/errors';
import { mustBeGrantable } from '../../../lambda/approvals/grantable';
import type { Asked } from '../../../lambda/approvals/narrower';
import { requests } from '../../../lambda/approvals/operations/requests';
import type { Work } from '../../../lambda/approvals/work';

const CLINIC = { organization: 'clinic', own: false, sensitive: true, maximumMinutes: 240 };
const ACME = { ...CLINIC, organization: 'acme', sensitive: false };
const OWN = { ...CLINIC, organization: 'zero', own: true };
const SHELL: Asked = { kind: 'shell', access: 'read' };
const FLAG: Asked = { kind: 'flag', access: 'read' };

test.each<[string, Asked, typeof CLINIC, string, RegExp]>([
  ['too long', { ...SHELL, minutes: 241 }, CLINIC, 'request-invalid', /1 to 240 minutes/],
  ['an ordinary one', SHELL, ACME, 'nothing-to-grant', /ordinary/],
  ['an ordinary one in the console', { ...SHELL, kind: 'console' }, ACME, 'nothing-to-grant', /ordinary/],
  ['a grant that says sensitive', { ...SHELL, sensitive: false }, CLINIC, 'request-invalid', /flag only/],
  ['a flag that is set', { ...FLAG, sensitive: true }, CLINIC, 'nothing-to-grant', /so already/],
  ['a flag that is not set', { ...FLAG, sensitive: false }, ACME, 'nothing-to-grant', /so already/],
  ['the flag of the own tenant', { ...FLAG, sensitive: false }, OWN, 'access-refused', /always sensitive/],
  ['a flag without an answer', FLAG, ACME, 'request-invalid', /says what/],
])('%s', (_, asked, facts, code, message) => {
  const act = () => mustBeGrantable(asked, facts);
  expect(act).toThrow(Refusal);
  expect(act).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});

test.each<[string, Asked, typeof CLINIC]>([
  ['a grant', SHELL, CLINIC],
  ['as long as there may be', { ...SHELL, minutes: 240 }, OWN],
  ['a flag that rises', { ...FLAG, sensitive: true }, ACME],
  ['a flag that falls', { ...FLAG, sensitive: false }, CLINIC],
])('not %s', (_, asked, facts) => {
  expect(() => mustBeGrantable(asked, facts)).not.toThrow();
});

test('preview refuses before the ledger notes that somebody looked', async () => {
  const preview = (sensitive: boolean) => {
    const blastRadius = jest.fn(async () => []);
    const facts = { ...CLINIC, sensitive, codesNeeded: 1, defaultMinutes: 30, past: {}, live: [] };
    const gate = { context: async () => facts, blastRadius };
    const work = { gate, caller: { login: 'uma' }, staff: { maySeeSensitive: true } } as unknown as Work;
    const asked = { ...SHELL, organization: 'clinic', reason: 'ten letters', ticket: 'OPS-1' } as const;
    const answer = requests.preview(work, { ...asked, kind: 'shell' });
    return { answer, blastRadius };
  };
  const ordinary = preview(false);
  await expect(ordinary.answer).rejects.toMatchObject({ code: 'nothing-to-grant' });
  expect(ordinary.blastRadius).not.toHaveBeenCalled();
  const sensitive = preview(true);
  await expect(sensitive.answer).resolves.toMatchObject({ minutes: 30 });
  expect(sensitive.blastRadius).toHaveBeenCalled();
});
