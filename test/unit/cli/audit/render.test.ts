import type { AuditRow } from '../../../../cli/audit/ledger-source';
import { renderAudit } from '../../../../cli/audit/render/audit';
import { csv } from '../../../../cli/audit/render/csv';
import { renderLog, toLogged } from '../../../../cli/audit/render/log';
import { ago, renderVerification } from '../../../../cli/audit/render/verification';
import { chainOf, headOf, sealed, ZERO } from './given';

const QUESTION = {
  organization: ZERO,
  from: new Date('2026-04-01T00:00:00Z'),
  to: new Date('2026-05-01T00:00:00Z'),
};
const COULD: AuditRow = {
  how: 'could',
  person: '7b0c5a55-31d2-4b5e-9d0e-111111111111',
  login: 'uma@example.com',
  persona: 'ProdEngineer',
  kind: 'shell',
  access: 'read',
  from: '2026-04-15T10:00:00.123456Z',
  until: '2026-04-15T10:30:00.123456Z',
  request: '0e4a1b8c-0000-4000-8000-222222222222',
  approvedBy: ['ada', 'grace'],
  ticket: 'OPS-123',
  reason: 'payslip 7, "net" is wrong',
  note: null,
};
const NOBODY: AuditRow = {
  how: 'nobody',
  person: null,
  login: null,
  persona: null,
  kind: null,
  access: null,
  request: null,
  approvedBy: [],
  ticket: null,
  reason: null,
  note: null,
  from: '2026-04-01T00:00:00.000000Z',
  until: '2026-05-01T00:00:00.000000Z',
};

describe('CSV', () => {
  test('has a header, CR LF, and quotes where they are needed', () => {
    expect(renderAudit(QUESTION, [COULD], 'csv')).toBe(
      'how,person,login,persona,kind,access,from,until,request,approved_by,ticket,reason,note\r\n' +
        'could,7b0c5a55-31d2-4b5e-9d0e-111111111111,uma@example.com,ProdEngineer,shell,read,' +
        '2026-04-15T10:00:00.123456Z,2026-04-15T10:30:00.123456Z,0e4a1b8c-0000-4000-8000-222222222222,' +
        'ada grace,OPS-123,"payslip 7, ""net"" is wrong",\r\n',
    );
  });

  test.each([
    '=HYPERLINK("http://evil")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
  ])('%j is no formula any more', (reason) => {
    const [, line = ''] = csv(['reason'], [[reason]]).split(/\r\n(?=['"])/);
    expect(line).toMatch(/^"?'/);
  });

  test.each(['reason = 1', 'a-b', "'quoted'", ' =1'])('%j stays as it is', (text) => {
    expect(csv(['reason'], [[text]])).toBe(`reason\r\n${text}\r\n`);
  });

  test('line breaks stay inside their cell, and numbers are numbers', () => {
    expect(csv(['a', 'b', 'c'], [['x\r\ny', -1, null]])).toBe('a,b,c\r\n"x\r\ny",-1,\r\n');
  });
});

describe('the table', () => {
  test('says what was asked, and shortens what only programs need', () => {
    const [heading, , titles, row] = renderAudit(QUESTION, [COULD], 'table').split('\n');
    expect(heading).toBe(
      `Who could see ${ZERO}, and who did, from 2026-04-01 00:00:00 until 2026-05-01 00:00:00 (UTC)`,
    );
    expect(titles).toMatch(
      /^could\/did +login +persona +kind +access +from +until +request +approved by +ticket +reason +note$/,
    );
    expect(row).toMatch(
      /^could +uma@example.com +ProdEngineer +shell +read +2026-04-15 10:00:00 +2026-04-15 10:30:00 +0e4a1b8c +ada grace +OPS-123 +payslip 7, "net" is wrong +-$/,
    );
  });

  test('"nobody" is a row', () => {
    expect(renderAudit(QUESTION, [NOBODY], 'table').split('\n')[3]).toMatch(/^nobody +- +-/);
  });

  test('what people wrote cannot steer the terminal', () => {
    const text = renderAudit(QUESTION, [{ ...COULD, reason: 'fine\u001b[2J\u202e\nnobody' }], 'table');
    expect(text).toContain('fine\\u{1b}[2J\\u{202e}\\u{a}nobody');
    expect(text.split('\n')).toHaveLength(5);
  });
});

test('JSON is an array with the names of the CSV', () => {
  const rows = JSON.parse(renderAudit(QUESTION, [COULD, NOBODY], 'json'));
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ how: 'could', approved_by: ['ada', 'grace'], from: COULD.from });
  const [header = ''] = renderAudit(QUESTION, [], 'csv').split('\r\n');
  expect(Object.keys(rows[0])).toEqual(header.split(','));
  expect(rows[1]).toMatchObject({ how: 'nobody', person: null, approved_by: [] });
});

describe('the log', () => {
  const [entry] = chainOf(1);
  if (!entry) throw new Error('no entry');
  const logged = toLogged(entry);

  test('tells what the body says, to the microsecond', () => {
    expect(logged).toMatchObject({ sequence: 1, at: '2026-04-15T10:00:00.000001Z', event: 'request' });
  });

  test('is lines of JSON, CSV or a table', () => {
    expect(JSON.parse(renderLog([logged], 'json'))).toEqual(logged);
    expect(renderLog([logged, logged], 'json').trimEnd().split('\n')).toHaveLength(2);
    expect(renderLog([], 'csv')).toBe('sequence,at,event,login,persona,organization,request,detail\r\n');
    expect(renderLog([logged], 'table')).toMatch(/\n1 +2026-04-15 10:00:00 +request +uma@example.com/);
  });

  test('shows a body that cannot be read, and does not fail on it', () => {
    expect(toLogged({ ...entry, body: '{' })).toMatchObject({ event: '(unreadable)', detail: '{', at: '' });
    expect(toLogged(sealed(1, entry.previous, { at: 1e300 })).at).toBe('');
  });
});

describe('the verdict', () => {
  const now = new Date('2026-04-15T10:02:30Z');
  const newest = headOf({ sequence: 4208, hash: 'ab'.repeat(32) });

  test('is one line', () => {
    expect(
      renderVerification({ entries: 4211, broken: null, heads: { exported: 17, agree: 17, newest } }, now),
    ).toBe('4,211 entries, chain intact, 17 exported heads agree, newest head at 4,208 (2 min ago)\n');
  });

  test('says what is broken, and where', () => {
    const broken = { sequence: 1002, why: 'missing', message: '1002 is not there' } as const;
    expect(
      renderVerification({ entries: 1001, broken, heads: { exported: 17, agree: 3, newest } }, now),
    ).toBe(
      '1,001 entries, chain broken at 1,002: missing: 1002 is not there, 3 of 17 exported heads compared, newest head at 4,208 (2 min ago)\n',
    );
  });

  test('says that there are no heads', () => {
    expect(
      renderVerification({ entries: 1, broken: null, heads: { exported: 0, agree: 0, newest: null } }, now),
    ).toBe('1 entry, chain intact, no exported heads\n');
  });

  test.each([
    ['2026-04-15T10:02:20Z', '10 s ago'],
    ['2026-04-15T08:00:00Z', '2 h ago'],
    ['2026-04-01T08:00:00Z', '14 days ago'],
    ['2026-04-16T08:00:00Z', '2026-04-16T08:00:00Z'],
    ['never', 'never'],
  ])('%s was %s', (at, expected) => {
    expect(ago(at, now)).toBe(expected);
  });
});
