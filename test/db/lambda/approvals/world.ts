/** The real handler in process: a database with the approval path, people who sign, and AWS at local endpoints. */
import { randomUUID } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { generate } from 'otplib';
import { Client } from 'pg';
import { ENVIRONMENT, MEASURE } from '../../../../lambda/approvals/contract';
import { createApprovals, type Dependencies } from '../../../../lambda/approvals/handler';
import type { Answer, Input, Operation, RequestView, Results } from '../../../../lambda/approvals/protocol';
import { formatSigningKeys } from '../../../../sql/db/key-ring';
import { AwsError, awsEndpoint, type Endpoint } from '../../../support/aws-endpoint';
import {
  ACCOUNT,
  digestOf,
  FUNCTION,
  memorySts,
  type Person,
  person,
  prove,
  REGION,
} from '../../../support/caller-proof';
import { withClient } from '../../../support/database';
import { moveToOwnCluster, type OwnCluster } from '../../../support/own-cluster';
import { plainServer } from '../../../support/plain-endpoint';
import type { PlatformDatabase } from '../../../support/platform';
import { MemorySecrets } from '../../../support/secrets-manager';
import { createTenantDatabase, makeOwnTenant, ORGANIZATIONS, SIGNING } from '../../../support/tenants';

const STAFF = {
  uma: ['engineer', 'ProdEngineer'],
  sam: ['engineer', 'ProdEngineer'],
  // May not be granted anything.
  ned: ['engineer', 'ProdEngineer'],
  bea: ['administrator', 'BreakGlassAdmin'],
  ada: ['approver', 'SensitiveApprover'],
  grace: ['approver', 'SensitiveApprover'],
  ivo: ['approver', 'SensitiveApprover'],
  // Has the permission set, and is no approver of ours.
  eve: ['engineer', 'SensitiveApprover'],
} as const;
export type Name = keyof typeof STAFF;

const PASSWORDS = { sensitive_gate: 'test-gate', support_shell: 'test-support', staff_admin: 'test-staff' };
export const OWN = '00000000-0000-4000-8000-0000000000ff';
const PREFIX = 'tz-test/sensitive/approver/';
const KEYS = 'tz-test/sensitive/token-signing-keys';
const CONTEXT = { getRemainingTimeInMillis: () => 30_000 };
const PUBLISHED =
  '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';

export const WHY = { reason: 'a customer reports wrong payslips', ticket: 'OPS-123' };

export class World {
  readonly secrets = new MemorySecrets();
  readonly lines: string[] = [];
  readonly people = Object.fromEntries(
    Object.entries(STAFF).map(([name, [, persona]]) => [name, person(`${name}@example.com`, persona)]),
  ) as Record<Name, Person>;
  readonly ids = Object.fromEntries(Object.keys(STAFF).map((name) => [name, randomUUID()])) as Record<
    Name,
    string
  >;
  readonly seeds: Partial<Record<Name, string>> = {};
  readonly tickets: string[] = [];
  /** What is broken now. */
  readonly down = { sns: false, secrets: false, s3: false, ssm: false };
  database!: PlatformDatabase;
  handler!: ReturnType<typeof createApprovals>['handler'];
  secretsEndpoint!: Endpoint;
  ssm!: Endpoint;
  sns!: Awaited<ReturnType<typeof plainServer>>;
  s3!: Awaited<ReturnType<typeof plainServer>>;
  readonly objects = new Map<string, string>();
  private cluster!: OwnCluster;
  private aheadMs = 0;

  async open(): Promise<void> {
    this.cluster = await moveToOwnCluster();
    this.database = await createTenantDatabase();
    await withClient(this.database.superuser, async (client) => {
      for (const [login, password] of Object.entries(PASSWORDS))
        await client.query(`alter role ${login} password '${password}'`);
      for (const [name, [kind]] of Object.entries(STAFF))
        await client.query(
          'insert into access.staff (id, name, email, kind, can_see_sensitive) values ($1, $2, $3, $4, $5)',
          [this.ids[name as Name], name, `${name}@example.com`, kind, name !== 'ned'],
        );
    });
    await withClient(this.database.migrator, (client) => makeOwnTenant(client, OWN));
    for (const name of Object.keys(STAFF))
      this.secrets.add(`${PREFIX}${name}`, JSON.stringify({ approver: name, seed: null }));
    this.secrets.add(KEYS, formatSigningKeys(SIGNING));
    await this.openAws();
    this.handler = createApprovals(this.dependencies()).handler;
  }

  private async openAws(): Promise<void> {
    const broken = new AwsError('InternalServiceError', 'down');
    const answers = Object.fromEntries(
      Object.entries(this.secrets.answers).map(([operation, answer]) => [
        operation,
        (input: unknown) => {
          if (this.down.secrets) throw broken;
          return answer(input);
        },
      ]),
    );
    this.secretsEndpoint = await awsEndpoint(answers);
    this.ssm = await awsEndpoint({
      TerminateSession: ({ SessionId }) => {
        if (this.down.ssm) throw broken;
        return { SessionId };
      },
    });
    this.sns = await plainServer(() => ({ status: this.down.sns ? 500 : 200, body: PUBLISHED }));
    this.s3 = await plainServer((body, path) => {
      const [method, url = ''] = path.split(' ');
      const key = url.split('?')[0] ?? '';
      if (this.down.s3) return { status: 500, body: '' };
      if (method === 'GET') return { status: 200, body: this.objects.get(key) ?? '' };
      if (this.objects.has(key))
        return { status: 412, body: '<Error><Code>PreconditionFailed</Code></Error>' };
      this.objects.set(key, body);
      return { status: 200, body: '' };
    });
  }

  dependencies(): Dependencies {
    const { port } = new URL(this.database.superuser);
    return {
      environment: {
        AWS_REGION: REGION,
        [ENVIRONMENT.stage]: 'test',
        [ENVIRONMENT.functionName]: FUNCTION,
        [ENVIRONMENT.account]: ACCOUNT,
        [ENVIRONMENT.host]: '127.0.0.1',
        [ENVIRONMENT.port]: port,
        [ENVIRONMENT.database]: this.database.name,
        [ENVIRONMENT.gateUser]: 'sensitive_gate',
        [ENVIRONMENT.supportUser]: 'support_shell',
        [ENVIRONMENT.consoleUser]: 'staff_admin',
        [ENVIRONMENT.tokenKeys]: KEYS,
        [ENVIRONMENT.approverSecrets]: PREFIX,
        [ENVIRONMENT.approvers]: 'ada,grace,ivo',
        [ENVIRONMENT.topic]: 'arn:aws:sns:eu-central-1:000000000000:tz-test-people',
        [ENVIRONMENT.auditBucket]: 'tz-test-audit',
        [ENVIRONMENT.officeHours]: '6-20',
        [ENVIRONMENT.login]: 'password',
        [ENVIRONMENT.passwords]: JSON.stringify(PASSWORDS),
      },
      packageDir: __dirname,
      credentials: {
        secret: async (id) => this.secrets.value(id) ?? '',
        token: () => Promise.reject(new Error('no tokens on one machine')),
      },
      write: (line) => void this.lines.push(line),
      clients: {
        sts: memorySts(Object.values(this.people)),
        secrets: new SecretsManagerClient(this.secretsEndpoint.client),
        sns: new SNSClient(this.sns.client),
        ssm: new SSMClient(this.ssm.client),
        // One checksum less to take out of the body.
        s3: new S3Client({ ...this.s3.client, requestChecksumCalculation: 'WHEN_REQUIRED' }),
      },
      now: () => this.now(),
    };
  }

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Half a minute on: the next code. */
  tick(): void {
    this.aheadMs += 30_000;
  }

  /** The answer, whatever it is. */
  async ask<O extends Operation>(
    name: Name,
    operation: O,
    input: Input<O>,
    id: string = randomUUID(),
  ): Promise<Answer<O>> {
    const proof = await prove(this.people[name], digestOf({ id, operation, input }), { now: this.now() });
    return (await this.handler({ version: 1, id, operation, input, proof }, CONTEXT)) as Answer<O>;
  }

  /** What must go well. */
  async call<O extends Operation>(
    name: Name,
    operation: O,
    input: Input<O>,
    id?: string,
  ): Promise<Results[O]> {
    const answer = await this.ask(name, operation, input, id);
    if (answer.ok) return answer.result;
    throw new Error(`${operation}: ${answer.error.code}: ${answer.error.message}`);
  }

  /** The code of an error, or `ok`. */
  async codeOf<O extends Operation>(name: Name, operation: O, input: Input<O>, id?: string): Promise<string> {
    const answer = await this.ask(name, operation, input, id);
    return answer.ok ? 'ok' : answer.error.code;
  }

  measure(): Promise<unknown> {
    return this.handler(MEASURE, CONTEXT);
  }

  /** A code of somebody's phone, of now or of some steps later. */
  code(name: Name, steps = 0): Promise<string> {
    const secret = this.seeds[name] ?? 'A'.repeat(32);
    return generate({ secret, epoch: Math.floor(this.now().getTime() / 1000) + steps * 30 });
  }

  /** A code that is certainly wrong. */
  async wrong(name: Name): Promise<string> {
    const right = await Promise.all([-1, 0, 1].map((steps) => this.code(name, steps)));
    return ['000000', '111111', '222222', '333333'].find((code) => !right.includes(code)) ?? '';
  }

  /** Counts, with a seed and a confirmation, and the code of one who counts already. */
  async enrol(name: Name, by?: Name): Promise<void> {
    const { secret } = await this.call(name, 'approver-add', { name });
    this.seeds[name] = secret;
    this.tick();
    const { request } = await this.call(name, 'approver-confirm', { name, code: await this.code(name) });
    if (by && request) await this.approve(by, request);
  }

  async approve(by: Name, { id, hash }: RequestView): Promise<Results['approve']> {
    this.tick();
    return this.call(by, 'approve', { request: id, hash, code: await this.code(by) });
  }

  /** A granted request. */
  async granted(name: Name, ask: Partial<Input<'request'>> = {}, ...by: Name[]): Promise<RequestView> {
    const request = await this.call(name, 'request', {
      ...{ organization: ORGANIZATIONS.clinic, kind: 'shell' as const, ...WHY },
      ...ask,
    });
    let last = request;
    for (const each of by) last = (await this.approve(each, request)).request;
    return last;
  }

  superuser<T = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    return withClient(
      this.database.superuser,
      async (client) => (await client.query(sql, values)).rows as T[],
    );
  }

  /** A request as nobody could make it, with the hash that belongs to it. */
  async rewrite(request: string, set: string): Promise<{ hash: string }[]> {
    await this.superuser(
      `set session_replication_role = replica; update guard.requests set ${set} where id = '${request}';
       update guard.requests r set hash = guard.request_hash(r) where id = '${request}'`,
    );
    return this.superuser<{ hash: string }>('select hash from guard.requests where id = $1', [request]);
  }

  /** A session as the login of support shells, which redeemed a ticket of that person. */
  async shell(name: Name): Promise<{ client: Client; shell: string }> {
    const { ticket, shell } = await this.call(name, 'ticket', { service: 'support-shell', ...WHY });
    this.tickets.push(ticket);
    const client = new Client(this.database.as('support_shell', PASSWORDS.support_shell));
    client.on('error', () => undefined);
    await client.connect();
    for (const sql of ['begin read write', `select guard.redeem('${ticket}')`, 'commit'])
      await client.query(sql);
    return { client, shell };
  }

  /** Subjects of all messages. */
  get subjects(): string[] {
    return this.sns.seen.map(({ body }) => new URLSearchParams(body).get('Subject') ?? '');
  }

  /** Everything that left the function other than as an answer. */
  get told(): string {
    return [...this.lines, ...this.sns.seen.map(({ body }) => decodeURIComponent(body))].join('\n');
  }

  metrics(name: string): number[] {
    return this.lines.flatMap((line) => {
      const value = JSON.parse(line)[name];
      return line.includes('"_aws"') && typeof value === 'number' ? [value] : [];
    });
  }

  /** No service answers any more. */
  async stopAws(): Promise<void> {
    await Promise.all([
      this.secretsEndpoint?.close(),
      this.ssm?.close(),
      this.sns?.close(),
      this.s3?.close(),
    ]);
  }

  async close(): Promise<void> {
    await this.stopAws();
    await this.cluster?.stop();
  }
}
