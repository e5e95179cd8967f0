/** The two ways to the ledger give the same answers from the same database. */
import { ledgerOver } from '../../../cli/audit/ledger';
import { type AuditRow, allEntries, type Entry, type LedgerSource } from '../../../cli/audit/ledger-source';
import { pgConnection } from '../../../cli/audit/pg-source';
import { ChainCheck } from '../../../cli/audit/verify-chain';
import type { CommandError } from '../../../sql/db/errors';
import { asLogin, asSupport, ORGANIZATIONS } from '../../support/tenants';
import { auditWorld, CLINIC, exportedHead, grant, NOBODY, record, UMA, unguarded, type World } from './world';

// The engine applies the whole registry first, and every worker does.
jest.setTimeout(60_000);

const FROM = new Date('2026-04-01T00:00:00Z');
const TO = new Date('2026-05-01T00:00:00Z');
const ENTRIES = 700;

let world: World;
let request: string;
/** The days of a session that really was: it is of today. */
let today: readonly [from: Date, to: Date];
beforeAll(async () => {
  world = await auditWorld();
  await record(world, ENTRIES, { detail: '{"why": "naïve – \\"quoted\\""}' });
  [request = ''] = await grant(world, {
    from: '2026-03-31T23:50:00Z',
    until: '2026-04-01T00:20:00.123456Z',
    approvers: ['grace', 'ada'],
  });
  const start = new Date();
  await grant(world, { from: start.toISOString(), until: new Date(start.getTime() + 60_000).toISOString() });
  await asSupport(world.database, { person: UMA.person }, (client) => client.query('select 1'));
  // Without a grant a shell shows nothing of it: it is no use of this organization.
  await asSupport(world.database, { person: 'sam' }, (client) => client.query('select 1'));
  today = [new Date(start.getTime() - 1000), new Date()];
});
afterAll(() => world.close());

describe.each(['pg', 'dataApi'] as const)('over %s', (way) => {
  let source: LedgerSource;
  beforeAll(async () => {
    source = await world[way]();
  });
  afterAll(() => source.close());

  test('every entry arrives, in order, as it was written', async () => {
    const entries: Entry[] = [];
    for await (const entry of allEntries(source)) entries.push(entry);
    expect(entries.length).toBeGreaterThan(ENTRIES);
    expect(entries[0]).toMatchObject({
      sequence: 1,
      previous: '0'.repeat(64),
      columns: {
        at: expect.stringMatching(/^\d{16}$/),
        login: UMA.login,
        organization: CLINIC,
        request: null,
      },
    });
    const chain = new ChainCheck([await exportedHead(world)]);
    for (const entry of entries) expect(chain.add(entry)).toBe(true);
    expect(chain.finish()).toEqual({ entries: entries.length, headsThatAgree: 1, broken: undefined });
  });

  test('a page begins after an entry and has so many', async () => {
    expect((await source.page(10, 3)).map(({ sequence }) => sequence)).toEqual([11, 12, 13]);
    expect(await source.page(100_000, 3)).toEqual([]);
  });

  test('who could, cut to the range, to the microsecond', async () => {
    expect(await source.audit(CLINIC, FROM, TO)).toEqual<AuditRow[]>([
      {
        how: 'could',
        ...UMA,
        kind: 'shell',
        access: 'read',
        from: '2026-04-01T00:00:00.000000Z',
        until: '2026-04-01T00:20:00.123456Z',
        request,
        approvedBy: ['grace', 'ada'],
        ticket: 'OPS-1',
        reason: 'payslip 7, "net" is – wrong',
        note: null,
      },
    ]);
  });

  test('who did: a shell that was open while the grant was live', async () => {
    const rows = await source.audit(CLINIC, ...today);
    expect(rows).toMatchObject([
      { how: 'could', ...UMA, ticket: 'OPS-1' },
      { how: 'did', ...UMA, kind: 'shell', access: 'read', reason: 'looking into a slow report' },
    ]);
    expect(Date.parse(rows[1]?.from ?? '')).toBeGreaterThanOrEqual(Date.parse(rows[0]?.from ?? ''));
  });

  test('both ways give the same rows', async () => {
    const other = await world[way === 'pg' ? 'dataApi' : 'pg']();
    expect(await other.audit(CLINIC, ...today)).toEqual(await source.audit(CLINIC, ...today));
    expect(await other.page(0, 50)).toEqual(await source.page(0, 50));
    await other.close();
  });

  test('whoever takes the row of a grant away hides nothing, and a row that the ledger does not know is told apart', async () => {
    const taken = `delete from guard.grants where request = '${request}'`;
    const byHand = `insert into guard.grants (person, organization, kind, starts_at, ends_at)
      values ('eve', '${NOBODY}', 'shell', '2026-04-02T00:00:00Z', '2026-04-02T01:00:00Z')`;
    const before = await source.audit(CLINIC, FROM, TO);
    await world.asSuperuser(`${taken}; ${byHand}`);
    expect(await source.audit(CLINIC, FROM, TO)).toEqual(
      before.map((row) => ({ ...row, note: 'the ledger says so; its row is gone' })),
    );
    expect(await source.audit(NOBODY, FROM, TO)).toMatchObject([
      { how: 'could', person: 'eve', note: 'made by hand: the ledger does not know of it' },
    ]);
    await world.asSuperuser(`delete from guard.grants where person = 'eve';
      insert into guard.grants (id, person, organization, kind, request, starts_at, ends_at) overriding system value
        select (detail ->> 'grant')::bigint, 'uma', '${CLINIC}', 'shell', request::uuid, to_timestamp(at / 1e6), '2026-04-01T00:20:00.123456Z'
        from guard.ledger where event = 'grant' and request = '${request}'`);
    expect(await source.audit(CLINIC, FROM, TO)).toEqual(before);
  });

  test('"nobody" is an answer', async () => {
    const rows = await source.audit(NOBODY, FROM, TO);
    expect(rows).toMatchObject([
      {
        how: 'nobody',
        person: null,
        from: '2026-04-01T00:00:00.000000Z',
        until: '2026-05-01T00:00:00.000000Z',
      },
    ]);
  });

  test('an organization that was ordinary was open to everybody, which is said', async () => {
    expect(await source.audit(ORGANIZATIONS.acme, FROM, TO)).toMatchObject([
      { how: 'could', person: null, reason: expect.stringContaining('not sensitive') },
    ]);
  });

  test.each([`' or true --`, 'nowhere', '00000000-0000-4000-8000-0000000000ff'])(
    'there is no organization %s, and "nobody" would be a lie',
    async (organization) => {
      await expect(source.audit(organization, FROM, TO)).rejects.toMatchObject({
        code: 'organization-unknown',
      });
    },
  );
});

describe('the auditor', () => {
  const refused = (sql: string) =>
    asLogin(world.database, 'auditor', (client) => client.query(sql)).then(
      () => 'allowed',
      (error) => error.code,
    );

  test.each([
    'select from guard.ledger',
    'select from guard.grants',
    'select from guard.requests',
    'select from vault.sessions',
    'select from vault.approvers',
    'select from access.staff',
    'select from public.employees',
    'select from public.organizations',
    `insert into guard.ledger (sequence, body, previous, hash) values (1, '{}', '', '')`,
    `select guard.record('x', '{}', null, null, '{}')`,
    `select guard.break_glass('{}', '{}')`,
    `select guard.list_requests('{}', '{}')`,
    `select guard.redeem('x')`,
    `create temporary table mine (n int)`,
  ])('reads nothing by itself, and does nothing: %s', async (sql) => {
    expect(await refused(sql)).toMatch(/^(42501|42883)$/);
  });

  test('reads by its functions', async () => {
    expect(await refused('select * from guard.ledger_page(0, 1)')).toBe('allowed');
    expect(await refused(`select * from guard.audit('${CLINIC}', '2026-04-01', '2026-05-01')`)).toBe(
      'allowed',
    );
  });
});

describe('what a superuser changes', () => {
  const broken = async () => {
    const source = await world.pg();
    const chain = new ChainCheck([]);
    for await (const entry of allEntries(source)) if (!chain.add(entry)) break;
    await source.close();
    return chain.finish().broken;
  };

  test('is refused while the guards of the table stand', async () => {
    for (const sql of [
      `update guard.ledger set body = replace(body, 'uma', 'sam') where sequence = 3`,
      'delete from guard.ledger where sequence = 3',
      'truncate guard.ledger',
    ]) {
      await expect(world.asSuperuser(sql)).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('is found when they were taken away', async () => {
    await unguarded(world);
    expect(await broken()).toBeUndefined();
    await world.asSuperuser(
      `update guard.ledger set body = replace(body, 'uma', 'sam') where sequence = 300`,
    );
    expect(await broken()).toMatchObject({ sequence: 300, why: 'tampered' });
    await world.asSuperuser('delete from guard.ledger where sequence = 200');
    expect(await broken()).toMatchObject({ sequence: 200, why: 'missing' });
  });
});

describe('whoever is not the auditor', () => {
  test('is told so, over a connection', async () => {
    const source = ledgerOver(await pgConnection(world.database.migrator));
    await expect(source.page(0, 1)).rejects.toMatchObject({
      code: 'not-auditor',
    } satisfies Partial<CommandError>);
    await source.close();
  });
});
