/**
 * Every operation of the protocol once, and once refused; then everything that left the function is searched for every code,
 * seed, ticket, session, key and password: log lines and metrics, messages, calls to AWS, answers, and what is stored.
 */
import { createHash, randomUUID } from 'node:crypto';
import { OPERATIONS, type Operation, type RequestView } from '../../../../lambda/approvals/protocol';
import { formatSigningKeys } from '../../../../sql/db/key-ring';
import { ORGANIZATIONS, SIGNING } from '../../../support/tenants';
import { type Name, WHY, World } from './world';

const world = new World();
const CLINIC = { organization: ORGANIZATIONS.clinic, kind: 'shell', ...WHY } as const;
const REASON = 'the work is done, thank you';

/** By whom an operation is called, with what. */
interface Step {
  readonly by: Name;
  readonly input: object;
}

const codes = new Set<string>();
const seeds = new Set<string>();
/** As text, without what is meant to be in them. */
const answers: string[] = [];
const done = new Set<Operation>();

async function code(name: Name): Promise<string> {
  world.tick();
  const text = await world.code(name);
  codes.add(text);
  return text;
}
async function wrong(name: Name): Promise<string> {
  const text = await world.wrong(name);
  // All zeros stand in many a number.
  const other = text === '000000' ? '918273' : text;
  codes.add(other);
  return other;
}

async function step(operation: Operation, { by, input }: Step): Promise<Record<string, unknown>> {
  const answer = await world.ask(by, operation as 'list', input as never);
  const result = (answer.ok ? answer.result : answer.error) as unknown as Record<string, unknown>;
  const { ticket, secret, otpauth, ...rest } = result;
  if (operation === 'ticket' && answer.ok) world.tickets.push(String(ticket));
  else if (operation === 'approver-add' && answer.ok) seeds.add(String(secret));
  else Object.assign(rest, { ticket, secret, otpauth });
  answers.push(JSON.stringify({ operation, ...rest }));
  if (answer.ok) done.add(operation);
  return result;
}

const pending = async () => (await step('request', { by: 'uma', input: CLINIC })) as unknown as RequestView;
const about = ({ id, hash }: RequestView) => ({ request: id, hash });
/** Without a code, where it takes one. */
const GIVEN: Record<Operation, () => Promise<Step>> = {
  preview: async () => ({ by: 'uma', input: CLINIC }),
  request: async () => ({ by: 'uma', input: CLINIC }),
  approve: async () => ({ by: 'ada', input: about(await pending()) }),
  deny: async () => ({ by: 'ada', input: { ...about(await pending()), reason: REASON } }),
  revoke: async () => {
    const asked = await pending();
    await step('approve', { by: 'ada', input: { ...about(asked), code: await code('ada') } });
    return { by: 'uma', input: { request: asked.id, reason: REASON } };
  },
  list: async () => ({ by: 'ada', input: { all: true } }),
  show: async () => ({ by: 'ada', input: { request: (await pending()).id } }),
  'break-glass': async () => ({ by: 'bea', input: { ...WHY, organization: 'own' } }),
  review: async () => {
    const broken = await step('break-glass', { by: 'bea', input: { ...WHY, organization: 'own' } });
    return { by: 'ada', input: { ...about(broken as unknown as RequestView), note: REASON } };
  },
  'approver-add': async () => ({ by: 'ivo', input: { name: 'ivo' } }),
  'approver-confirm': async () => {
    const { secret } = await step('approver-add', { by: 'ivo', input: { name: 'ivo' } });
    world.seeds.ivo = String(secret);
    return { by: 'ivo', input: { name: 'ivo' } };
  },
  'approver-remove': async () => ({ by: 'ada', input: { name: 'grace', reason: REASON } }),
  'approver-list': async () => ({ by: 'ada', input: {} }),
  ticket: async () => ({ by: 'uma', input: { service: 'support-shell', ...WHY } }),
  'shell-opened': async () => {
    const { shell } = await step('ticket', { by: 'uma', input: { service: 'support-shell', ...WHY } });
    return { by: 'uma', input: { shell, task: 'task/1', session: 'ecs-execute-command-1' } };
  },
  shells: async () => ({ by: 'ada', input: {} }),
  'shell-close': async () => {
    const { shell, client } = await world.shell('uma');
    client.on('error', () => undefined);
    return { by: 'uma', input: { shell } };
  },
  visibility: async () => ({ by: 'uma', input: { organization: 'own' } }),
};
const WITH_CODE: readonly Operation[] = [
  ...(['approve', 'deny', 'review', 'approver-confirm', 'approver-remove'] as const),
];

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
  await world.enrol('grace', 'ada');
  for (const seed of Object.values(world.seeds)) seeds.add(seed);
}, 60_000);
afterAll(() => world.close());

// Who gives codes is removed last.
const ORDER = [...OPERATIONS].sort(
  (a, b) => Number(a === 'approver-remove') - Number(b === 'approver-remove'),
);

test.each(ORDER)('%s: once refused, once with everything down, once done', async (operation) => {
  const { by, input } = await GIVEN[operation]();
  const takesCode = WITH_CODE.includes(operation);
  if (takesCode) await step(operation, { by, input: { ...input, code: await wrong(by) } });
  await step(operation, { by, input: { ...input, surplus: takesCode ? await code(by) : 'x' } });
  Object.assign(world.down, { secrets: true });
  if (takesCode) {
    const given = { ...input, code: await code(by) };
    const failed = await world.ask(by, operation as 'list', given as never).catch(String);
    answers.push(JSON.stringify(failed));
  }
  Object.assign(world.down, { secrets: false });
  const last = takesCode ? { ...input, code: await code(by) } : input;
  await step(operation, { by, input: last });
  expect([...done]).toContain(operation);
  await world.superuser(`delete from vault.attempts where outcome is distinct from 'accepted'`);
});

test('a database that is not there, and a rejected password, are told without secrets', async () => {
  await world.superuser(`alter role support_shell password 'other'`);
  const { by, input } = await GIVEN.revoke();
  await step('revoke', { by, input });
  await world.superuser(`alter role support_shell password 'test-support'`);
  await world.superuser(`alter role sensitive_gate password 'other'`);
  const asked = world.ask('uma', 'list', {}, randomUUID());
  const error = await asked.then(String, (thrown: Error) => `${thrown.message} ${thrown.stack}`);
  await world.superuser(`alter role sensitive_gate password 'test-gate'`);
  expect(error).toMatch(/password|authentication/);
  answers.push(error);
});

describe('of all of this', () => {
  let everything: string;

  beforeAll(async () => {
    await world.measure();
    const tables = await world.superuser<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('guard', 'vault')`,
    );
    const stored: string[] = [];
    for (const { name } of tables)
      stored.push(
        ...(await world.superuser<{ row: string }>(`select t::text as row from ${name} t`)).map(
          ({ row }) => row,
        ),
      );
    expect(stored.length).toBeGreaterThan(50);
    const sessions = await world.superuser<{ text: string }>(
      'select application_name || query as text from pg_stat_activity where application_name is not null',
    );
    // Seeds are on their way to where they are kept in exactly one kind of call.
    const toAws = [...world.secretsEndpoint.calls, ...world.ssm.calls].filter(
      ({ operation }) => operation !== 'PutSecretValue',
    );
    everything = [
      ...[world.told, ...world.s3.seen.map(({ body }) => body), ...world.objects.values()],
      ...answers,
      ...stored,
      ...sessions.map(({ text }) => text),
      JSON.stringify(toAws),
    ].join('\n');
  });

  test('every operation was done, and what is searched holds what it should', () => {
    expect([...done].sort()).toEqual([...OPERATIONS].sort());
    expect(everything).toContain('uma@example.com');
    expect(everything).toContain('"event":"code-accepted"');
    expect(everything).toContain('"event":"code-refused"');
    expect(everything).toContain('GetSecretValue');
    expect([codes.size, seeds.size, world.tickets.length].map((n) => n > 2)).toEqual([true, true, true]);
  });

  test('nothing is a seed, a ticket, a key or a password', () => {
    const keys = formatSigningKeys(SIGNING);
    const secrets = [
      ...[...seeds, ...world.tickets, keys, JSON.stringify(keys).slice(1, -1)],
      ...(JSON.stringify(JSON.parse(keys)).match(/[\w+/=-]{32,}/g) ?? []),
      ...Object.values(world.people).flatMap(({ secretAccessKey, sessionToken = '' }) => [
        ...[secretAccessKey, sessionToken],
      ]),
      ...['test-gate', 'test-support', 'test-staff'],
    ];
    expect(secrets.filter((secret) => secret === '' || everything.includes(secret))).toEqual([]);
  });

  test('nothing is a proof of who calls', () => {
    expect(everything).not.toMatch(/AWS4-HMAC-SHA256|Signature=/);
  });

  test('nothing is a code', () => {
    // Beside fractions of seconds and longer numbers.
    const found = [...codes].filter((each) =>
      new RegExp(`(?<![0-9a-f.-])${each}(?![0-9a-f-])`).test(everything),
    );
    expect(found).toEqual([]);
  });

  test('nothing has the hash of a ticket, those of probes among them, or of a session', async () => {
    const rows = await world.superuser<{ hash: string }>(
      `select encode(hash, 'hex') as hash from vault.tickets union all select encode(hash, 'hex') from vault.sessions`,
    );
    const hashes = new Set(rows.map(({ hash }) => hash));
    expect(hashes.size).toBeGreaterThan(5);
    const hashed = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(hashes).toContain(hashed(world.tickets[0] ?? ''));
    const words = new Set(everything.match(/(?<![\w-])(?:[\w-]{43}|[0-9a-f]{64})(?![\w-])/g) ?? []);
    expect(words.size).toBeGreaterThan(5);
    expect([...words].filter((word) => hashes.has(hashed(word)))).toEqual([]);
  });
});
