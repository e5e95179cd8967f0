import { isMarked } from '../../../../lib/access-model/assembly/unresolved';
import { bucket, resolved, resolvedValue, stack } from './given';

test.each<[title: string, expression: unknown, value: unknown, what: string]>([
  [
    'a name that nobody has',
    { Ref: 'Nobody' },
    '<Nobody is not in the template>',
    'Nobody is not in the template',
  ],
  [
    'a name that every object has',
    { Ref: 'constructor' },
    '<constructor is not in the template>',
    'constructor is not in the template',
  ],
  [
    'an attribute that the type does not have',
    { 'Fn::GetAtt': ['Bucket', 'Color'] },
    '<attribute Color of AWS::S3::Bucket Bucket>',
    'attribute Color of AWS::S3::Bucket Bucket',
  ],
  [
    'an attribute of an unknown type',
    { 'Fn::GetAtt': ['Thing', 'Arn'] },
    '<attribute Arn of Some::New::Type Thing>',
    'attribute Arn of Some::New::Type Thing',
  ],
  [
    'an attribute of a custom resource',
    { 'Fn::GetAtt': ['Custom', 'Token'] },
    '<attribute Token of Custom::Maker Custom>',
    'attribute Token of Custom::Maker Custom',
  ],
  [
    'an entry that a mapping does not have',
    { 'Fn::FindInMap': ['M', 'a', 'b'] },
    '<mapping M has no a.b>',
    'mapping M has no a.b',
  ],
  [
    'a macro',
    { 'Fn::Transform': { Name: 'AWS::Include', Parameters: {} } },
    '<Fn::Transform AWS::Include>',
    'Fn::Transform AWS::Include',
  ],
  ['a loop', { 'Fn::ForEach::Each': ['x', ['a'], {}] }, '<Fn::ForEach::Each>', 'Fn::ForEach::Each'],
  ['a function from the future', { 'Fn::Tomorrow': 1 }, '<Fn::Tomorrow>', 'Fn::Tomorrow'],
  [
    'a dynamic reference',
    'x {{resolve:ssm:/name:1}}',
    'x <dynamic reference resolve:ssm:/name:1>',
    'dynamic reference resolve:ssm:/name:1',
  ],
  [
    'a dynamic reference that is put together',
    { 'Fn::Join': ['', ['{{resolve:ssm:', { Ref: 'Bucket' }, '}}']] },
    '<dynamic reference resolve:ssm:my-bucket>',
    'dynamic reference resolve:ssm:my-bucket',
  ],
  [
    'an import of nothing',
    { 'Fn::ImportValue': 'theirs' },
    '<export theirs is of no stack in the assembly>',
    'export theirs is of no stack in the assembly',
  ],
  [
    'a list that is too short',
    { 'Fn::Select': [3, ['a']] },
    '<Fn::Select of element 3 of a list of 1>',
    'Fn::Select of element 3 of a list of 1',
  ],
  [
    'a function with the wrong arguments',
    { 'Fn::Join': 'x' },
    '<Fn::Join with arguments it does not take>',
    'Fn::Join with arguments it does not take',
  ],
  [
    'a block that cannot be cut',
    { 'Fn::Cidr': ['10.0.0.0/24', 300, 8] },
    '<Fn::Cidr with arguments it does not take>',
    'Fn::Cidr with arguments it does not take',
  ],
])('%s is unresolved', (_, expression, value, what) => {
  const Resources = {
    Bucket: bucket({ BucketName: 'my-bucket' }),
    Thing: { Type: 'Some::New::Type' },
    Custom: { Type: 'Custom::Maker' },
  };
  expect(resolvedValue(expression, { Resources })).toEqual({
    value,
    unresolved: [{ where: 'Shop.Holder.Properties.It', what }],
  });
});

const Parameters = { P: {}, Q: {} };

test.each<[title: string, expression: unknown, value: unknown]>([
  ['Join keeps the rest', { 'Fn::Join': ['/', ['a', { Ref: 'P' }]] }, 'a/<parameter P has no default>'],
  [
    'Split keeps what is sure',
    { 'Fn::Split': [':', { 'Fn::Sub': `a:b-\${P}:c` }] },
    ['a', 'b-<parameter P has no default>', '<parameter P has no default>'],
  ],
  [
    'Select of a sure part is sure',
    { 'Fn::Select': [0, { 'Fn::Split': [':', { 'Fn::Sub': `a:\${P}` }] }] },
    'a',
  ],
  [
    'Select beyond the sure parts is not',
    { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::Sub': `a:\${P}` }] }] },
    '<parameter P has no default>',
  ],
  [
    'ToJsonString keeps the mark',
    { 'Fn::ToJsonString': { a: { Ref: 'P' } } },
    '{"a":"<parameter P has no default>"}',
  ],
  ['Base64 is unknown', { 'Fn::Base64': { 'Fn::Sub': `a-\${P}` } }, '<parameter P has no default>'],
  ['Cidr is unknown', { 'Fn::Cidr': [{ Ref: 'P' }, 2, 8] }, '<parameter P has no default>'],
  ['GetAZs is unknown', { 'Fn::GetAZs': { Ref: 'P' } }, '<parameter P has no default>'],
  ['FindInMap is unknown', { 'Fn::FindInMap': ['M', { Ref: 'P' }, 'x'] }, '<parameter P has no default>'],
  ['ImportValue is unknown', { 'Fn::ImportValue': { 'Fn::Sub': `\${P}-x` } }, '<parameter P has no default>'],
  ['Length is unknown', { 'Fn::Length': { Ref: 'P' } }, '<parameter P has no default>'],
])('of an unknown argument, %s', (_, expression, value) => {
  expect(resolvedValue(expression, { Parameters }).value).toEqual(value);
});

test('each place is listed once per reason, with its path', () => {
  const { resources, unresolved } = resolved(
    stack({
      Parameters,
      Resources: {
        Bucket: bucket({
          BucketName: { 'Fn::Sub': `\${P}-\${P}-\${Q}` },
          Tags: [{ Key: 'k', Value: { Ref: 'P' } }],
        }),
      },
    }),
  );
  expect(unresolved).toEqual([
    { where: 'Shop.Bucket.Properties.BucketName', what: 'parameter P has no default' },
    { where: 'Shop.Bucket.Properties.BucketName', what: 'parameter Q has no default' },
    { where: 'Shop.Bucket.Properties.Tags.0.Value', what: 'parameter P has no default' },
  ]);
  expect(isMarked(resources[0]?.arn ?? '')).toBe(true);
});

test('beside a macro or a loop, the rest is resolved', () => {
  const macro = { 'Fn::Transform': { Name: 'Mine' }, a: { Ref: 'AWS::Region' } };
  expect(resolvedValue(macro).value).toEqual({ 'Fn::Transform': '<Fn::Transform Mine>', a: 'eu-central-1' });
});

test('macros and loops of a whole template are listed', () => {
  const template = {
    Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
    Resources: { 'Fn::ForEach::Buckets': ['x', ['a'], {}], Bucket: bucket() },
  };
  const { resources, unresolved } = resolved(stack(template as never));
  expect(resources.map(({ logicalId }) => logicalId)).toEqual(['Bucket']);
  expect(unresolved).toEqual([
    { where: 'Shop.Transform', what: 'Transform AWS::Serverless-2016-10-31' },
    { where: 'Shop.Fn::ForEach::Buckets', what: 'Fn::ForEach::Buckets' },
  ]);
});

test('an account or region that nobody knows is no empty part of an ARN', () => {
  const { value, unresolved } = resolvedValue(
    { 'Fn::GetAtt': ['Queue', 'Arn'] },
    { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } },
    { account: '', region: '' },
  );
  expect(value).toBe(
    'arn:aws:sqs:<the region of Shop is not known>:<the account of Shop is not known>:shop-Queue',
  );
  expect(unresolved).toHaveLength(2);
});
