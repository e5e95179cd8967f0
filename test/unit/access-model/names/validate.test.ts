/** Every check fires at a planted fault, and is silent at the same statement without it. */
import { mark } from '../../../../lib/access-model/assembly/unresolved';
import { OPERATORS } from '../../../../lib/access-model/names/operators';
import { type NameProblem, servicesOf, validateNames } from '../../../../lib/access-model/names/validate';
import { loadVocabulary, type Vocabulary } from '../../../../lib/access-model/names/vocabulary';
import { operatorOf } from '../../../../lib/access-model/policy/operator';

let vocabulary: Vocabulary;

beforeAll(async () => {
  vocabulary = await loadVocabulary(['s3', 'kms', 'sts', 'rds', 'rds-db', 'secretsmanager']);
});

const RIGHT = {
  Sid: 'Right',
  Effect: 'Allow',
  Action: ['s3:GetObject', 'kms:Decrypt', 'KMS:generatedatakey*'],
  Resource: ['arn:aws:s3:::bucket/*', 'arn:aws:kms:eu-central-1:111111111111:key/k'],
  Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
};

const check = (...statements: object[]): NameProblem[] =>
  validateNames([{ id: 'P', document: { Version: '2012-10-17', Statement: statements } }], vocabulary);

/** One problem, and none without the fault. */
function theProblem(fault: object): NameProblem {
  expect(check(RIGHT)).toEqual([]);
  const [problem, ...others] = check({ ...RIGHT, ...fault });
  expect(others).toEqual([]);
  if (!problem) throw new Error('the check did not fire');
  return problem;
}

describe('actions', () => {
  test.each([
    ['s3:GetObjetc', 'no action is called s3:GetObjetc; did you mean s3:GetObject?'],
    ['S3:getobjetc', 'no action is called S3:getobjetc; did you mean s3:GetObject?'],
    ['kms:Decypt*', 'no action is called kms:Decypt*; did you mean kms:Decrypt?'],
    ['rds:connect', 'no action is called rds:connect; did you mean rds-db:connect?'],
    // What other services have as well is no suggestion.
    ['rds-db:DescribeDB*', 'no action is called rds-db:DescribeDB*'],
    ['rds-db:TagResource', 'no action is called rds-db:TagResource'],
    ['s3:Frobnicate', 'no action is called s3:Frobnicate'],
  ])('that AWS does not have: %s', (action, message) => {
    const problem = theProblem({ Action: ['s3:GetObject', 'kms:Decrypt', action] });
    expect(problem).toMatchObject({ kind: 'unknown-action', level: 'error', name: action, message });
    expect(problem).toMatchObject({ policy: 'P', statement: 'Right' });
  });

  test('in NotAction, where one misspelt name lets a whole action through', () => {
    const { Action: _, ...rest } = RIGHT;
    expect(check({ ...rest, NotAction: 'kms:Decrypt' })).toEqual([]);
    expect(check({ ...rest, NotAction: 'kms:Decryp' })).toMatchObject([{ kind: 'unknown-action' }]);
  });

  test.each([
    ['s33:GetObject', 'AWS has no service s33; did you mean s3?'],
    ['secretmanager:GetSecretValue', 'AWS has no service secretmanager; did you mean secretsmanager?'],
    ['s*:GetObject', undefined],
  ])('of a service that AWS does not have: %s', (action, message) => {
    const problem = theProblem({ Action: ['kms:Decrypt', action] });
    expect(problem).toMatchObject({ kind: 'unknown-service', level: 'error', name: action });
    if (message) expect(problem.message).toBe(message);
  });

  test.each(['GetObject', 's3:', 's3:Get:Object', '', { Ref: 'Action' }])('of no form: %p', (action) => {
    const problem = theProblem({ Action: ['kms:Decrypt', action] });
    expect(problem).toMatchObject({ kind: 'malformed-action', level: 'error' });
  });

  test.each(['*', '*:*', 's3:*', 'kms:*'])('%s is right', (action) => {
    expect(check({ Effect: 'Allow', Action: action, Resource: '*' })).toEqual([]);
  });
});

describe('condition keys', () => {
  test.each([
    ['kms:ViaServise', 'did you mean kms:ViaService?'],
    ['aws:PrincipalArm', 'did you mean aws:PrincipalArn?'],
    ['nosuch:Key', 'no condition key is called nosuch:Key'],
    [`aws:RequestTag/\${TagKey}`, 'the name in brackets has to be filled in'],
    ['s3:ExistingObjectTag/<key>', 'the name in brackets has to be filled in'],
  ])('that nobody has: %s', (key, suggestion) => {
    const problem = theProblem({ Condition: { StringEquals: { [key]: 'x' } } });
    expect(problem).toMatchObject({ kind: 'unknown-condition-key', level: 'error', name: key });
    expect(problem.message).toContain(suggestion);
  });

  test('that none of the actions has in its requests are for a person to judge', () => {
    const problem = theProblem({ Action: ['s3:GetObject', 's3:PutObject'] });
    expect(problem).toMatchObject({
      kind: 'condition-key-not-taken',
      level: 'warning',
      name: 'kms:ViaService',
    });
    expect(problem.message).toBe(
      "none of the statement's actions has kms:ViaService in its requests: s3:GetObject, s3:PutObject",
    );
  });

  test('are right when one of the actions has them, or any action might', () => {
    expect(check({ ...RIGHT, Action: '*' })).toEqual([]);
    const { Action: _, ...rest } = RIGHT;
    expect(check({ ...rest, NotAction: 's3:*' })).toEqual([]);
    expect(check({ ...rest, NotAction: 'kms:*' })).toMatchObject([{ kind: 'condition-key-not-taken' }]);
  });

  test('are told once, however often they stand there', () => {
    const condition = { 'kms:ViaServise': 'x' };
    expect(check({ ...RIGHT, Condition: { StringEquals: condition, StringLike: condition } })).toHaveLength(
      1,
    );
  });

  test('are no second problem where the action is unknown', () => {
    expect(check({ ...RIGHT, Action: 'kms:Decryp' })).toMatchObject([{ kind: 'unknown-action' }]);
  });
});

describe('operators', () => {
  test.each([
    ['StringEqual', 'StringEquals'],
    ['ForAnyValue:StringLikes', 'ForAnyValue:StringLike'],
    ['ArnNotLikesIfExists', 'ArnNotLikeIfExists'],
    ['NullIfExists', 'Null'],
    ['ForSomeValues:StringLike', undefined],
    ['Equals', undefined],
  ])('that AWS does not have: %s', (operator, meant) => {
    const problem = theProblem({ Condition: { [operator]: { 'kms:ViaService': 'x' } } });
    expect(problem).toMatchObject({ kind: 'unknown-operator', level: 'error', name: operator });
    if (meant) expect(problem.message).toContain(`did you mean ${meant}?`);
  });

  test.each([...OPERATORS, 'BoolIfExists', 'ForAllValues:StringNotEquals', 'forAnyValue:stringLikeIfExists'])(
    '%s is right, and the evaluator knows it too',
    (operator) => {
      expect(check({ ...RIGHT, Condition: { [operator]: { 'kms:ViaService': 'x' } } })).toEqual([]);
      expect(operatorOf(operator).comparison).toBeDefined();
    },
  );
});

describe('resources', () => {
  test.each([
    'bucket/*',
    'arn:aws:s3',
    'arn:aws:s3::bucket',
    'arn:aws::eu-central-1:111111111111:key/k',
    'amr:aws:s3:::bucket',
    `bucket-${mark('parameter Name')}`,
    { Ref: 'Bucket' },
  ])('that are neither an ARN nor all: %p', (resource) => {
    const problem = theProblem({ Resource: ['*', resource] });
    expect(problem).toMatchObject({ kind: 'malformed-resource', level: 'error' });
  });

  test('are told in a form that people can read', () => {
    const problem = theProblem({ Resource: `bucket-${mark('parameter Name')}` });
    expect(problem.message).toBe('bucket-<parameter Name> is neither an ARN nor *');
  });

  test('in NotResource too', () => {
    const { Resource: _, ...rest } = RIGHT;
    expect(check({ ...rest, NotResource: 'arn:aws:s3:::bucket' })).toEqual([]);
    expect(check({ ...rest, NotResource: 'bucket' })).toMatchObject([{ kind: 'malformed-resource' }]);
  });

  test.each([
    '*',
    'arn:aws:s3:::*',
    `arn:aws:s3:::home/\${aws:username}/*`,
    'arn:*:iam::*:role/x',
    mark('Key.Arn'),
    `${mark('Key.Arn')}/*`,
    `arn:${mark('AWS::Partition')}:s3:::b`,
  ])('%p is right, or may be', (resource) => {
    expect(check({ ...RIGHT, Resource: resource })).toEqual([]);
  });
});

describe('documents', () => {
  test('may be text, and may have one statement instead of a list', () => {
    const wrong = { ...RIGHT, Sid: '', Action: 's3:GetObjetc' };
    for (const document of [{ Statement: wrong }, JSON.stringify({ Statement: [wrong] })])
      expect(validateNames([{ id: 'P', document }], vocabulary)).toMatchObject([
        { kind: 'unknown-action', statement: '1' },
      ]);
  });

  test('name the statement by its place, from 1, where it has no Sid', () => {
    const { Sid: _, ...second } = RIGHT;
    expect(check(RIGHT, { ...second, Action: 's3:GetObjetc' })[0]?.statement).toBe('2');
  });

  test.each([undefined, null, 'no JSON', '[]', {}, { Statement: ['x'] }])(
    '%p is no policy document',
    (document) => {
      expect(validateNames([{ id: 'P', document }], vocabulary)).toMatchObject([
        { policy: 'P', statement: '', kind: 'no-policy', level: 'error' },
      ]);
    },
  );

  test('with a service that was not loaded are a mistake of the caller', () => {
    expect(() => check({ ...RIGHT, Action: 'dynamodb:GetItem' })).toThrow('not loaded: dynamodb');
  });
});

describe('the services to load', () => {
  const services = (statement: object) =>
    [...servicesOf([{ id: 'P', document: { Statement: statement } }])].sort();

  test('are those of actions, in any element, and of condition keys', () => {
    expect(services({ Action: ['S3:GetObject', 'rds-db:connect'] })).toEqual(['rds-db', 's3']);
    expect(services({ NotAction: 'iam:*' })).toEqual(['iam']);
    expect(
      services({
        Action: '*',
        Condition: { StringEquals: { 'kms:ViaService': 'x', 'aws:PrincipalArn': 'y' } },
      }),
    ).toEqual(['kms']);
  });

  test('are those that have the key, where its prefix is no service', () => {
    const keys = {
      'saml:aud': 'x',
      'identitycenter:InstanceArn': 'y',
      'token.actions.githubusercontent.com:sub': 'z',
    };
    expect(services({ Action: '*', Condition: { StringEquals: keys } })).toEqual(['sso', 'sts']);
  });

  test('leave out what is no policy', () => {
    expect(servicesOf([{ id: 'P', document: 'no JSON' }])).toEqual(new Set());
  });
});
