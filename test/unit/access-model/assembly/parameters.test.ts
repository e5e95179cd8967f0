import { resolvedValue } from './given';

test.each([
  ['a number becomes a text', { Type: 'Number', Default: 8080 }, '8080'],
  ['a text stays one', { Type: 'String', Default: 'x' }, 'x'],
  ['an empty text is a value', { Type: 'String', Default: '' }, ''],
  ['a type of AWS is a text', { Type: 'AWS::EC2::VPC::Id', Default: 'vpc-1' }, 'vpc-1'],
  ['a list is split and trimmed', { Type: 'CommaDelimitedList', Default: 'a, b' }, ['a', 'b']],
  ['an empty list has no members', { Type: 'CommaDelimitedList', Default: '' }, []],
  ['a list of numbers holds texts', { Type: 'List<Number>', Default: '1,2' }, ['1', '2']],
  [
    'a list of subnets is one',
    { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'subnet-1,subnet-2' },
    ['subnet-1', 'subnet-2'],
  ],
])('the default of a parameter: %s', (_, parameter, value) => {
  expect(resolvedValue({ Ref: 'It' }, { Parameters: { It: parameter } })).toEqual({ value, unresolved: [] });
});

test.each([
  ['without a default', { Type: 'String' }, 'parameter It has no default'],
  [
    'that is read from SSM',
    { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/vpc/id' },
    'parameter It is read from SSM: /vpc/id',
  ],
  [
    'that is a list read from SSM',
    { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: '/ids' },
    'parameter It is read from SSM: /ids',
  ],
])('a parameter %s is unresolved where it is used', (_, parameter, what) => {
  expect(resolvedValue({ 'Fn::Sub': `a-\${It}-b` }, { Parameters: { It: parameter } })).toEqual({
    value: `a-<${what}>-b`,
    unresolved: [{ where: 'Shop.Holder.Properties.It', what }],
  });
});

test('a parameter that nothing uses is not listed', () => {
  expect(
    resolvedValue('x', {
      Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/v' } },
    }).unresolved,
  ).toEqual([]);
});
