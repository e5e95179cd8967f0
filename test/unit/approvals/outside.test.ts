/** What the function says to AWS, with the real SDK: messages, seeds, the head of the ledger, and metrics. */

import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { approverSecrets } from '../../../lambda/approvals/approver-secrets';
import { METRICS } from '../../../lambda/approvals/contract';
import { exportHead } from '../../../lambda/approvals/ledger-head';
import { isUnusual, Measurements } from '../../../lambda/approvals/metrics';
import { MESSAGES, type Message, notifier } from '../../../lambda/approvals/notify';
import { JsonLog } from '../../../lambda/connection/json-log';
import { awsEndpoint, type Endpoint } from '../../support/aws-endpoint';
import { plainServer } from '../../support/plain-endpoint';
import { MemorySecrets } from '../../support/secrets-manager';

const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('seeds of approvers', () => {
  const memory = new MemorySecrets();
  const kept: string[] = [];
  let endpoint: Endpoint;
  beforeAll(async () => {
    endpoint = await awsEndpoint(memory.answers);
    memory.add(
      'tz-test/sensitive/approver/ada',
      JSON.stringify({ approver: 'ada', seed: SEED, note: 'kept' }),
    );
    memory.add('tz-test/sensitive/approver/ivo', JSON.stringify({ approver: 'ivo', seed: null }));
    memory.add('tz-test/sensitive/approver/copied', JSON.stringify({ approver: 'ada', seed: SEED }));
    memory.add('tz-test/sensitive/approver/broken', `{"approver":"broken","seed":"${SEED}`);
  });
  afterAll(() => endpoint.close());
  const secrets = () =>
    approverSecrets({
      client: new SecretsManagerClient(endpoint.client),
      prefix: 'tz-test/sensitive/approver/',
      approvers: ['ada', 'ivo', 'copied', 'broken', 'gone'],
      keepSecret: (value) => kept.push(value),
    });

  test('are read, and kept out of the log', async () => {
    await expect(secrets().read('ada')).resolves.toBe(SEED);
    expect(kept).toContain(SEED);
  });

  test.each([
    ['a name that the stage does not declare', 'eve', { code: 'approver-unknown' }],
    ['a name that would leave the folder', '../token-signing-keys', { code: 'approver-unknown' }],
    ['one that is not set up', 'ivo', { code: 'approver-not-set-up' }],
    ['one that was copied from another', 'copied', { message: /names another/ }],
    ['one that is damaged', 'broken', { message: /is not JSON$/ }],
    ['one that is not there', 'gone', { name: 'ResourceNotFoundException' }],
  ])('refused: %s', async (_, name, expected) => {
    const asked = endpoint.calls.length;
    const error = await secrets()
      .read(name)
      .catch((thrown: Error) => thrown);
    const { message, ...rest } = expected as { message?: RegExp };
    expect(error).toMatchObject(rest);
    if (message) expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain(SEED);
    if ('code' in expected && expected.code === 'approver-unknown')
      expect(endpoint.calls).toHaveLength(asked);
  });

  test('are written without losing what else stands there, and taken away', async () => {
    const other = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    await secrets().write('ada', other);
    expect(JSON.parse(memory.value('tz-test/sensitive/approver/ada') ?? '')).toEqual({
      approver: 'ada',
      seed: other,
      note: 'kept',
    });
    await secrets().write('ada', null);
    await expect(secrets().read('ada')).rejects.toMatchObject({ code: 'approver-not-set-up' });
  });
});

describe('messages', () => {
  const PUBLISHED =
    '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';

  async function send(
    status: number,
    subject: string,
    lines: Message['lines'],
    { loudly = false, stage = 'test' } = {},
  ) {
    const server = await plainServer(() => ({ status, body: PUBLISHED }));
    const written: string[] = [];
    const log = new JsonLog((line) => written.push(line));
    log.keepSecret('123456');
    const measurements = new Measurements('test');
    const sns = new SNSClient(server.client);
    const notify = notifier({ sns, topic: 'arn:aws:sns:x', stage, log, measurements });
    const sent = loudly ? notify.loudly({ subject, lines }) : notify.tell({ subject, lines });
    const result = await sent.catch((error: Error) => error).finally(() => server.close());
    const metrics: string[] = [];
    measurements.flush((line) => metrics.push(line));
    return { result, written, metrics, form: new URLSearchParams(server.seen[0]?.body) };
  }

  test('have a subject in one line of ASCII, and no secret', async () => {
    const { result, form } = await send(200, `Grüße\n${'x'.repeat(200)}`, ['the code 123456']);
    expect(result).toBe(true);
    expect(form.get('Subject')).toMatch(/^\[tenant-zero test\] Gr\?\?e\?x+$/);
    expect(form.get('Subject')).toHaveLength(100);
    expect(form.get('Message')).toBe('Stage test.\nthe code ***');
  });

  test('that do not arrive undo nothing: the log and a metric say so', async () => {
    const { result, written, metrics } = await send(500, 'Approved', []);
    expect(result).toBe(false);
    expect(written.join()).toContain('not-notified');
    expect(JSON.parse(metrics[0] ?? '{}')).toMatchObject({ [METRICS.names.notificationsLost]: 1 });
  });

  test('that must be heard fail loudly', async () => {
    await expect(send(500, 'BREAK GLASS', [], { loudly: true })).resolves.toMatchObject({
      result: expect.any(Error),
    });
    await expect(send(200, 'BREAK GLASS', [], { loudly: true })).resolves.toMatchObject({
      result: undefined,
    });
  });

  test.each([
    ['prod', 'approver list --stage prod'],
    ['local', 'approver list --local --profile <you>'],
  ])('say where a command is run: %s', async (stage, command) => {
    const { lines } = MESSAGES.approverChanged('added', 'ada', 'grace@example.com');
    const { form } = await send(200, 'Approver', [...lines], { stage });
    expect(form.get('Message')).toContain(`\nSee all: npm run -s sensitive-access -- ${command}`);
  });

  test('broken glass says so in the subject, and to whom', () => {
    const ask = {
      request: 'r',
      organization: 'zero',
      own: true,
      access: 'read',
      reason: 'why',
      ticket: 'OPS-1',
    };
    const { subject, lines } = MESSAGES.brokenGlass(
      { login: 'bea@example.com', persona: 'BreakGlassAdmin' },
      ask,
    );
    expect(subject).toMatch(/^BREAK GLASS by bea@example.com/);
    expect(lines.join('\n')).toMatch(/every approver and to the owner[\s\S]*OWN tenant zero/);
  });
});

describe('the head of the ledger', () => {
  const HEAD = { sequence: 42, hash: 'ab'.repeat(32), at: '2026-11-21T10:00:00.000Z' };
  const EXISTS = { status: 412, body: '<Error><Code>PreconditionFailed</Code></Error>' };

  async function put(answer: Parameters<typeof plainServer>[0]) {
    const server = await plainServer(answer);
    const result = await exportHead(new S3Client(server.client), 'audit', HEAD)
      .catch((error: Error) => error)
      .finally(() => server.close());
    return { result, seen: server.seen };
  }

  test('is written where nothing is written over', async () => {
    const { result, seen } = await put(() => ({ status: 200, body: '' }));
    expect(result).toBe(true);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toMatch(/^PUT \/audit\/ledger\/000000000042\.json/);
    expect(seen[0]?.headers['if-none-match']).toBe('*');
    expect(seen[0]?.body).toContain(HEAD.hash);
  });

  test('is there already: the same is fine, another one is an alarm', async () => {
    const there = (body: string) =>
      put((_, path) => (path.startsWith('PUT') ? EXISTS : { status: 200, body }));
    await expect(there(JSON.stringify(HEAD))).resolves.toMatchObject({ result: false });
    const other = await there(JSON.stringify({ ...HEAD, hash: 'cd'.repeat(32) }));
    expect(String(other.result)).toMatch(/the ledger was rewritten/);
  });

  test('a bucket that cannot be reached is an error', async () => {
    await expect(
      put(() => ({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' })),
    ).resolves.toMatchObject({ result: expect.objectContaining({ name: 'AccessDenied' }) });
  });
});

describe('metrics', () => {
  test('are one line in the embedded format, with one dimension', () => {
    const lines: string[] = [];
    const measurements = new Measurements('test');
    measurements.count('approvals');
    measurements.count('approvals');
    measurements.measured('grantsAlive', 0);
    measurements.flush((line) => lines.push(line));
    measurements.flush((line) => lines.push(line));
    expect(lines).toHaveLength(1);
    const { _aws, ...fields } = JSON.parse(lines[0] ?? '');
    expect(fields).toEqual({ Stage: 'test', Approvals: 2, GrantsAlive: 0 });
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: METRICS.namespace,
        Dimensions: [['Stage']],
        Metrics: [
          { Name: 'Approvals', Unit: 'Count' },
          { Name: 'GrantsAlive', Unit: 'Count' },
        ],
      },
    ]);
  });

  test.each([
    ['05:59', true],
    ['06:00', false],
    ['19:59', false],
    ['20:00', true],
  ])('%s UTC is unusual: %s', (time, unusual) => {
    expect(isUnusual(new Date(`2026-11-21T${time}:00Z`), { from: 6, to: 20 })).toBe(unusual);
  });
});
