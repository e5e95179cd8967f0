import { approvals } from '../../../../cli/approvals/client';
import { Refused } from '../../../../cli/approvals/errors';
import { IN_PROGRESS } from '../../../../cli/approvals/invoke';
import { envelope, type RequestView } from '../../../../lambda/approvals/protocol';
import { progressLine } from '../../../../sql/cli/progress';
import { fakeIo } from './fake-io';
import { type Fault, type FunctionEndpoint, functionEndpoint, No } from './function-endpoint';

const ID = '5b1f0c4e-0000-4000-8000-000000000002';
const view = { id: ID, state: 'pending' } as RequestView;
let endpoint: FunctionEndpoint;

beforeEach(async () => {
  endpoint = await functionEndpoint({ show: () => view });
});
afterEach(() => endpoint.close());

function client() {
  const io = { ...fakeIo({ types: {} }), now: () => new Date() };
  const target = {
    functionName: 'tz-test-approvals',
    stage: 'test',
    region: 'eu-central-1',
    endpoint: endpoint.url,
    credentials: async () => ({ accessKeyId: 'AKIDUMA', secretAccessKey: 'very-secret' }),
    flags: '',
  };
  const line = progressLine(io.stderr);
  return { io, approvals: approvals(target, io, line, { timeout: 300, most: 3 }) };
}

const show = async () => {
  const { approvals: made } = client();
  return made.call('show', { request: ID }).finally(() => made.close());
};

test('a call is an Invoke of the stage’s function that waits for the answer, and is what the protocol says', async () => {
  expect(await show()).toEqual(view);
  expect(endpoint.requests).toEqual([
    { path: '/2015-03-31/functions/tz-test-approvals/invocations', type: 'RequestResponse' },
  ]);
  expect(envelope.parse(endpoint.tries[0])).toMatchObject({ operation: 'show', input: { request: ID } });
});

test('every call has an id of its own', async () => {
  await show();
  await show();
  expect(new Set(endpoint.tries.map(({ id }) => id)).size).toBe(2);
});

test.each<[string, Fault]>([
  ['the connection breaks', 'dropped'],
  ['the answer is lost', 'done-then-dropped'],
  ['no answer comes', 'hangs'],
  ['AWS is busy', { status: 429, type: 'TooManyRequestsException' }],
  ['AWS has a bad moment', { status: 503, type: 'ServiceException' }],
])('when %s, the same call is made again, and done once', async (_, fault) => {
  endpoint.faults = [fault];
  expect(await show()).toEqual(view);
  expect(endpoint.tries.map(({ id }) => id)).toEqual([endpoint.tries[0]?.id, endpoint.tries[0]?.id]);
  expect(endpoint.done).toEqual([endpoint.tries[0]?.id]);
});

test('a call that is still being worked on is asked for again, with the same id', async () => {
  let asked = 0;
  endpoint.answers.show = () => {
    asked += 1;
    if (asked < 4) throw new No({ code: IN_PROGRESS, message: 'wait', next: 'wait' });
    return view;
  };
  const { io, approvals: made } = client();
  expect(await made.call('show', { request: ID })).toEqual(view);
  made.close();
  expect(new Set(endpoint.tries.map(({ id }) => id)).size).toBe(1);
  expect(io.sleeps).toEqual([1000, 1000, 1000]);
});

test('tries end: a network that stays down is said', async () => {
  endpoint.faults = ['dropped', 'dropped', 'dropped'];
  await expect(show()).rejects.toMatchObject({ code: 'unreachable' });
  expect(endpoint.tries).toHaveLength(3);
});

test('a no of the function is a refusal, with its own words, and is not tried again', async () => {
  endpoint.answers.show = () => {
    throw new No({ code: 'self-approval', message: 'it is your own', next: 'ask another approver' });
  };
  const error = await show().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Refused);
  expect(error).toMatchObject({
    code: 'self-approval',
    message: 'it is your own',
    next: 'ask another approver',
  });
  expect(endpoint.tries).toHaveLength(1);
});

test.each<[string, Fault, string]>([
  [
    'a crash',
    { functionError: 'Unhandled', payload: { errorType: 'Sandbox.Timedout', errorMessage: 'code 123456' } },
    'the function failed: Sandbox.Timedout',
  ],
  [
    'a crash that says nothing',
    { functionError: 'Unhandled', payload: '' },
    'the function failed: Unhandled',
  ],
  ['an answer that is none', { payload: { hello: 1 } }, 'the function answered something that is no answer'],
  ['no answer', { payload: 'null' }, 'the function answered something that is no answer'],
])(
  '%s could not run, and names where its log says why, and nothing of its text',
  async (_, fault, message) => {
    endpoint.faults = [fault];
    const error = await show().catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(Refused);
    expect(error).toMatchObject({ code: 'function-failed', message });
    expect((error as { next: string }).next).toContain('aws-request-1');
    expect(JSON.stringify(error)).not.toContain('123456');
  },
);

test.each([
  ['AccessDeniedException', 403, 'not-allowed', 'these credentials may not call tz-test-approvals: no'],
  ['ResourceNotFoundException', 404, 'function-missing', 'there is no tz-test-approvals in eu-central-1'],
  ['ExpiredTokenException', 403, 'credentials-refused', 'AWS does not take these credentials: no'],
  ['KMSDisabledException', 502, 'aws-failed', 'AWS says KMSDisabledException: no'],
])('%s is said in our words', async (type, status, code, message) => {
  const fault = { status, type };
  endpoint.faults = [fault, fault, fault];
  await expect(show()).rejects.toMatchObject({ code, message });
});

test('input that the function would refuse is not sent, and each mistake is named', async () => {
  const { approvals: made } = client();
  await expect(made.call('revoke', { request: '7', reason: 'short' })).rejects.toMatchObject({
    code: 'input-invalid',
    message:
      'ID 7 is not the id of a request, such as list prints it; --reason says too little: at least 10 characters',
  });
  made.close();
  expect(endpoint.tries).toEqual([]);
});
