import type { Template } from '../../../../lib/access-model/assembly/assembly';
import { ACCOUNT, bucket, forPeople, resolved, resolvedValue, stack } from './given';

const exporting = (name: unknown, rest: Template = {}): Template => ({
  ...rest,
  Resources: { Bucket: bucket({ BucketName: 'theirs' }) },
  Outputs: {
    Out: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Export: { Name: name } },
    Plain: { Value: { Ref: 'Bucket' } },
  },
});

const holding = (expression: unknown): Template => ({
  Resources: { Holder: { Type: 'AWS::Some::Thing', Properties: { It: expression } } },
});

/** Of the stack that imports, which comes first: the order of stacks is no order of dependencies. */
const imported = (expression: unknown, ...others: ReturnType<typeof stack>[]) => {
  const { resources } = resolved(stack(holding(expression)), ...others);
  return forPeople(resources[0]?.properties.It);
};

test('an export of a later stack is imported', () => {
  const theirs = stack(exporting('out'), { id: 'Theirs', name: 'theirs' });
  expect(imported({ 'Fn::ImportValue': 'out' }, theirs)).toBe('arn:aws:s3:::theirs');
});

test('the name of an export and of an import may be functions', () => {
  const theirs = stack(exporting({ 'Fn::Sub': `\${AWS::StackName}-out` }), { id: 'Theirs', name: 'theirs' });
  expect(imported({ 'Fn::ImportValue': { 'Fn::Join': ['-', ['theirs', 'out']] } }, theirs)).toBe(
    'arn:aws:s3:::theirs',
  );
});

test('an export of another account or region is none', () => {
  const elsewhere = stack(exporting('out'), { id: 'Theirs', region: 'us-east-1' });
  const others = stack(exporting('out'), { id: 'Others', account: '222222222222' });
  expect(imported({ 'Fn::ImportValue': 'out' }, elsewhere, others)).toBe(
    '<export out is of no stack in the assembly>',
  );
});

test('the name of an export may be imported too', () => {
  const first = stack({ Outputs: { Name: { Value: 'out', Export: { Name: 'name' } } } }, { id: 'First' });
  const second = stack(exporting({ 'Fn::ImportValue': 'name' }), { id: 'Second' });
  expect(imported({ 'Fn::ImportValue': 'out' }, second, first)).toBe('arn:aws:s3:::theirs');
});

test('stacks that import from each other are fine, as long as no value needs itself', () => {
  const a = stack(
    { ...holding({ 'Fn::ImportValue': 'b' }), Outputs: { O: { Value: 'from a', Export: { Name: 'a' } } } },
    { id: 'A' },
  );
  const b = stack(
    { ...holding({ 'Fn::ImportValue': 'a' }), Outputs: { O: { Value: 'from b', Export: { Name: 'b' } } } },
    { id: 'B' },
  );
  expect(resolved(a, b).resources.map(({ properties }) => properties.It)).toEqual(['from b', 'from a']);
});

test('outputs that need each other are a problem', () => {
  const output = (name: string, of: string): Template => ({
    Outputs: { O: { Value: { 'Fn::ImportValue': of }, Export: { Name: name } } },
  });
  const a = stack(output('a', 'b'), { id: 'A' });
  const b = stack(output('b', 'a'), { id: 'B' });
  expect(() => imported({ 'Fn::ImportValue': 'a' }, a, b)).toThrow(
    /circle, .*: A.Outputs.O -> B.Outputs.O -> A.Outputs.O$/,
  );
});

test('an output with a false condition is not exported', () => {
  const template = exporting('out', { Conditions: { No: { 'Fn::Equals': [1, 2] } } });
  const theirs = stack(
    { ...template, Outputs: { Out: { ...template.Outputs?.Out, Condition: 'No' } } },
    { id: 'Theirs' },
  );
  expect(imported({ 'Fn::ImportValue': 'out' }, theirs)).toBe(
    '<output Out of Theirs is left out by its condition>',
  );
});

describe('an output by the name of its stack', () => {
  const theirs = stack(exporting('out'), { id: 'Theirs', name: 'theirs' });
  const far = stack(exporting('out'), {
    id: 'Far',
    name: 'far',
    account: '222222222222',
    region: 'us-east-1',
  });
  const role = (account: string) => `arn:aws:iam::${account}:role/reader`;

  test.each<[title: string, argument: unknown, value: string]>([
    ['is found', { StackName: 'theirs', OutputName: 'Plain' }, 'theirs'],
    ['is found by a list', ['theirs', 'Plain'], 'theirs'],
    ['is found in a region', { StackName: 'theirs', OutputName: 'Plain', Region: 'eu-central-1' }, 'theirs'],
    [
      'is found in the account of the role',
      { StackName: 'far', OutputName: 'Plain', Region: 'us-east-1', RoleArn: role('222222222222') },
      'theirs',
    ],
    [
      'is not found in another region',
      { StackName: 'theirs', OutputName: 'Plain', Region: 'us-east-1' },
      '<output Plain of stack theirs, which is not in the assembly>',
    ],
    [
      'is not found in another account',
      { StackName: 'theirs', OutputName: 'Plain', RoleArn: role('222222222222') },
      '<output Plain of stack theirs, which is not in the assembly>',
    ],
    [
      'is not found without such an output',
      { StackName: 'theirs', OutputName: 'None' },
      '<Theirs has no output None>',
    ],
    [
      'is not found without a name',
      { StackName: 'theirs' },
      '<Fn::GetStackOutput with arguments it does not take>',
    ],
  ])('%s', (_, argument, value) => {
    expect(imported({ 'Fn::GetStackOutput': argument }, theirs, far)).toBe(value);
  });
});

test('what is unresolved in an output is listed where it is used, and only there', () => {
  const theirs = stack(
    { Parameters: { P: {} }, Outputs: { O: { Value: { Ref: 'P' }, Export: { Name: 'o' } } } },
    { id: 'Theirs' },
  );
  expect(resolved(stack(holding({ 'Fn::ImportValue': 'o' })), theirs).unresolved).toEqual([
    { where: 'Shop.Holder.Properties.It', what: 'parameter P has no default' },
  ]);
});

test('a resource that needs its own name is a problem', () => {
  const Resources = { Bucket: bucket({ BucketName: { 'Fn::Sub': `\${Bucket}-x` } }) };
  expect(() => resolvedValue('x', { Resources })).toThrow(/in a circle/);
});

test('the heads of stacks say where they are', () => {
  const { stacks } = resolved(stack({}), stack({}, { id: 'China', name: 'china', region: 'cn-north-1' }));
  expect(stacks).toEqual([
    { id: 'Shop', name: 'shop', account: ACCOUNT, region: 'eu-central-1', partition: 'aws' },
    { id: 'China', name: 'china', account: ACCOUNT, region: 'cn-north-1', partition: 'aws-cn' },
  ]);
});
