/** The way of a proof, end to end: signed by the command line, taken apart by the function, checked by STS. */

import { whoCalls as askSts } from '../../../../cli/approvals/caller';
import { approvals } from '../../../../cli/approvals/client';
import type { Target } from '../../../../cli/approvals/target';
import { whoCalls } from '../../../../lambda/approvals/identity/caller';
import { stsEndpoint } from '../../../../lambda/approvals/identity/sts';
import type { Call } from '../../../../lambda/approvals/protocol';
import type { Settings } from '../../../../lambda/approvals/settings';
import {
  type Aws,
  directoryOf,
  EVERYBODY_MAY,
  lambda,
  newKeys,
  person,
  startAws,
  sts,
} from '../../../../local/aws';
import { progressLine } from '../../../../sql/cli/progress';
import { fakeIo } from './fake-io';

const region = 'eu-central-1';
const account = '000000000000';
const functionName = 'tz-local-approvals';
const keys = newKeys();
let aws: Aws;
/** Done to a call on its way to the function. */
let meddle: (call: Call) => Call = (call) => call;

beforeAll(async () => {
  const handler = async (event: unknown) => {
    const settings = { region, account, functionName } as Settings;
    const asking = { settings, sts: stsEndpoint(aws.endpoint), now: new Date() };
    const answer = await whoCalls(meddle(event as Call), asking).then(
      (result) => ({ ok: true, result }),
      ({ code, message, next }) => ({ ok: false, error: { code, message, next } }),
    );
    return answer;
  };
  aws = await startAws({
    region,
    directory: directoryOf([{ principal: person('uma', 'ProdEngineer', account), keys }]),
    rules: EVERYBODY_MAY,
    services: { sts: sts(), lambda: lambda({ region, account, functions: { [functionName]: handler } }) },
  });
});
afterAll(() => aws.close());
afterEach(() => {
  meddle = (call) => call;
});

function target(more: Partial<Target> = {}): Target {
  const credentials = async () => keys;
  return {
    functionName,
    region,
    credentials,
    stage: 'local',
    endpoint: aws.endpoint,
    flags: '--local',
    ...more,
  };
}

async function list() {
  const io = { ...fakeIo(), now: () => new Date() };
  const client = approvals(target(), io, progressLine(io.stderr), { most: 1 });
  return client.call('list', { all: true }).finally(() => client.close());
}

test('the function knows who calls', async () => {
  expect(await list()).toMatchObject({ persona: 'ProdEngineer', login: 'uma@example.com' });
});

test.each<[string, (call: Call) => Call]>([
  ['another operation', (call) => ({ ...call, operation: 'shells' })],
  ['other input', (call) => ({ ...call, input: { all: false } })],
  ['another id', (call) => ({ ...call, id: '5b1f0c4e-0000-4000-8000-000000000001' })],
])('a proof that travels with %s is refused by STS', async (_, change) => {
  meddle = change;
  await expect(list()).rejects.toMatchObject({ code: 'proof-refused' });
});

test('whoami asks STS itself', async () => {
  expect(await askSts(target())).toEqual({
    account,
    arn: person('uma', 'ProdEngineer', account).arn,
    persona: 'ProdEngineer',
    login: 'uma@example.com',
  });
});

test('credentials that AWS does not know are said, with what to do', async () => {
  const stranger = target({ credentials: async () => newKeys() });
  await expect(askSts(stranger)).rejects.toMatchObject({ code: 'credentials-refused' });
});
