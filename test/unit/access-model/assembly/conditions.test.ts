import type { Template } from '../../../../lib/access-model/assembly/assembly';
import { bucket, forPeople, resolved, resolvedValue, stack } from './given';

const given: Template = {
  Parameters: { Stage: { Default: 'prod' }, Unknown: {}, Flags: { Type: 'CommaDelimitedList', Default: '' } },
  Conditions: {
    IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
    IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
    HasFlags: { 'Fn::Not': [{ 'Fn::Equals': ['', { 'Fn::Join': ['', { Ref: 'Flags' }] }] }] },
    Perhaps: { 'Fn::Equals': [{ Ref: 'Unknown' }, 'x'] },
    Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'Perhaps' }] },
    Neither: { 'Fn::And': [{ Condition: 'Perhaps' }, { Condition: 'IsDev' }] },
    Either: { 'Fn::Or': [{ Condition: 'Perhaps' }, { Condition: 'IsProd' }] },
  },
};

test.each([
  ['IsProd', 'yes'],
  ['IsDev', 'no'],
  ['HasFlags', 'no'],
  ['Neither', 'no'],
  ['Either', 'yes'],
])('the condition %s decides: %s', (name, value) => {
  expect(resolvedValue({ 'Fn::If': [name, 'yes', 'no'] }, given)).toEqual({ value, unresolved: [] });
});

test.each(['Perhaps', 'Both'])('a choice by %s, whose truth nobody knows, is unresolved', (name) => {
  const { value, unresolved } = resolvedValue({ 'Fn::If': [name, 'yes', 'no'] }, given);
  expect(value).toBe(`<condition ${name}: parameter Unknown has no default>`);
  expect(unresolved).toEqual([
    { where: 'Shop.Holder.Properties.It', what: `condition ${name}: parameter Unknown has no default` },
  ]);
});

test('a resource with a false condition is left out, one with a true condition stays', () => {
  const { resources, unresolved } = resolved(
    stack({
      ...given,
      Resources: { Out: { ...bucket(), Condition: 'IsDev' }, In: { ...bucket(), Condition: 'IsProd' } },
    }),
  );
  expect(resources.map(({ id }) => id)).toEqual(['Shop.In']);
  expect(unresolved).toEqual([]);
});

test('a resource whose condition nobody knows stays and is listed', () => {
  const { resources, unresolved } = resolved(
    stack({ ...given, Resources: { Perhaps: { ...bucket(), Condition: 'Perhaps' } } }),
  );
  expect(resources.map(({ id }) => id)).toEqual(['Shop.Perhaps']);
  expect(unresolved).toEqual([{ where: 'Shop.Perhaps.Condition', what: 'parameter Unknown has no default' }]);
});

test('what refers to a resource that is left out is unresolved', () => {
  const { value } = resolvedValue([{ Ref: 'Out' }, { 'Fn::GetAtt': ['Out', 'Arn'] }], {
    ...given,
    Resources: { Out: { ...bucket(), Condition: 'IsDev' } },
  });
  expect(value).toEqual(['<Out is left out by its condition>', '<Out is left out by its condition>']);
});

test('a condition that nobody wrote is unknown, not false', () => {
  const { resources, unresolved } = resolved(
    stack({ Resources: { Bucket: { ...bucket(), Condition: 'Nobody' } } }),
  );
  expect(resources).toHaveLength(1);
  expect(forPeople(unresolved[0]?.what)).toBe('condition Nobody is not in the template');
});

test('conditions that need each other are a problem', () => {
  const Conditions = { A: { Condition: 'B' }, B: { 'Fn::Not': [{ Condition: 'A' }] } };
  expect(() => resolvedValue({ 'Fn::If': ['A', 1, 2] }, { Conditions })).toThrow(
    'The templates refer to each other in a circle, break it and synthesize again: Shop.Conditions.A -> Shop.Conditions.B -> Shop.Conditions.A',
  );
});
