import { No } from '../approvals/function-endpoint';
import { granted, ID, type Machine, machine, pending } from './given';

let here: Machine;
beforeEach(async () => {
  here = await machine();
});
afterEach(() => here.close());

const OTHER = ID.replace('0b5f', '0c60');

test('list is a line for each, and says what is the own tenant, what is to review, and until when', async () => {
  const views = [
    pending({ own: true, organization: 'tenant-zero', codesNeeded: 2, codesGiven: granted().codesGiven }),
    granted({ id: OTHER, breakGlass: true, codesNeeded: 0, codesGiven: [], access: 'write' }),
    pending({ kind: 'flag', sensitive: true }),
    pending({ kind: 'approver', organization: null, approver: 'ivo', login: 'ivo@example.com' }),
  ];
  here.endpoint.answers.list = () => ({ requests: views });
  const { code, out } = await here.run(['list'], { as: 'ada', pipes: '' });
  expect(code).toBe(0);
  expect(here.endpoint.tries[0]?.input).toEqual({ all: false });
  expect(out).toBe(
    `
ID                                    STATE               WHAT                 ORGANIZATION       WHO              CODES   UNTIL
${ID}  pending             shell, read          tenant-zero (OWN)  uma@example.com  1 of 2  2026-11-21T11:58Z, in 58 min
${OTHER}  granted, TO REVIEW  GLASS: shell, write  acme               uma@example.com  none    2026-11-21T11:30Z, in 30 min
${ID}  pending             flag on              acme               uma@example.com  0 of 1  2026-11-21T11:58Z, in 58 min
${ID}  pending             new approver         ivo                ivo@example.com  0 of 1  2026-11-21T11:58Z, in 58 min
`.trimStart(),
  );
});

test('an empty list is a sentence, or an empty list in json', async () => {
  here.endpoint.answers.list = () => ({ requests: [] });
  expect((await here.run(['list'], { pipes: '' })).out).toBe(
    'Nothing is open. list --all shows what is over.\n',
  );
  expect((await here.run(['list', '--all'], { pipes: '' })).out).toBe('There was no request yet.\n');
  expect(here.endpoint.tries.at(-1)?.input).toEqual({ all: true });
  const { out } = await here.run(['list', '--format', 'json'], { pipes: '' });
  expect(JSON.parse(out)).toEqual({ requests: [] });
});

test.each([
  [granted(), 'state     granted until 2026-11-21T11:30Z, in 30 min'],
  [granted({ state: 'ended' }), 'state     ended 2026-11-21T11:30Z, in 30 min'],
  [
    granted({
      state: 'revoked',
      grant: {
        startsAt: '2026-11-21T10:00:00Z',
        endsAt: '2026-11-21T10:30:00Z',
        revokedAt: '2026-11-21T10:59:30Z',
      },
    }),
    'state     revoked 2026-11-21T10:59Z, 30 s ago',
  ],
  [
    pending({ state: 'lapsed', lapsesAt: '2026-11-21T08:55:00Z' }),
    'state     lapsed 2026-11-21T08:55Z, 2 h 5 min ago: nobody decided in time',
  ],
  [
    pending({ state: 'denied', denied: { by: 'ada', reason: 'not tonight' } }),
    'denied    by ada: not tonight',
  ],
  [
    granted({ breakGlass: true, reviewed: { by: 'ada', at: '2026-11-21T11:00:00Z', note: 'all in order' } }),
    'reviewed  by ada, 2026-11-21T11:00Z, now: all in order',
  ],
  [
    pending({ kind: 'flag', sensitive: false }),
    'asks     that acme is NO LONGER SENSITIVE: everybody in support sees it then',
  ],
  [
    pending({ kind: 'approver', organization: null, approver: 'ivo' }),
    'asks     that ivo counts as an APPROVER',
  ],
  [pending({ blast: [] }), '  no rows of any table'],
])('show tells what became of a request (%#)', async (view, line) => {
  here.endpoint.answers.show = () => view;
  const { code, out } = await here.run(['show', ID], { pipes: '' });
  expect(code).toBe(0);
  expect(out.split('\n')).toContain(line);
});

test('what happens meanwhile is said in words, not by the names of operations', async () => {
  here.endpoint.answers.show = () => granted();
  const { io, shown } = await here.run(['show', ID], { types: {} });
  expect(io.ever()).toContain('asking the function ...');
  expect(shown).toBe('');
});

test('show in json is the request, exactly', async () => {
  here.endpoint.answers.show = () => granted();
  const { out } = await here.run(['show', ID, '--format', 'json'], { pipes: '' });
  expect(JSON.parse(out)).toEqual(granted());
});

test('an id that nobody knows is refused by the function; what is no id, here', async () => {
  here.endpoint.answers.show = () => {
    throw new No({ code: 'access-unknown', message: 'there is no such request', next: 'see list' });
  };
  const unknown = await here.run(['show', ID], { pipes: '' });
  expect([unknown.code, unknown.shown]).toEqual([1, 'error: there is no such request\nnext: see list\n']);
  const none = await here.run(['show', 'latest'], { pipes: '' });
  expect(none.code).toBe(2);
  expect(none.shown).toContain('error: ID latest is not the id of a request, such as list prints it\n');
});

test.each([
  ['uma', 'ProdEngineer', 'request, revoke, list, show'],
  ['ada', 'SensitiveApprover', 'approve, deny, review, approver, revoke, list, show'],
  ['bea', 'BreakGlassAdmin', 'break-glass, request, revoke, list, show'],
  ['aud', 'SecurityAuditor', 'audit'],
])('whoami asks STS: %s is %s', async (name, persona, may) => {
  const { code, out } = await here.run(['whoami'], { as: name, pipes: '' });
  expect(code).toBe(0);
  expect(out).toBe(
    `
persona  ${persona}
login    ${name}@example.com
account  000000000000
arn      arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_${persona}_0123456789abcdef/${name}@example.com
calls    tz-local-approvals in eu-central-1
may      ${may}
`.trimStart(),
  );
  expect(here.endpoint.tries).toEqual([]);
});

test('whoami of a permission set that the function does not know ends with 1', async () => {
  const { code, out, shown } = await here.run(['whoami'], { as: 'zoe', pipes: '' });
  expect(code).toBe(1);
  expect(out).toContain('may      nothing\n');
  expect(shown).toMatch(/^error: the function answers no such identity\nnext: aws sso login/);
});
