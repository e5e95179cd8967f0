import type { Template } from '../../../../lib/access-model/assembly/assembly';
import { ACCOUNT, bucket, resolved, resolvedValue, stack } from './given';

const given: Template = {
  Parameters: {
    Size: { Type: 'Number', Default: 3 },
    Zones: { Type: 'CommaDelimitedList', Default: 'a, b,c' },
  },
  Mappings: { Sizes: { prod: { Count: 2, Names: ['x', 'y'] } } },
  Conditions: { Yes: { 'Fn::Equals': ['a', 'a'] }, No: { 'Fn::Equals': ['a', 'b'] } },
  Resources: { Bucket: bucket({ BucketName: 'my-bucket' }), Queue: { Type: 'AWS::SQS::Queue' } },
};

const ARN = 'arn:aws:s3:::my-bucket';

const cases: [title: string, expression: unknown, value: unknown][] = [
  ['Ref gives what the type of the resource says', { Ref: 'Bucket' }, 'my-bucket'],
  ['Ref of a parameter gives its value', { Ref: 'Size' }, '3'],
  ['GetAtt takes a list', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, ARN],
  ['GetAtt takes a text', { 'Fn::GetAtt': 'Bucket.Arn' }, ARN],
  [
    'GetAtt takes an attribute that is a function',
    { 'Fn::GetAtt': ['Bucket', { 'Fn::Join': ['', ['A', 'rn']] }] },
    ARN,
  ],
  [
    'Sub replaces names and attributes',
    { 'Fn::Sub': `\${Bucket}/\${Bucket.Arn}/\${AWS::Region}` },
    `my-bucket/${ARN}/eu-central-1`,
  ],
  [
    'Sub takes values of its own first',
    { 'Fn::Sub': [`\${Bucket}-\${Size}`, { Bucket: { Ref: 'Queue' } }] },
    `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/shop-Queue-3`,
  ],
  [
    'Sub leaves literals alone',
    { 'Fn::Sub': `\${!aws:username} in \${Bucket}` },
    `\${aws:username} in my-bucket`,
  ],
  ['Sub writes a list with commas', { 'Fn::Sub': `\${Zones}` }, 'a,b,c'],
  [
    'Join puts texts and numbers together',
    { 'Fn::Join': [':', ['a', 1, { Ref: 'Bucket' }]] },
    'a:1:my-bucket',
  ],
  ['Join takes a list parameter', { 'Fn::Join': ['-', { Ref: 'Zones' }] }, 'a-b-c'],
  ['Join leaves out what has no value', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
  ['Select takes a number', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
  ['Select takes a text', { 'Fn::Select': ['0', { Ref: 'Zones' }] }, 'a'],
  [
    'Split cuts a text',
    { 'Fn::Split': [':', { 'Fn::GetAtt': 'Bucket.Arn' }] },
    ['arn', 'aws', 's3', '', '', 'my-bucket'],
  ],
  ['FindInMap finds', { 'Fn::FindInMap': ['Sizes', 'prod', 'Count'] }, 2],
  [
    'FindInMap takes functions as keys',
    { 'Fn::FindInMap': ['Sizes', { 'Fn::Join': ['', ['pr', 'od']] }, 'Names'] },
    ['x', 'y'],
  ],
  [
    'FindInMap has a default',
    { 'Fn::FindInMap': ['Sizes', 'dev', 'Count', { DefaultValue: { Ref: 'Size' } }] },
    '3',
  ],
  ['If takes the first', { 'Fn::If': ['Yes', { Ref: 'Bucket' }, 'no'] }, 'my-bucket'],
  ['If takes the second', { 'Fn::If': ['No', { Ref: 'Bucket' }, 'no'] }, 'no'],
  [
    'If does not look at the branch that is not taken',
    { 'Fn::If': ['Yes', 'yes', { Ref: 'Nobody' }] },
    'yes',
  ],
  [
    'Equals, And, Or and Not give truths',
    {
      'Fn::And': [
        { 'Fn::Equals': ['1', 1] },
        { 'Fn::Or': [{ 'Fn::Not': [{ 'Fn::Equals': ['a', 'a'] }] }, { 'Fn::Equals': ['b', 'b'] }] },
      ],
    },
    true,
  ],
  ['Base64 encodes', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  [
    'Cidr cuts a block of IPv4',
    { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] },
    ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
  ],
  ['Cidr takes texts', { 'Fn::Select': [1, { 'Fn::Cidr': ['10.1.2.3/20', '2', '10'] }] }, '10.1.4.0/22'],
  [
    'Cidr cuts a block of IPv6',
    { 'Fn::Cidr': ['2001:db8:1234:1a00::/56', 2, 64] },
    ['2001:db8:1234:1a00::/64', '2001:db8:1234:1a01::/64'],
  ],
  ['GetAZs gives zones of the region', { 'Fn::Select': [2, { 'Fn::GetAZs': '' }] }, 'eu-central-1c'],
  [
    'GetAZs gives zones of another region',
    { 'Fn::GetAZs': 'us-east-1' },
    ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  ],
  ['Length counts', { 'Fn::Length': { Ref: 'Zones' } }, 3],
  ['ToJsonString writes JSON', { 'Fn::ToJsonString': { a: [{ Ref: 'Bucket' }] } }, '{"a":["my-bucket"]}'],
];

test.each(cases)('%s', (_, expression, value) => {
  expect(resolvedValue(expression, given)).toEqual({ value, unresolved: [] });
});

test.each([
  ['AWS::AccountId', ACCOUNT],
  ['AWS::Region', 'eu-central-1'],
  ['AWS::Partition', 'aws'],
  ['AWS::URLSuffix', 'amazonaws.com'],
  ['AWS::StackName', 'shop'],
  ['AWS::NotificationARNs', []],
])('%s is a pseudo parameter', (name, value) => {
  expect(resolvedValue({ Ref: name })).toEqual({ value, unresolved: [] });
});

test('partition and suffix follow the region', () => {
  const both = { 'Fn::Sub': `\${AWS::Partition} \${AWS::URLSuffix}` };
  expect(resolvedValue(both, {}, { region: 'cn-north-1' }).value).toBe('aws-cn amazonaws.com.cn');
  expect(resolvedValue(both, {}, { region: 'us-gov-west-1' }).value).toBe('aws-us-gov amazonaws.com');
});

test('the id of a stack is an ARN with its name', () => {
  expect(resolvedValue({ Ref: 'AWS::StackId' }).value).toMatch(
    /^arn:aws:cloudformation:eu-central-1:111111111111:stack\/shop\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
});

test('a member without a value is left out, at any depth', () => {
  const none = { Ref: 'AWS::NoValue' };
  expect(resolvedValue({ a: none, b: [1, none, { c: none }] }, given).value).toEqual({ b: [1, {}] });
  expect(
    resolved(stack({ Resources: { Bucket: bucket({ BucketName: none, Other: 1 }) } })).resources[0]
      ?.properties,
  ).toEqual({ Other: 1 });
});

test('functions stand in functions to any depth, and everything else passes through', () => {
  const document = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: '*',
        Resource: [{ 'Fn::Sub': `\${Bucket.Arn}/*` }],
        Condition: { Bool: { 'aws:SecureTransport': true } },
      },
    ],
  };
  expect(resolvedValue(document, given).value).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: '*',
        Resource: [`${ARN}/*`],
        Condition: { Bool: { 'aws:SecureTransport': true } },
      },
    ],
  });
});
