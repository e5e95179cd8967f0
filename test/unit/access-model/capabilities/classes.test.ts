/** What is sensitive: what is encrypted with a key whose policy alone says who uses it. */
import { classesOf } from '../../../../lib/access-model/capabilities/classes';
import {
  ACCOUNT,
  DELEGATING,
  estate,
  key,
  letIn,
  type Resources,
  ref,
  resource,
  role,
  root,
} from '../../../support/access-estate';

const FRIEND = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-Friend` };
const classes = (resources: Resources) => classesOf(estate(resources).estate);
const logicalIds = (targets: readonly { logicalId: string }[]) => targets.map(({ logicalId }) => logicalId);

describe('a key is guarded', () => {
  const guarded = (...statements: object[]) =>
    logicalIds(classes({ Key: key(...statements) }).guardedKeys).length === 1;

  it.each([
    ['names who uses it', letIn(FRIEND, 'kms:Decrypt')],
    [
      'opens it to the account only for some of its principals',
      letIn(root(), 'kms:*', { Condition: { ArnEquals: { 'aws:PrincipalArn': FRIEND.AWS } } }),
    ],
    [
      'opens it to the account only by way of a service',
      letIn('*', 'kms:*', {
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
      }),
    ],
    [
      'lets the account only read about it',
      letIn(root(), ['kms:DescribeKey', 'kms:List*', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus']),
    ],
    ['is not resolved', { 'Fn::Transform': { Name: 'AWS::Include' } }],
  ])('where its policy %s', (_, statement) => {
    expect(guarded(statement)).toBe(true);
  });

  it.each([
    ['leaves it to the account', DELEGATING],
    ['leaves it to the account by its number', letIn({ AWS: ACCOUNT }, 'kms:*')],
    ['leaves it to everybody', letIn('*', 'kms:*')],
    ...['kms:Decrypt', 'kms:GenerateDataKey', 'kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:D*', '*'].map(
      (action): [string, object] => [`leaves ${action} to the account`, letIn(root(), ['kms:List*', action])],
    ),
    [
      'leaves all but something to the account',
      { Effect: 'Allow', Principal: root(), NotAction: 'kms:List*', Resource: '*' },
    ],
    [
      'leaves it to the account at some hours',
      letIn(root(), 'kms:*', { Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } }),
    ],
  ])('not where its policy %s, though it names somebody too', (_, statement) => {
    expect(guarded(letIn(FRIEND, 'kms:*'), statement)).toBe(false);
  });

  it('not where it has no policy: then it is the one of AWS, which leaves it to the account', () => {
    expect(classes({ Key: resource('AWS::KMS::Key') }).guardedKeys).toEqual([]);
  });
});

describe('what a guarded key encrypts', () => {
  const around: Resources = {
    Guarded: key(letIn(FRIEND, 'kms:*')),
    Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/guarded', TargetKeyId: ref('Guarded') }),
    Open: key(DELEGATING),
    Friend: role(),
  };
  const bucket = (KMSMasterKeyID: unknown) =>
    resource('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID } }],
      },
    });

  it('is sensitive, whether by the id, the ARN or an alias of the key; the rest is ordinary', () => {
    const { secrets } = classes({
      ...around,
      ById: resource('AWS::SecretsManager::Secret', { KmsKeyId: ref('Guarded') }),
      ByArn: resource('AWS::SecretsManager::Secret', { KmsKeyId: { 'Fn::GetAtt': ['Guarded', 'Arn'] } }),
      ByAlias: resource('AWS::SecretsManager::Secret', { KmsKeyId: 'alias/guarded' }),
      Other: resource('AWS::SecretsManager::Secret', { KmsKeyId: ref('Open') }),
      Default: resource('AWS::SecretsManager::Secret'),
    });
    expect(logicalIds(secrets.sensitive)).toEqual(['ById', 'ByArn', 'ByAlias']);
    expect(logicalIds(secrets.ordinary)).toEqual(['Other', 'Default']);
  });

  it('is so of logs and buckets too', () => {
    const { logGroups, buckets } = classes({
      ...around,
      Secret: resource('AWS::Logs::LogGroup', { KmsKeyId: { 'Fn::GetAtt': ['Guarded', 'Arn'] } }),
      Public: resource('AWS::Logs::LogGroup'),
      Records: bucket(ref('Guarded')),
      Uploads: bucket(ref('Open')),
    });
    expect([logicalIds(logGroups.sensitive), logicalIds(logGroups.ordinary)]).toEqual([
      ['Secret'],
      ['Public'],
    ]);
    expect([logicalIds(buckets.sensitive), logicalIds(buckets.ordinary)]).toEqual([['Records'], ['Uploads']]);
  });
});

it('where nobody guards a key, every secret is sensitive', () => {
  const { secrets } = classes({
    Open: key(DELEGATING),
    One: resource('AWS::SecretsManager::Secret', { KmsKeyId: ref('Open') }),
    Two: resource('AWS::SecretsManager::Secret'),
  });
  expect(logicalIds(secrets.sensitive)).toEqual(['One', 'Two']);
  expect(secrets.ordinary).toEqual([]);
});
