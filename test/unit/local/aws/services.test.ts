/** Each operation by the SDK's own client, with what it answers and how it refuses. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient, TerminateSessionCommand } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  AwsError,
  lambda,
  memoryStore,
  type Published,
  rdsDataService,
  secretsManager,
  sns,
  ssm,
} from '../../../../local/aws';
import { failing, PLACE, type World, world } from './world';

const TOPIC = 'arn:aws:sns:eu-central-1:000000000000:tz-local-alerts';
const published: Published[] = [];
const bodies: unknown[] = [];
let aws: World;

beforeAll(async () => {
  aws = await world({
    lambda: lambda({
      ...PLACE,
      timeoutMs: 200,
      functions: {
        echo: async (event, context) => ({ event, name: context.functionName }),
        throws: async () => {
          throw new TypeError('no such thing');
        },
        hangs: () => new Promise(() => undefined),
        silent: async () => undefined,
      },
    }),
    secretsmanager: secretsManager({ ...PLACE, store: memoryStore({ 'tz/a': 'first' }) }),
    sns: sns({ topics: [TOPIC], deliver: (each) => void published.push(each) }),
    ssm: ssm({
      ...PLACE,
      terminate: (session) => {
        if (session === 'gone') throw new AwsError('DoesNotExistException', 'no such session');
      },
    }),
    'rds-data': rdsDataService(async (path, body) => {
      bodies.push([path, body]);
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"numberOfRecordsUpdated":3}',
      };
    }),
  });
});
afterAll(() => aws.close());

test('STS says who somebody is, and every call is recorded', async () => {
  const client = new STSClient(aws.as('grace'));
  const arn =
    'arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_SensitiveApprover_0123456789abcdef/grace@example.com';
  expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: arn,
    Account: '000000000000',
  });
  const other = client.send(new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'x' }));
  expect(await failing(other)).toMatchObject({ name: 'InvalidAction', status: 400 });
  expect(aws.calls.at(-1)).toEqual({
    ...{ service: 'sts', operation: 'GetCallerIdentity', input: {}, caller: arn, status: 200 },
  });
});

describe('Lambda', () => {
  const invoke = async (FunctionName: string, Payload = '{}') => {
    const client = new LambdaClient(aws.as('uma'));
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload }));
    return { ...answer, payload: JSON.parse(answer.Payload?.transformToString() ?? '') };
  };

  test('runs a handler by name and by ARN', async () => {
    const expected = { StatusCode: 200, payload: { event: { a: 1, ü: '€' }, name: 'echo' } };
    const event = JSON.stringify({ a: 1, ü: '€' });
    expect(await invoke('echo', event)).toMatchObject(expected);
    expect(await invoke('arn:aws:lambda:eu-central-1:000000000000:function:echo', event)).toMatchObject(
      expected,
    );
    expect((await invoke('echo')).FunctionError).toBeUndefined();
    expect((await invoke('silent')).payload).toBeNull();
  });

  test('a handler that throws, or takes too long, is a function error', async () => {
    const [threw, hung] = await Promise.all([invoke('throws'), invoke('hangs')]);
    expect(threw).toMatchObject({
      ...{ StatusCode: 200, FunctionError: 'Unhandled' },
      payload: { errorType: 'TypeError', errorMessage: 'no such thing' },
    });
    expect(hung).toMatchObject({
      FunctionError: 'Unhandled',
      payload: { errorMessage: 'Task timed out after 0.20 seconds' },
    });
  });

  test('what is not there, and what is no JSON', async () => {
    expect(await failing(invoke('other'))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 });
    expect(await failing(invoke('echo', '{'))).toMatchObject({
      name: 'InvalidRequestContentException',
      status: 400,
    });
    const async = new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event' });
    expect((await failing(new LambdaClient(aws.as('uma')).send(async))).name).toBe(
      'InvalidParameterValueException',
    );
  });
});

describe('Secrets Manager', () => {
  const client = () => new SecretsManagerClient(aws.as('function'));
  const get = (input: { SecretId: string; VersionStage?: string }) =>
    client().send(new GetSecretValueCommand(input));

  test('a new value becomes the current one; the same token again changes nothing, and takes no other value', async () => {
    const first = await get({ SecretId: 'tz/a' });
    expect(first).toMatchObject({ Name: 'tz/a', SecretString: 'first', VersionStages: ['AWSCURRENT'] });
    const put = (SecretString: string) =>
      client().send(
        new PutSecretValueCommand({ SecretId: first.ARN, SecretString, ClientRequestToken: 'a'.repeat(32) }),
      );
    await put('second');
    await put('second');
    expect((await failing(put('third'))).name).toBe('ResourceExistsException');
    expect((await get({ SecretId: first.ARN ?? '' })).SecretString).toBe('second');
    expect((await get({ SecretId: 'tz/a', VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('first');
    const described = await client().send(new DescribeSecretCommand({ SecretId: 'tz/a' }));
    expect(described.ARN).toMatch(
      /^arn:aws:secretsmanager:eu-central-1:000000000000:secret:tz\/a-[0-9a-f]{6}$/,
    );
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  });

  test('unknown secrets and operations', async () => {
    expect((await failing(get({ SecretId: 'tz/b' }))).name).toBe('ResourceNotFoundException');
    const put = new PutSecretValueCommand({ SecretId: 'tz/b', SecretString: 'x' });
    expect((await failing(client().send(put))).name).toBe('ResourceNotFoundException');
    expect((await failing(client().send(new ListSecretsCommand({})))).name).toBe('UnknownOperationException');
  });

  test('writers at the same time lose nothing', async () => {
    const tokens = Array.from({ length: 5 }, (_, i) => String(i).repeat(32));
    await Promise.all(
      tokens.map((token) =>
        client().send(
          new PutSecretValueCommand({
            ...{
              SecretId: 'tz/a',
              SecretString: token,
              ClientRequestToken: token,
              VersionStages: [`S${token[0]}`],
            },
          }),
        ),
      ),
    );
    for (const token of tokens)
      expect((await get({ SecretId: 'tz/a', VersionStage: `S${token[0]}` })).SecretString).toBe(token);
  });
});

test('SNS delivers what is published to a topic that exists', async () => {
  const publish = (input: { TopicArn: string; Subject: string; Message: string }) =>
    new SNSClient(aws.as('function')).send(new PublishCommand(input));
  const given = {
    TopicArn: TOPIC,
    Subject: 'Break glass: <ada> & "x"',
    Message: 'Zeile 1\nZeile 2 – ü & + %',
  };
  const { MessageId } = await publish(given);
  expect(published).toEqual([
    { id: MessageId, topic: TOPIC, subject: given.Subject, message: given.Message },
  ]);
  const other = publish({ ...given, TopicArn: `${TOPIC}-2` });
  expect(await failing(other)).toMatchObject({ name: 'NotFoundException', status: 404 });
  const bad = await failing(publish({ ...given, Subject: 'ü' }));
  expect(bad).toMatchObject({ name: 'InvalidParameterException', message: 'Invalid parameter: Subject' });
  expect(published).toHaveLength(1);
});

test('SSM ends a session, or says that there is none', async () => {
  const client = new SSMClient(aws.as('function'));
  const SessionId = 'ecs-execute-command-0abc';
  expect(await client.send(new TerminateSessionCommand({ SessionId }))).toMatchObject({ SessionId });
  const gone = failing(client.send(new TerminateSessionCommand({ SessionId: 'gone' })));
  expect((await gone).name).toBe('DoesNotExistException');
});

test('the Data API is whatever is mounted there', async () => {
  const input = { resourceArn: 'arn:r', secretArn: 'arn:s', sql: 'select 1' };
  const answer = await new RDSDataClient(aws.as('aud')).send(new ExecuteStatementCommand(input));
  expect(answer.numberOfRecordsUpdated).toBe(3);
  expect(bodies).toEqual([['/Execute', input]]);
});

test('a fault that is asked for is the answer; a service that is not mounted says so', async () => {
  const broken = await world(
    {},
    {
      fault: () => {
        throw new AwsError('Throttling', 'slow down', 400);
      },
    },
  );
  const client = new STSClient(broken.as('uma'));
  expect((await failing(client.send(new GetCallerIdentityCommand({})))).name).toBe('Throttling');
  expect(broken.calls.map(({ status }) => status)).toEqual([400]);
  const other = new SSMClient(broken.as('uma')).send(new TerminateSessionCommand({ SessionId: 'x' }));
  expect(await failing(other)).toMatchObject({ name: 'UnknownService', status: 404 });
  await broken.close();
});
