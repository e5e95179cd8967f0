/** Whoever has the gate's login sets what they like: hashes, times, comparisons and the bytes of the ledger stay what they are. */
import { createHash } from 'node:crypto';
import {
  acme,
  asks,
  attemptFor,
  clinic,
  createWorld,
  errs,
  forgive,
  gives,
  PEOPLE,
  refusal,
  type World,
} from '../approvals/world';
import { logIn } from './attack';

jest.setTimeout(120_000);

const { uma, ada, grace, bea } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
beforeEach(() => forgive(world));
afterAll(() => world.close());

const HOSTILE: readonly (readonly [what: string, settings: Readonly<Record<string, string>>])[] = [
  [
    'how values are printed',
    {
      timezone: 'Pacific/Kiritimati',
      timezone_abbreviations: 'Australia',
      datestyle: 'SQL, DMY',
      intervalstyle: 'sql_standard',
      bytea_output: 'escape',
      extra_float_digits: '-15',
      xmlbinary: 'hex',
    },
  ],
  [
    'how text is read',
    {
      standard_conforming_strings: 'off',
      backslash_quote: 'on',
      escape_string_warning: 'off',
      transform_null_equals: 'on',
      array_nulls: 'off',
      quote_all_identifiers: 'on',
      xmloption: 'document',
      lc_monetary: 'C',
      lc_numeric: 'C',
      lc_time: 'C',
      default_text_search_config: 'simple',
    },
  ],
  [
    'how statements are planned',
    {
      enable_seqscan: 'off',
      enable_indexscan: 'off',
      enable_bitmapscan: 'off',
      plan_cache_mode: 'force_generic_plan',
      jit_above_cost: '0',
      from_collapse_limit: '1',
      debug_parallel_query: 'on',
      work_mem: '64kB',
    },
  ],
  ['where names are found', { search_path: 'public, access, pg_temp, guard, vault' }],
  [
    'settings of the engine',
    {
      'tenant_zero.sensitive_change': acme,
      'tenant_zero.counting': acme,
      'tenant_zero.session': 'x',
      'tenant_zero.token': 'x',
    },
  ],
];

/** `+02` and `at time zone` would show here: in whole seconds from now. */
const within = (time: string, seconds: number) =>
  expect(Math.abs(Date.parse(time) - Date.now() - seconds * 1000)).toBeLessThan(30_000);

describe.each(HOSTILE)('with %s set', (_, settings) => {
  const hand = async () => {
    const each = await world.another();
    for (const [name, value] of Object.entries(settings))
      await each.client.query('select set_config($1, $2, false)', [name, value]);
    return each;
  };

  test('a request, its code and its end are as without', async () => {
    const [hostile, plain] = [await hand(), world];
    const request = await hostile.gate.request(uma, asks({ reason: 'naïve reasons — \\\'quoted\\\' "so"' }));
    within(request.createdAt, 0);
    within(request.lapsesAt, 3600);
    expect(await plain.gate.show(uma, request.id)).toEqual(request);
    expect(await hostile.gate.blastRadius(uma, clinic)).toEqual(await plain.gate.blastRadius(uma, clinic));
    expect(await hostile.gate.context(uma, clinic)).toEqual(await plain.gate.context(uma, clinic));
    const { request: approved } = await gives(hostile, ada, attemptFor(request));
    within(approved?.grant?.endsAt as string, 1800);
    expect(await plain.gate.show(uma, request.id)).toEqual(approved);
    const ended = await hostile.gate.revoke(uma, request.id, 'it is not needed any more');
    within(ended.request.grant?.revokedAt as string, 0);
  });

  test('what is refused is refused', async () => {
    const hostile = await hand();
    const request = await hostile.gate.request(uma, asks());
    expect(await refusal(hostile.gate.request({ ...uma, login: 'UMA@example.com' }, asks()))).toBe('TZ052');
    expect(await refusal(hostile.gate.request(uma, asks({ organization: acme })))).toBe('TZ051');
    expect(await refusal(gives(hostile, ada, attemptFor(request, 'approve', { hash: '0'.repeat(64) })))).toBe(
      'TZ041',
    );
    expect((await errs(hostile, grace, attemptFor(request))).failures).toBe(1);
    await world.look(
      `update guard.requests set created_at = created_at - interval '59 minutes 59 seconds' where id = $1`,
      [request.id],
    );
    expect((await world.gate.show(uma, request.id)).state).toBe('pending');
    await world.look(
      `update guard.requests set created_at = created_at - interval '2 seconds' where id = $1`,
      [request.id],
    );
    expect((await hostile.gate.show(uma, request.id)).state).toBe('lapsed');
    within((await hostile.gate.breakGlass(bea, asks())).grant?.endsAt as string, 1800);
    // None of its settings makes the flag anybody's but a request's.
    expect(await refusal(hostile.client.query('select guard.set_sensitive($1, true)', [acme]))).toBe('42501');
    expect(
      await refusal(
        hostile.client.query('update public.organizations set is_sensitive = true where id = $1', [acme]),
      ),
    ).toBe('42501');
  });
});

test('with row_security off nothing works, and nothing is shown', async () => {
  const { client, gate } = await world.another();
  await client.query('set row_security = off');
  expect(await refusal(gate.request(uma, asks()))).toBe('42501');
  await client.query('set row_security = on');
  expect(await refusal(gate.request(uma, asks()))).toBeUndefined();
});

test('the login lets go of what it locks by itself', async () => {
  const gate = await logIn(world.database, 'sensitive_gate');
  try {
    const { rows } = await gate.query(
      `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
    );
    expect(rows.map(({ name, setting }) => `${name} ${setting}`)).toEqual([
      'idle_in_transaction_session_timeout 30000',
      'lock_timeout 10000',
      'statement_timeout 30000',
    ]);
  } finally {
    await gate.end();
  }
});

test('the ledger that all of this wrote is whole', async () => {
  const entries = await world.look<{ body: string; previous: Buffer; hash: Buffer; at: string }>(
    'select body, previous, hash, at from guard.ledger order by sequence',
  );
  let before: Buffer = Buffer.alloc(32);
  let time = 0;
  for (const { body, previous, hash, at } of entries) {
    expect(previous.equals(before)).toBe(true);
    expect(hash).toEqual(createHash('sha256').update(before).update(body, 'utf8').digest());
    expect(Number(at)).toBeGreaterThanOrEqual(time);
    expect(Math.abs(Number(at) / 1000 - Date.now())).toBeLessThan(180_000);
    before = hash;
    time = Number(at);
  }
  expect(entries.length).toBeGreaterThan(30);
});
