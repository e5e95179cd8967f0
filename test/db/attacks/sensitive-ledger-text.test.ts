/** Hostile text in the ledger: whatever people write, the chain is that of the bytes, and the next machine computes the same. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { asLogin } from '../../support/tenants';
import { asks, createWorld, PEOPLE, REASON, refusal, type World } from '../approvals/world';

jest.setTimeout(120_000);

const { uma } = PEOPLE;
let world: World;
beforeAll(async () => {
  world = await createWorld(['ada']);
});
afterAll(() => world.close());

const text = (max: number) => fc.string({ unit: 'binary', minLength: 0, maxLength: max });

test('200 entries of arbitrary text are verified from what the auditor reads, whatever the auditor sets', async () => {
  const details = fc.sample(
    fc.dictionary(
      text(20),
      fc.oneof(text(300), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()),
    ),
    200,
  );
  let written = 0;
  for (const detail of details) {
    const json = JSON.stringify({ ...detail, written });
    // U+0000 is no text to PostgreSQL; it is refused, and the chain goes on.
    const got = await refusal(
      world.look(`select guard.record('request', $1, null, null, $2::jsonb)`, [uma, json]),
    );
    expect(got).toBe(json.includes('\\u0000') ? '22P05' : undefined);
    if (got === undefined) written += 1;
  }
  expect(written).toBeGreaterThan(100);
  const rows = await asLogin(world.database, 'auditor', async (client) => {
    await client.query(
      `set bytea_output = 'escape'; set extra_float_digits = -15; set timezone = 'Asia/Kathmandu'`,
    );
    return (
      await client.query(
        'select sequence, body, previous, hash, detail::text as detail from guard.ledger_page(0, 10000)',
      )
    ).rows;
  });
  let before: Buffer = Buffer.alloc(32);
  for (const { sequence, body, previous, hash } of rows) {
    expect(previous.equals(before)).toBe(true);
    expect(hash.equals(createHash('sha256').update(before).update(body, 'utf8').digest())).toBe(true);
    expect(JSON.parse(body).sequence).toBe(Number(sequence));
    before = hash;
  }
  expect(rows.length).toBeGreaterThan(written);
});

test.each([
  ['a NUL', `${REASON}\u0000`, '22P05'],
  ['half a pair of surrogates', `${REASON}\ud800`, '22P02'],
  ['1001 characters', 'x'.repeat(1001), 'TZ052'],
  ['spaces only', ' '.repeat(40), 'TZ052'],
  ['1000 characters of four bytes', '😀'.repeat(1000), undefined],
  ['what would end a string', `it's a "reason" \\ $$ -- */ ; drop`, undefined],
])('a reason of %s is refused or kept to the letter', async (_, reason, refused) => {
  const request = asks({ reason });
  // As the payload arrives: JSON text, in which a lone surrogate is an escape.
  const act = world.client.query('select guard.request_access($1, $2) as answer', [
    uma,
    JSON.stringify(request),
  ]);
  expect(await refusal(act)).toBe(refused);
  if (refused === undefined) {
    const [entry] = await world.look<{ reason: string }>(
      `select detail ->> 'reason' as reason from guard.ledger where request = $1`,
      [request.id],
    );
    expect(entry?.reason).toBe(reason);
  }
});

/** Keys twice, deep nesting, numbers that are none: JSON of somebody else's making. */
test.each([
  [
    'the same key twice takes the last one, for hash, ledger and view alike',
    `"reason": "something harmless", "reason": "${REASON}"`,
    undefined,
  ],
  ['a reason that is an object', '"reason": {"reason": "something harmless"}', 'TZ052'],
  ['a reason in a list', `"reason": ["${REASON}"]`, 'TZ052'],
  ['minutes as text', `"reason": "${REASON}", "minutes": "30"`, 'TZ052'],
  ['minutes with a fraction', `"reason": "${REASON}", "minutes": 30.5`, 'TZ052'],
  ['minutes with an exponent', `"reason": "${REASON}", "minutes": 1e9`, 'TZ052'],
  ['minutes below zero', `"reason": "${REASON}", "minutes": -1`, 'TZ052'],
  ['minutes of 200 digits', `"reason": "${REASON}", "minutes": ${'9'.repeat(200)}`, 'TZ052'],
  ['a key in escapes', `"re\\u0061son": "${REASON}"`, undefined],
  [
    'nesting of a thousand',
    `"reason": "${REASON}", "more": ${'['.repeat(1000)}${']'.repeat(1000)}`,
    undefined,
  ],
])('%s', async (_, part, refused) => {
  const { reason: __, minutes: ___, sensitive: ____, ...rest } = asks();
  const json = `${JSON.stringify(rest).slice(0, -1)}, ${part}}`;
  expect(await refusal(world.client.query('select guard.request_access($1, $2)', [uma, json]))).toBe(refused);
  if (refused === undefined) {
    const view = await world.gate.show(uma, rest.id);
    expect(view.reason).toBe(REASON);
    expect(view.minutes).toBe(30);
  }
});
