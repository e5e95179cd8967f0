import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { awsFailure } from '../../../../cli/approvals/aws-failure';
import { callerOf } from '../../../../cli/approvals/caller';
import { targetOf } from '../../../../cli/approvals/target';

test.each([
  [
    'options',
    { stage: 'prod', region: 'eu-west-1' },
    { TZ_STAGE: 'dev', AWS_REGION: 'us-east-1' },
    'tz-prod-approvals',
    'eu-west-1',
  ],
  ['the environment', {}, { TZ_STAGE: 'dev', AWS_REGION: 'us-east-1' }, 'tz-dev-approvals', 'us-east-1'],
  [
    'the older variable',
    {},
    { TZ_STAGE: 'dev', AWS_DEFAULT_REGION: 'us-east-2' },
    'tz-dev-approvals',
    'us-east-2',
  ],
])('%s say which function', async (_, options, env, functionName, region) => {
  expect(await targetOf(options, env)).toMatchObject({ functionName, region, endpoint: undefined });
});

describe('of a profile', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'profiles-'));
  const kept = { ...process.env };
  beforeAll(() => {
    writeFileSync(path.join(directory, 'config'), '[profile engineer]\nregion = eu-north-1\n');
    writeFileSync(
      path.join(directory, 'credentials'),
      '[engineer]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = secret\n',
    );
    process.env.AWS_CONFIG_FILE = path.join(directory, 'config');
    process.env.AWS_SHARED_CREDENTIALS_FILE = path.join(directory, 'credentials');
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) delete process.env[name];
  });
  afterAll(() => {
    process.env = kept;
    rmSync(directory, { recursive: true });
  });

  test('region and credentials are taken', async () => {
    const target = await targetOf({ stage: 'prod', profile: 'engineer' }, {});
    expect(target.region).toBe('eu-north-1');
    expect(await target.credentials()).toMatchObject({ accessKeyId: 'AKIDPROFILE' });
  });

  test('one that is not there is said, with what to do', async () => {
    const target = await targetOf({ stage: 'prod', profile: 'nobody', region: 'eu-west-1' }, {});
    const error = await target.credentials().catch((thrown: unknown) => awsFailure(thrown, target));
    expect(error).toMatchObject({ code: 'credentials-missing' });
    expect((error as { next: string }).next).toContain('aws sso login --profile');
  });
});

const ARN =
  'arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_ProdEngineer_0123456789abcdef/Uma@Example.com';

test('a person is a session of a role of Identity Center, in the account that STS names', () => {
  expect(callerOf(ARN, '111111111111')).toEqual({
    account: '111111111111',
    arn: ARN,
    persona: 'ProdEngineer',
    login: 'uma@example.com',
  });
});

test.each([
  ['another account', ARN, '222222222222'],
  ['a role that only looks so', ARN.replace('abcdef/', 'abcde/'), '111111111111'],
  ['a role of somebody', ARN.replace('AWSReservedSSO_', 'MyAWSReservedSSO_'), '111111111111'],
  ['a user', 'arn:aws:iam::111111111111:user/AWSReservedSSO_ProdEngineer_0123456789abcdef', '111111111111'],
  ['something behind', `${ARN}/more`, '111111111111'],
  ['nothing', '', ''],
])('%s is no person', (_, arn, account) => {
  expect(callerOf(arn, account)).toMatchObject({ persona: null, login: null });
});
