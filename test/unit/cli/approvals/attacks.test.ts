/** Words of other people on a terminal, and codes where they do not belong. */
import { plain, plainJson } from '../../../../cli/approvals/plain';
import { renderAudit } from '../../../../cli/audit/render/audit';
import { type Machine, machine, pending } from '../sensitive-access/given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
});
afterEach(() => here.close());

describe('what acts on a terminal, or is not seen,', () => {
  const ATTACKS = [
    ['an escape', '\u001b[2J'],
    ['an escape of one byte', '\u009b2J'],
    ['a bell', '\u0007'],
    ['a deletion', '\u007f'],
    ['the other direction', '\u202e'],
    ['an isolate', '\u2066'],
    ['a row of its own', '\r\n'],
    ['a separator', '\u2028'],
    ['nothing of no width', '\u200b'],
    ['a letter that is none', '\u3164'],
    ['an empty pattern', '\u2800'],
    ['a tag', '\u{e0041}'],
    ['half a character', '\ud800'],
  ] as const;

  test.each(ATTACKS)('%s is shown as what it is', (_, text) => {
    expect(plain(`a${text}b`)).toMatch(/^a(\\u\{[0-9a-f]+\}|[ -~])+b$/);
    const json = plainJson({ reason: `a${text}b` }, 2);
    expect(json).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(json)).toEqual({ reason: `a${text}b` });
  });

  test('words of any language stay what they are', () => {
    const text = 'Müller — 給与 🙂 ❤️ “why”';
    expect(plain(text)).toBe(text);
    expect(plainJson([text])).toBe(JSON.stringify([text]));
  });

  test('show --format json and audit --format json do nothing to it either', async () => {
    const view = pending({ reason: 'harmless\u202e\u009b2J reason' });
    here.endpoint.answers = { show: () => view };
    const { out } = await here.run(['show', view.id, '--format', 'json'], { as: 'ada' });
    expect(out).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(out)).toEqual(view);
    const row = {
      ...{ how: 'could', person: '7', login: 'u', persona: 'ProdEngineer', kind: 'shell', access: 'read' },
      ...{ from: '2026-04-01T00:00:00Z', until: '2026-04-02T00:00:00Z', request: null, approvedBy: [] },
      ...{ ticket: 'OPS-1', reason: view.reason, note: null },
    };
    const range = { organization: 'acme', from: new Date(0), to: new Date(1) };
    const text = renderAudit(range, [row as Parameters<typeof renderAudit>[1][number]], 'json');
    expect(text).toMatch(/^[\n -~]+$/);
    expect(JSON.parse(text)).toMatchObject([{ reason: view.reason }]);
  });
});

describe('a code', () => {
  test.each([
    ['behind an option without a value', ['--code-stdin', '123456']],
    ['behind the end of options', ['--', '123456']],
    ['with a hyphen', ['123-456']],
    ['behind --local', ['--local', '123 456']],
    ['of its own', ['123456']],
    ['behind an equals sign', ['--code-stdin=123456']],
  ])('%s is refused by name, not repeated, and nothing is sent', async (_, more) => {
    const { code, shown, out } = await here.run(['approve', pending().id, ...more], {
      as: 'ada',
      pipes: '123456\n',
    });
    expect(code).toBe(2);
    expect(shown).toContain('error: a code is not given as an argument');
    expect(`${shown}${out}`).not.toMatch(/123.?456/);
    expect(here.endpoint.tries).toEqual([]);
  });

  test('six digits may be a ticket', async () => {
    here.endpoint.answers = { request: () => pending(), preview: () => ({}) as never };
    const { shown } = await here.run(['request', '--ticket', '123456'], { pipes: '' });
    expect(shown).not.toContain('a code is not given');
  });

  test('--code-stdin at a terminal does not echo it', async () => {
    here.endpoint.answers = {
      show: () => pending(),
      approve: () => ({ request: pending(), drift: 0, missing: 1 }),
    };
    const { code, shown, io } = await here.run(['approve', pending().id, '--code-stdin'], {
      as: 'ada',
      types: { 'Your code': '123456' },
    });
    expect(code).toBe(0);
    expect(io.rawWhenTyped).toEqual([true]);
    expect(shown).not.toContain('123456');
  });
});

test.each(['revoked', 'denied', 'lapsed'] as const)(
  '--wait: a request that is %s is not done: 1, and not 0',
  async (state) => {
    here.endpoint.answers = {
      request: () => pending(),
      preview: () => PREVIEW,
      show: () => pending({ state }),
    };
    const args = [
      'request',
      '--organization',
      'acme',
      '--kind',
      'shell',
      '--reason',
      'export fails since Monday',
    ];
    const { code, shown } = await here.run([...args, '--ticket', 'OPS-1', '--yes', '--wait'], { pipes: '' });
    expect(code).toBe(1);
    expect(shown).toContain(`error: the request is ${state}\n`);
  },
);

const PREVIEW = {
  ...{ organization: 'acme', own: false, codesNeeded: 1, minutes: 30, blast: [], live: [], narrower: [] },
  past: { grants: 0, last: null },
};
