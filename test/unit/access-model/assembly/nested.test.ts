import type { Template } from '../../../../lib/access-model/assembly/assembly';
import { bucket, forPeople, resolved, stack } from './given';

const nestedStack = (Parameters: object = {}, rest: object = {}) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { Parameters },
  ...rest,
});

const inner: Template = {
  Parameters: { Name: { Type: 'String' }, Zones: { Type: 'CommaDelimitedList', Default: 'x' } },
  Resources: { Bucket: bucket({ BucketName: { Ref: 'Name' }, Zones: { Ref: 'Zones' } }) },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
};

const of = (parent: string, logicalId: string, template: Template) =>
  stack(template, { id: `${parent}/${logicalId}`, name: `shop-${logicalId}`, nested: { parent, logicalId } });

test('a nested stack takes its parameters from the parent, in the scope of the parent', () => {
  const parent = stack({
    Parameters: { Name: { Default: 'of-the-parent' } },
    Resources: { In: nestedStack({ Name: { 'Fn::Sub': `\${Name}-x` }, Zones: 'a,b' }) },
  });
  const { resources } = resolved(parent, of('Shop', 'In', inner));
  expect(resources.find(({ id }) => id === 'Shop/In.Bucket')?.properties).toEqual({
    BucketName: 'of-the-parent-x',
    Zones: ['a', 'b'],
  });
});

test('outputs go up, through any depth, and sideways as parameters', () => {
  const parent = stack({
    Resources: {
      User: bucket({ Their: { 'Fn::GetAtt': ['Middle', 'Outputs.Arn'] } }),
      Sibling: nestedStack({ Name: { 'Fn::GetAtt': 'Middle.Outputs.Arn' } }),
      Middle: nestedStack({ Prefix: 'deep' }),
    },
  });
  const middle = of('Shop', 'Middle', {
    Parameters: { Prefix: { Type: 'String' } },
    Resources: { In: nestedStack({ Name: { 'Fn::Sub': `\${Prefix}-bucket` } }) },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['In', 'Outputs.Arn'] } } },
  });
  const { resources, unresolved } = resolved(
    parent,
    of('Shop', 'Sibling', inner),
    middle,
    of('Shop/Middle', 'In', inner),
  );
  const properties = (id: string) => resources.find((each) => each.id === id)?.properties;
  expect(properties('Shop.User')).toEqual({ Their: 'arn:aws:s3:::deep-bucket' });
  expect(properties('Shop/Sibling.Bucket')?.BucketName).toBe('arn:aws:s3:::deep-bucket');
  expect(unresolved).toEqual([]);
});

test('a nested stack whose resource is left out is not there, nor are those in it', () => {
  const parent = stack({
    Conditions: { No: { 'Fn::Equals': [1, 2] } },
    Resources: { In: nestedStack({ Name: 'x' }, { Condition: 'No' }) },
  });
  const middle = of('Shop', 'In', { Resources: { Deep: nestedStack({ Name: 'x' }) } });
  const { resources, stacks } = resolved(parent, middle, of('Shop/In', 'Deep', inner));
  expect(resources).toEqual([]);
  expect(stacks.map(({ id }) => id)).toEqual(['Shop']);
});

test('a nested stack whose template is somewhere else is listed', () => {
  const { resources, unresolved } = resolved(
    stack({
      Resources: { In: nestedStack(), User: bucket({ Their: { 'Fn::GetAtt': ['In', 'Outputs.Arn'] } }) },
    }),
  );
  expect(forPeople(resources[1]?.properties)).toEqual({
    Their: '<output Arn of In, whose template is not in the assembly>',
  });
  expect(unresolved).toEqual([
    { where: 'Shop.In', what: 'the template of a nested stack that is not in the assembly' },
    { where: 'Shop.User.Properties.Their', what: 'output Arn of In, whose template is not in the assembly' },
  ]);
});

test('a nested stack and the resource that makes it have the same id', () => {
  const parent = stack({ Resources: { In: nestedStack() } });
  const child = of('Shop', 'In', { Resources: { Bucket: bucket({ Stack: { Ref: 'AWS::StackId' } }) } });
  const { resources } = resolved(parent, child);
  expect(resources[1]?.properties.Stack).toBe(resources[0]?.ref);
});

test('parameters that hang on a condition nobody knows are unresolved, whatever their defaults', () => {
  const parent = stack({
    Parameters: { P: {} },
    Conditions: { Perhaps: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } },
    Resources: { In: nestedStack({ 'Fn::If': ['Perhaps', { Zones: 'a' }, { Zones: 'b' }] }) },
  });
  const { resources } = resolved(parent, of('Shop', 'In', inner));
  const what = '<condition Perhaps: parameter P has no default>';
  expect(forPeople(resources[1]?.properties)).toEqual({ BucketName: what, Zones: what });
});
