/** The edge of the function, where no database is needed: what is refused before one is asked. */
import { randomUUID } from 'node:crypto';
import { ENVIRONMENT, MEASURE } from '../../../lambda/approvals/contract';
import { createApprovals } from '../../../lambda/approvals/handler';
import type { Clients } from '../../../lambda/approvals/work';
import { type Connector, withConnection } from '../../../lambda/connection/connect';
import { Deadline } from '../../../lambda/connection/deadline';
import type { Login } from '../../../lambda/connection/login';
import { ACCOUNT, digestOf, FUNCTION, memorySts, person, prove, REGION } from '../../support/caller-proof';

const uma = person('uma@example.com', 'ProdEngineer');
const aud = person('aud@example.com', 'SecurityAuditor');
const CONTEXT = { getRemainingTimeInMillis: () => 5000 };

const ENVIRONMENT_OF_A_TEST = {
  AWS_REGION: REGION,
  [ENVIRONMENT.stage]: 'test',
  [ENVIRONMENT.functionName]: FUNCTION,
  [ENVIRONMENT.account]: ACCOUNT,
  [ENVIRONMENT.host]: '127.0.0.1',
  // Nobody listens.
  [ENVIRONMENT.port]: '1',
  [ENVIRONMENT.database]: 'none',
  [ENVIRONMENT.gateUser]: 'sensitive_gate',
  [ENVIRONMENT.supportUser]: 'support_shell',
  [ENVIRONMENT.consoleUser]: 'staff_admin',
  [ENVIRONMENT.tokenKeys]: 'keys',
  [ENVIRONMENT.approverSecrets]: 'approver/',
  [ENVIRONMENT.approvers]: 'ada',
  [ENVIRONMENT.topic]: 'arn:aws:sns:x',
  [ENVIRONMENT.auditBucket]: 'audit',
  [ENVIRONMENT.officeHours]: '6-20',
  [ENVIRONMENT.login]: 'password',
  [ENVIRONMENT.passwords]: '{"sensitive_gate":"pw-gate","support_shell":"b","staff_admin":"c"}',
};

function make(environment: Record<string, string> = ENVIRONMENT_OF_A_TEST) {
  const lines: string[] = [];
  const { handler } = createApprovals({
    environment,
    packageDir: __dirname,
    credentials: { secret: () => Promise.reject(new Error()), token: () => Promise.reject(new Error()) },
    write: (line) => void lines.push(line),
    clients: { sts: memorySts([uma, aud]) } as Pick<Clients, 'sts'> as Clients,
  });
  return { handler: (event: unknown) => handler(event, CONTEXT), lines };
}

async function event(who: typeof uma, operation = 'list', input: unknown = {}) {
  const id = randomUUID();
  return { version: 1, id, operation, input, proof: await prove(who, digestOf({ id, operation, input })) };
}

test.each<[string, (call: Awaited<ReturnType<typeof event>>) => unknown]>([
  ['nothing', () => undefined],
  ['text', () => 'approve'],
  ['a list', () => []],
  ['no proof', ({ proof: _, ...rest }) => rest],
  ['another version', (call) => ({ ...call, version: 2 })],
  ['an id that is none', (call) => ({ ...call, id: '1' })],
  ['an unknown operation', (call) => ({ ...call, operation: 'constructor' })],
  ['who calls, said by themselves', (call) => ({ ...call, caller: { person: 'ada' } })],
  ['the schedule and more', () => ({ ...MEASURE, operation: 'approve' })],
])('%s is no call', async (_, change) => {
  const { handler } = make();
  await expect(handler(change(await event(uma)))).resolves.toMatchObject({
    ok: false,
    error: { code: 'call-invalid', next: expect.any(String) },
  });
});

test('somebody who is none of the personas, and who asks for what theirs may not, are counted', async () => {
  const { handler, lines } = make();
  await expect(handler(await event(aud))).resolves.toMatchObject({ error: { code: 'principal-refused' } });
  await expect(handler(await event(uma, 'approve'))).resolves.toMatchObject({
    error: { code: 'access-refused' },
  });
  await expect(handler(await event(uma, 'show', { request: 'x' }))).resolves.toMatchObject({
    error: { code: 'input-invalid' },
  });
  const counted = lines.map((line) => JSON.parse(line).UnexpectedPrincipals).filter(Boolean);
  expect(counted).toEqual([1, 1]);
  expect(lines.join()).toContain(aud.arn);
});

test('a database that is not there is thrown, without a password', async () => {
  const { handler, lines } = make();
  await expect(handler(await event(uma))).rejects.toMatchObject({ name: 'ApprovalsFailed' });
  await expect(handler(MEASURE)).rejects.toThrow(/ECONNREFUSED|no connection/);
  expect(lines.join()).not.toContain('pw-gate');
}, 20_000);

test('an environment that is wrong is thrown with all that is wrong', async () => {
  const { handler } = make({ AWS_REGION: REGION });
  await expect(handler(await event(uma))).rejects.toThrow(/environment is wrong/);
});

describe('a database without TLS', () => {
  const connect = (login: Login, host: string) => {
    const connector: Connector = {
      settings: { host, port: 1, database: 'none', connectSeconds: 0, lockSeconds: 1 },
      ...{
        applicationName: 'test',
        certificates: undefined,
        deadline: new Deadline(1000),
        keepSecret: () => {},
      },
      credentials: { secret: async () => '{"username":"u","password":"p"}', token: async () => 't' },
    };
    return withConnection(connector, login, async () => undefined).catch((error) => error.code);
  };
  const password: Login = { kind: 'password', user: 'u', password: 'p' };

  test.each<[string, Login, string]>([
    ['elsewhere', password, 'database.internal'],
    ['with a name that begins like this machine', password, 'localhost.example.com'],
    ['by token', { kind: 'iam', user: 'u', region: REGION }, '127.0.0.1'],
    ['by secret', { kind: 'secret', secret: 's' }, '127.0.0.1'],
  ])('is refused %s', async (_, login, host) => {
    await expect(connect(login, host)).resolves.toBe('database-not-trusted');
  });

  test('is tried on this machine', async () => {
    await expect(connect(password, '127.0.0.1')).resolves.toBe('database-unreachable');
  });
});
