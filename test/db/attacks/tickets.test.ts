/** Tickets and sessions of the support shell: who has none is shown nothing, and nothing but a ticket makes one. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { asLogin, issueTicket, ORGANIZATIONS, redeem, setToken, tokenFor } from '../../support/tenants';
import { logIn, logInToShell, outcome } from './attack';
import { createFilledDatabase, DIRECT } from './fill';

let database: PlatformDatabase;
const open: Client[] = [];
const keep = async (client: Promise<Client>): Promise<Client> => {
  open.push(await client);
  return client;
};
const session = () => keep(logIn(database, 'support_shell'));
const shell = (more: { person?: string; write?: boolean } = {}) =>
  keep(logInToShell(database, { person: 'eng', ...more }));
const admin = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  withClient(database.superuser, async (client) => (await client.query(sql, values)).rows as T[]);
const { acme, clinic } = ORGANIZATIONS;
const EMPLOYEES = 'select from public.employees';
const CLINIC = `${EMPLOYEES} where organization_id = '${clinic}'`;
const ACME = `${EMPLOYEES} where organization_id = '${acme}'`;

/** In a transaction of its own. */
async function gets(client: Client, sql = ACME, mode = 'read only'): Promise<string | number> {
  await client.query(`begin ${mode}`);
  try {
    return await outcome(client, sql);
  } finally {
    await client.query('rollback');
  }
}
const stateOf = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );

beforeAll(async () => {
  database = await createFilledDatabase();
}, 30_000);
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
  await admin('delete from guard.grants');
});

describe('a session without a ticket', () => {
  test.each([
    ...DIRECT.map(([table]) => table),
    'public.users',
    'public.legacy_notes',
    'public.partnerships',
  ])('is shown nothing of %s', async (table) => {
    const client = await session();
    expect(await gets(client, `select from ${table}`)).toBe('TZ030');
    expect(await gets(client, `select from ${table}`, 'read write')).toBe('TZ030');
    expect(await gets(await shell(), `select from ${table}`)).toBeGreaterThan(0);
  });

  test('searches, writes and is nobody', async () => {
    const client = await session();
    expect(await gets(client, `select from guard.search_documents_title('%')`)).toBe('TZ030');
    const insert = `insert into public.jobs (organization_id, kind) values ('${acme}', 'x')`;
    expect(await gets(client, insert, 'read write')).toBe('TZ030');
    expect(await gets(await shell({ write: true }), insert, 'read write')).toBe(1);
    expect((await client.query('select guard.current_person() as person')).rows).toEqual([{ person: null }]);
    expect((await (await shell()).query('select guard.current_person() as person')).rows).toEqual([
      { person: 'eng' },
    ]);
    for (const table of ['plans', 'currencies'])
      expect(await gets(client, `select from public.${table}`)).toBe('42501');
  });

  test('is not helped by a token of any kind', async () => {
    const client = await session();
    for (const kind of ['support', 'staff', 'tenant'] as const) {
      await setToken(client, tokenFor({ kind, person: 'eng', organization: acme }));
      expect(await gets(client)).toBe('TZ030');
    }
  });
});

describe('a ticket', () => {
  test('is redeemed once, whoever comes', async () => {
    const ticket = await issueTicket(database, { person: 'eng' });
    const client = await session();
    await redeem(client, ticket);
    expect(await gets(client)).toBe(1);
    expect(await stateOf(redeem(client, ticket))).toBe('TZ031');
    expect(await stateOf(redeem(await session(), ticket))).toBe('TZ031');
    // A refused one does not end the session that there is.
    expect(await gets(client)).toBe(1);
  });

  test('makes one session of ten that come at once', async () => {
    const ticket = await issueTicket(database, { person: 'eng' });
    const clients = await Promise.all(Array.from({ length: 10 }, session));
    const states = await Promise.all(clients.map((client) => stateOf(redeem(client, ticket))));
    expect(states.filter((state) => state === undefined)).toHaveLength(1);
    expect(states.filter((state) => state === 'TZ031')).toHaveLength(9);
    const seen = await Promise.all(clients.map((client) => gets(client)));
    expect(seen.filter((each) => each === 1)).toHaveLength(1);
    expect(seen.filter((each) => each === 'TZ030')).toHaveLength(9);
  });

  test.each([
    ['that has expired', `expires_at = clock_timestamp() - interval '1 s'`],
    ['for another service', `service = 'backend'`],
    ['of a shell that was closed', `ended_at = clock_timestamp()`],
  ])('%s is refused', async (_, set) => {
    const ticket = await issueTicket(database, { person: 'eng' });
    const hash = createHash('sha256').update(ticket).digest();
    const client = await session();
    await admin(`update vault.tickets set ${set} where hash = $1`, [hash]);
    expect(await stateOf(redeem(client, ticket))).toBe('TZ031');
    expect(await gets(client)).toBe('TZ030');
    const other = await issueTicket(database, { person: 'eng' });
    expect(await stateOf(redeem(client, other))).toBeUndefined();
  });

  test('that nobody issued is refused', async () => {
    const client = await session();
    for (const ticket of ['', 'x', randomBytes(32).toString('hex'), null as unknown as string])
      expect(await stateOf(redeem(client, ticket))).toBe('TZ031');
  });

  test('is not redeemed by another role', async () => {
    const ticket = await issueTicket(database, { person: 'eng' });
    for (const role of ['app_backend', 'staff_admin', 'break_glass', 'sensitive_gate', 'auditor'])
      expect(await stateOf(redeem(await keep(logIn(database, role)), ticket))).toBe('42501');
    expect(await stateOf(redeem(await session(), ticket))).toBeUndefined();
  });

  test('shows nothing in the transaction that redeems it, which could be rolled back', async () => {
    const ticket = await issueTicket(database, { person: 'eng', write: true });
    const client = await session();
    await client.query('begin read write');
    await client.query('select guard.redeem($1)', [ticket]);
    expect(await outcome(client, ACME)).toBe('TZ030');
    await client.query('rollback');
    expect(await gets(client)).toBe('TZ030');
    await client.query('begin read write; savepoint s');
    await client.query('select guard.redeem($1)', [ticket]);
    await client.query('release savepoint s');
    expect(await outcome(client, ACME)).toBe('TZ030');
    await client.query('commit');
    expect(await gets(client)).toBe(1);
  });

  test('is issued by the gate only, for a persona and with a reason', async () => {
    const issue = (client: Client, caller: object, ticket: object) =>
      stateOf(
        client.query('select guard.issue_ticket($1, $2)', [
          { person: 'eng', login: 'eng@example.com', persona: 'ProdEngineer', ...caller },
          {
            id: randomUUID(),
            hash: randomBytes(32).toString('hex'),
            service: 'support-shell',
            reason: 'looking into it',
            ticket: 'OPS-1',
            write: false,
            ...ticket,
          },
        ]),
      );
    expect(await issue(await session(), {}, {})).toBe('42501');
    const gate = await keep(logIn(database, 'sensitive_gate'));
    expect(await issue(gate, {}, {})).toBeUndefined();
    for (const persona of ['BreakGlassAdmin', 'SensitiveApprover', 'SecurityAuditor', '', null])
      expect([persona, await issue(gate, { persona }, {})]).toEqual([persona, 'TZ049']);
    for (const service of ['backend', 'probe', '', null])
      expect([service, await issue(gate, {}, { service })]).toEqual([service, 'TZ049']);
    for (const wrong of [{ reason: 'too short' }, { ticket: ' ' }, { hash: 'x' }, { write: null }])
      expect([wrong, await issue(gate, {}, wrong)]).toEqual([wrong, 'TZ052']);
  });
});

describe('a session', () => {
  const secretOf = async (client: Client) =>
    (await client.query(`select current_setting('tenant_zero.session') as secret`)).rows[0].secret as string;

  test.each([
    ['garbage', 'x'],
    ['nothing', ''],
    ['what looks like a secret', 'a'.repeat(64)],
  ])('does not come of setting tenant_zero.session to %s', async (_, value) => {
    const client = await session();
    await client.query(`select set_config('tenant_zero.session', $1, false)`, [value]);
    expect(await gets(client)).toBe('TZ030');
    const opened = await shell();
    await opened.query(`select set_config('tenant_zero.session', $1, false)`, [value]);
    expect(await gets(opened)).toBe('TZ030');
  });

  test("does not come of another session's secret, which belongs to one server process", async () => {
    const opened = await shell();
    const secret = await secretOf(opened);
    const thief = await session();
    await thief.query(`select set_config('tenant_zero.session', $1, false)`, [secret]);
    expect(await gets(thief)).toBe('TZ030');
    expect(await gets(opened)).toBe(1);
    const rows = await admin<{ shown: boolean }>(
      'select bool_or(s::text like $1) as shown from vault.sessions s',
      [`%${secret}%`],
    );
    expect(rows).toEqual([{ shown: false }]);
  });

  test.each(['reset all', 'discard all', 'reset tenant_zero.session', `set tenant_zero.session = ''`])(
    'is over after %s, until the next ticket',
    async (sql) => {
      const client = await shell();
      expect(await gets(client)).toBe(1);
      await client.query(sql);
      expect(await gets(client)).toBe('TZ030');
      await redeem(client, await issueTicket(database, { person: 'eng' }));
      expect(await gets(client)).toBe(1);
    },
  );

  test.each([
    ['is ended', 'ended_at = clock_timestamp()'],
    ['has lasted long enough', `expires_at = clock_timestamp() - interval '1 s'`],
  ])('shows nothing once it %s, in an open transaction too', async (_, set) => {
    const client = await shell();
    await client.query('begin read only');
    expect(await outcome(client, ACME)).toBe(1);
    await admin(`update vault.sessions set ${set}`);
    expect(await outcome(client, ACME)).toBe('TZ030');
    await client.query('rollback');
  });

  test('lasts eight hours, and a ticket two minutes', async () => {
    await shell();
    const [times] = await admin(
      `select (s.expires_at - s.opened_at) between interval '7:59' and interval '8:01' as session,
         (t.expires_at - t.issued_at) <= interval '2 minutes 1 second' as ticket
       from vault.sessions s join vault.tickets t on t.id = s.shell order by s.opened_at desc limit 1`,
    );
    expect(times).toEqual({ session: true, ticket: true });
  });

  test('ends with the next ticket that its process redeems', async () => {
    const client = await shell();
    const first = await secretOf(client);
    await redeem(client, await issueTicket(database, { person: 'other' }));
    expect((await client.query('select guard.current_person() as person')).rows[0].person).toBe('other');
    await client.query(`select set_config('tenant_zero.session', $1, false)`, [first]);
    expect(await gets(client)).toBe('TZ030');
  });

  test('of a process that is gone is not taken up by the next one of its number', async () => {
    const gone = await shell();
    const secret = await secretOf(gone);
    const next = await session();
    const { rows } = await next.query('select pg_backend_pid() as pid');
    await admin('update vault.sessions set pid = $1 where ended_at is null', [rows[0].pid]);
    // The number alone is not enough; with the secret it is: that is what binding to it is for.
    expect(await gets(next)).toBe('TZ030');
    await next.query(`select set_config('tenant_zero.session', $1, false)`, [secret]);
    expect(await gets(next)).toBe(1);
  });

  test('names the person and what they do to whoever watches the server', async () => {
    const client = await shell();
    expect((await client.query('show application_name')).rows).toEqual([
      { application_name: 'support-shell eng@example.com' },
    ]);
  });

  test("is named in the server's log with its process: that is where its statements stand, too", async () => {
    const client = await logIn(database, 'support_shell');
    const said: string[] = [];
    client.on('notice', ({ severity, message }) => void said.push(`${severity} ${message}`));
    // What goes to the log comes here too.
    await client.query('set client_min_messages = log');
    await redeem(client, await issueTicket(database, { person: 'eng' }));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(said).toEqual([
      expect.stringMatching(
        new RegExp(
          `^LOG session of eng@example\\.com \\(eng\\): process ${rows[0]?.pid}, support-shell [0-9a-f-]{36}$`,
        ),
      ),
    ]);
    await client.end();
  });

  test('becomes nobody else, whatever role it names', async () => {
    const client = await shell();
    for (const role of ['app_backend', 'break_glass', 'guard_owner', 'platform_owner'])
      expect(await stateOf(client.query(`set role ${role}`))).toBe('42501');
    await client.query('set role support_shell');
    expect(await gets(client)).toBe(1);
    await client.query('reset role');
    expect(await gets(client)).toBe(1);
  });

  test('is not that of a superuser who takes its role', async () => {
    await asLogin(database, 'support_shell', async (client) => {
      expect(await gets(client)).toBe('TZ030');
      await client.query('reset session authorization; set role support_shell');
      expect(await gets(client)).toBe('TZ030');
    });
  });
});

describe('a session that reads', () => {
  const rename = `update public.jobs set kind = kind where organization_id = '${acme}'`;

  test('is shown nothing in a transaction that may write, one that writes is', async () => {
    const [reads, writes] = [await shell(), await shell({ write: true })];
    for (const sql of [ACME, rename]) {
      expect(await gets(reads, sql, 'read write')).toBe('TZ049');
      expect(await gets(writes, sql, 'read write')).toBe(1);
    }
    expect(await gets(reads, ACME)).toBe(1);
  });

  test.each([
    [
      'before its rows are looked at',
      `${rename} and (select set_config('transaction_read_only', 'on', true)) = 'on'`,
    ],
    [
      'in a CTE',
      `with flip as materialized (select set_config('transaction_read_only', 'on', true) as is) update public.jobs set kind = kind from flip where flip.is = 'on' and organization_id = '${acme}'`,
    ],
    [
      'before a row is inserted',
      `insert into public.jobs (organization_id, kind) select '${acme}', set_config('transaction_read_only', 'on', true)`,
    ],
    [
      'by MERGE',
      `merge into public.jobs j using (select set_config('transaction_read_only', 'on', true) as is) f on j.organization_id = '${acme}' and f.is = 'on' when matched then update set kind = 'x'`,
    ],
  ])('does not write by a statement that makes its transaction read-only %s', async (_, sql) => {
    const client = await shell();
    expect(['25006', 'TZ049']).toContain(await gets(client, sql, 'read write'));
    expect(
      await gets(
        await shell({ write: true }),
        sql.replaceAll(/'on', true/g, `'off', true`).replaceAll(`= 'on'`, `= 'off'`),
        'read write',
      ),
    ).toBe(1);
  });
});

describe('a grant to read', () => {
  beforeEach(() =>
    admin(
      `insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', now() + interval '1 h')`,
      [clinic],
    ),
  );
  const update = `update public.jobs set kind = 'taken' where organization_id = '${clinic}'`;

  test('shows its rows to a session that may write, and changes none', async () => {
    const client = await shell({ write: true });
    expect(await gets(client, CLINIC)).toBe(1);
    expect(await gets(client, CLINIC, 'read write')).toBe(0);
    expect(await gets(client, update, 'read write')).toBe(0);
    expect(
      await gets(
        client,
        `insert into public.jobs (organization_id, kind) values ('${clinic}', 'x')`,
        'read write',
      ),
    ).toBe('42501');
    await admin(`update guard.grants set access = 'write'`);
    expect(await gets(client, CLINIC, 'read write')).toBe(1);
    expect(await gets(client, update, 'read write')).toBe(1);
  });

  test.each([
    [
      'by a statement that makes its transaction read-only',
      `${update} and (select set_config('transaction_read_only', 'on', true)) = 'on'`,
    ],
    [
      'by a deletion that does',
      `delete from public.jobs where organization_id = '${clinic}' and (select set_config('transaction_read_only', 'on', true)) = 'on'`,
    ],
    [
      'by an insertion that does',
      `insert into public.jobs (organization_id, kind) select '${clinic}', set_config('transaction_read_only', 'on', true)`,
    ],
    [
      'of a derived table by one that does',
      `update public.legacy_notes set body = 'taken' where body = 'clinic note' and (select set_config('transaction_read_only', 'on', true)) = 'on'`,
    ],
    [
      'by a write in a CTE after one that does',
      `with flip as materialized (select set_config('transaction_read_only', 'on', true) as is), w as (update public.jobs set kind = 'taken' from flip where organization_id = '${clinic}' and flip.is = 'on' returning 1) select * from w`,
    ],
    [
      'in a block that is',
      `do $$ begin begin set transaction read only; update public.jobs set kind = 'taken' where organization_id = '${clinic}'; end; end $$`,
    ],
    [
      'by SQL in a query',
      `update public.jobs set kind = 'taken' where organization_id = '${clinic}' and query_to_xml('set transaction read only', true, true, '') is null`,
    ],
  ])('writes nothing %s', async (_, sql) => {
    const client = await shell({ write: true });
    const before = await admin('select md5(string_agg(j::text, $1 order by id)) as jobs from public.jobs j', [
      '',
    ]);
    await client.query('begin read write');
    const got = await outcome(client, sql);
    expect(['25006', '42501', 0]).toContain(got);
    await client.query('commit');
    expect(
      await admin('select md5(string_agg(j::text, $1 order by id)) as jobs from public.jobs j', ['']),
    ).toEqual(before);
  });

  test('would write by such a statement, if nothing looked at its end', async () => {
    const client = await shell({ write: true });
    const flip = `${update} and (select set_config('transaction_read_only', 'on', true)) = 'on'`;
    await admin('alter table public.jobs disable trigger tenant_zero_read_only');
    try {
      expect(await gets(client, flip, 'read write')).toBe(1);
    } finally {
      await admin('alter table public.jobs enable always trigger tenant_zero_read_only');
    }
    expect(await gets(client, flip, 'read write')).toBe('25006');
  });

  test('nor through a cursor that outlives a read-only savepoint', async () => {
    const client = await shell({ write: true });
    await client.query('begin read write; savepoint s; set transaction read only');
    await client.query(`declare c cursor for select * from public.jobs where organization_id = '${clinic}'`);
    expect((await client.query('fetch 1 from c')).rowCount).toBe(1);
    await client.query('release savepoint s');
    expect((await client.query('show transaction_read_only')).rows).toEqual([
      { transaction_read_only: 'off' },
    ]);
    expect(await outcome(client, `update public.jobs set kind = 'taken' where current of c`)).toBe(0);
    expect(await outcome(client, update)).toBe(0);
    await client.query('rollback');
    await admin(`update guard.grants set access = 'write'`);
    expect(await gets(client, update, 'read write')).toBe(1);
  });
});
