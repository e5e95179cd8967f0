/** The ledger: only ever added to, and a change of it is found. And who may do what with all these tables. */
import { createHash } from 'node:crypto';
import { asLogin } from '../../support/tenants';
import {
  asks,
  attemptFor,
  clinic,
  createWorld,
  errs,
  gives,
  granted,
  PEOPLE,
  REASON,
  refusal,
  type World,
} from './world';

jest.setTimeout(120_000);

const { uma, sam, ada, grace, bea } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld();
  const request = await granted(world);
  await world.gate.revoke(uma, request.id, 'it is not needed any more');
  await world.gate.revoked(uma, request.id, { rows: 0, afterMs: 12 });
  await errs(world, grace, attemptFor(await world.gate.request(uma, asks())));
});
afterAll(() => world.close());

interface Entry {
  sequence: string;
  body: string;
  previous: Buffer;
  hash: Buffer;
}

const read = () =>
  world.look<Entry>('select sequence, body, previous, hash from guard.ledger order by sequence');

/** The first entry that does not follow, or undefined. As anybody can check it, without the database. */
function broken(entries: readonly Entry[]): number | undefined {
  let before: Buffer = Buffer.alloc(32);
  let expected = 1;
  for (const { sequence, body, previous, hash } of entries) {
    const seal = createHash('sha256').update(before).update(body, 'utf8').digest();
    if (Number(sequence) !== expected || !previous.equals(before) || !hash.equals(seal)) return expected;
    if (JSON.parse(body).sequence !== expected) return expected;
    before = hash;
    expected += 1;
  }
  return undefined;
}

test('tells what happened, in order, each entry sealed with the one before', async () => {
  const entries = await read();
  expect(broken(entries)).toBeUndefined();
  const events = entries.map(({ body }) => JSON.parse(body).event);
  expect(events.filter((event) => !event.startsWith('approver-')).slice(-7)).toEqual([
    'request',
    'approval',
    'grant',
    'revocation',
    'revocation-proved',
    'request',
    'code-refused',
  ]);
  const grant = JSON.parse(entries.find(({ body }) => JSON.parse(body).event === 'grant')?.body ?? '{}');
  expect(grant).toMatchObject({
    person: 'p-ada',
    login: 'ada@example.com',
    organization: clinic,
    detail: { for: 'p-uma', kind: 'shell' },
  });
  expect(Math.abs(grant.at / 1000 - Date.now())).toBeLessThan(600_000);
});

test('the head is that of the last entry', async () => {
  const last = (await read()).at(-1);
  const { head } = await world.gate.measure();
  expect(head).toMatchObject({ sequence: Number(last?.sequence), hash: last?.hash.toString('hex') });
});

const rewrites: [title: string, sql: string][] = [
  [
    'a word in a body',
    `update guard.ledger set body = replace(body, '${REASON}', 'nothing') where sequence = (select min(sequence) from guard.ledger where event = 'request')`,
  ],
  [
    'a body with its own hash anew',
    `update guard.ledger set body = replace(body, '${REASON}', 'nothing'), hash = sha256(previous || convert_to(replace(body, '${REASON}', 'nothing'), 'UTF8')) where sequence = (select min(sequence) from guard.ledger where event = 'request')`,
  ],
  ['an entry in the middle deleted', 'delete from guard.ledger where sequence = 3'],
  ['the first entry deleted', 'delete from guard.ledger where sequence = 1'],
  [
    'two exchanged',
    `update guard.ledger l set body = o.body, previous = o.previous, hash = o.hash from guard.ledger o where (l.sequence, o.sequence) in ((2, 3), (3, 2))`,
  ],
];
describe('finds', () => {
  test.each(rewrites)('%s, even when triggers and checks are off', async (_, sql) => {
    expect(await refusal(world.look(sql))).toBe('42501');
    await world.look('begin');
    await world.look(`do $$ declare c text; begin
      for c in select conname from pg_constraint where conrelid = 'guard.ledger'::regclass and contype = 'c' loop
        execute format('alter table guard.ledger drop constraint %I', c); end loop; end $$`);
    await world.look('alter table guard.ledger disable trigger user');
    await world.look(sql);
    const entries = await read();
    await world.look('rollback');
    expect(broken(entries)).toBeDefined();
    expect(broken(await read())).toBeUndefined();
  });

  test('the last entry deleted: the head says that there was one', async () => {
    await world.look('begin; alter table guard.ledger disable trigger user');
    await world.look('delete from guard.ledger where sequence = (select max(sequence) from guard.ledger)');
    const code = await refusal(world.look('select guard.ledger_head()'));
    await world.look('rollback');
    expect(code).toBe('TZ020');
  });
});

describe('is only ever added to', () => {
  const attempts = [
    `update guard.ledger set body = body`,
    'delete from guard.ledger',
    'truncate guard.ledger',
    `insert into guard.ledger (sequence, body, previous, hash) select 1000, replace(body, '"sequence": 1,', '"sequence": 1000,'), previous, sha256(previous || convert_to(replace(body, '"sequence": 1,', '"sequence": 1000,'), 'UTF8')) from guard.ledger where sequence = 1`,
  ];
  test.each(attempts)('the owner is refused: %s', async (sql) => {
    await world.look('begin; set local role guard_owner');
    const code = await refusal(world.look(sql));
    await world.look('rollback');
    expect(code).toBe('42501');
  });

  test('an owner who records something may', async () => {
    await world.look('begin; set local role guard_owner');
    const code = await refusal(world.look(`select guard.record('request', null, null, null, '{}')`));
    await world.look('rollback');
    expect(code).toBeUndefined();
  });
});

describe('rights', () => {
  const tables = async () =>
    (
      await world.look<{ name: string }>(
        `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('guard', 'vault') and c.relkind = 'r' order by 1`,
      )
    ).map(({ name }) => name);

  test.each([
    'sensitive_gate',
    'auditor',
    'support_shell',
    'staff_admin',
    'app_backend',
    'break_glass',
    'platform_owner',
  ])('%s touches no table', async (role) => {
    const names = await tables();
    expect(names).toContain('guard.requests');
    const found: string[] = [];
    await asLogin(world.database, role, async (client) => {
      for (const name of names)
        for (const sql of [
          `select from ${name}`,
          `delete from ${name}`,
          `insert into ${name} default values`,
          `truncate ${name}`,
        ])
          if ((await refusal(client.query(sql))) !== '42501') found.push(sql);
    });
    expect(found).toEqual([]);
  });

  test('functions: the gate has its own, the auditor three, everybody else none', async () => {
    const rows = await world.look<{ role: string; name: string }>(
      `select r.rolname as role, p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       cross join pg_roles r where n.nspname in ('guard', 'vault')
       and r.rolname in ('sensitive_gate', 'auditor') and has_function_privilege(r.oid, p.oid, 'execute') order by 1, 2`,
    );
    const of = (role: string) => rows.filter((row) => row.role === role).map(({ name }) => name);
    expect(of('auditor')).toEqual(['audit', 'ledger_head', 'ledger_page']);
    expect(of('sensitive_gate')).toEqual([
      'abandon_attempt',
      'accept_attempt',
      'add_approver',
      'begin_attempt',
      'blast_radius',
      'break_glass',
      'call_begin',
      'call_finish',
      'call_forget',
      'call_read',
      'close_shell',
      'counted_tables',
      'grants_of',
      'issue_ticket',
      'ledger_head',
      'list_approvers',
      'list_requests',
      'measure',
      'probe_ticket',
      'refuse_attempt',
      'request_access',
      'request_context',
      'revocation_proved',
      'revoke',
      'shell_opened',
      'shells',
      'show_request',
      'weigh_attempt',
    ]);
    for (const internal of [
      'guard.record(text, jsonb, text, uuid, jsonb)',
      'guard.make_grant(guard.requests)',
    ])
      expect(
        await world.look(`select rolname from pg_roles where not rolsuper and rolname <> 'guard_owner'
        and has_function_privilege(oid, '${internal}', 'execute') and not pg_has_role(oid, 'guard_owner', 'usage')`),
      ).toEqual([]);
  });
});

describe('audit', () => {
  const audit = (organization: string, from: string, to: string) =>
    asLogin(world.database, 'auditor', async (client) => {
      await client.query('begin transaction isolation level repeatable read read only');
      const { rows } = await client.query(`select * from guard.audit($1, $2::timestamptz, $3::timestamptz)`, [
        organization,
        from,
        to,
      ]);
      await client.query('commit');
      return rows;
    });
  const [past, future] = ['2020-01-01', '2099-01-01'];

  test('says nobody where there is none, and is not silent', async () => {
    expect(await audit(clinic, '2020-01-01', '2020-02-01')).toMatchObject([{ how: 'nobody', person: null }]);
    expect(await refusal(audit('11111111-1111-4111-8111-111111111111', past, future))).toBe('TZ050');
    expect(await refusal(audit(clinic, future, past))).toBe('TZ052');
  });

  test('says who could, cut to the range, and who did', async () => {
    const request = await world.gate.request(sam, asks({ minutes: 60 }));
    await gives(world, ada, attemptFor(request));
    const now = Date.now();
    const end = new Date(now + 600_000).toISOString();
    const could = (await audit(clinic, past, end)).filter(({ person }) => person === 'p-sam');
    expect(could).toMatchObject([
      {
        how: 'could',
        login: 'sam@example.com',
        approved_by: ['ada'],
        ends: new Date(end),
        request: request.id,
      },
    ]);
    await world.look(`select guard.record('shell-opened', '{"person": "p-sam", "login": "sam@example.com", "persona": "ProdEngineer"}', null, null,
      '{"shell": "s1", "service": "support-shell", "write": false, "ticket": "OPS-9", "reason": "looking at it"}')`);
    const did = (await audit(clinic, past, future)).filter(
      ({ person, how }) => person === 'p-sam' && how === 'did',
    );
    expect(did).toMatchObject([{ access: 'read', ticket: 'OPS-9', approved_by: ['ada'] }]);
    expect(await audit(clinic, '2098-01-01', future)).toMatchObject([{ how: 'nobody' }]);
  });

  test('a revoked grant ended when it was revoked, and broken glass says so', async () => {
    const [revoked] = (await audit(clinic, past, future)).filter(({ person }) => person === 'p-uma');
    expect(revoked.ends.getTime() - revoked.starts.getTime()).toBeLessThan(60_000);
    await world.gate.breakGlass(bea, asks());
    const [broken] = (await audit(clinic, past, future)).filter(({ person }) => person === 'p-bea');
    expect(broken).toMatchObject({
      how: 'could',
      approved_by: [],
      note: 'broken glass: nobody approved it; not reviewed yet',
    });
  });

  test('an ordinary organization was everybody’s', async () => {
    const rows = await audit('00000000-0000-4000-8000-00000000000a', past, future);
    expect(rows).toMatchObject([
      { how: 'could', person: null, reason: 'the organization was not sensitive' },
    ]);
  });
});
