/** The snapshot of access: all of it, and small enough to be read. */
import { STAGES } from '../../bin/stages';
import { accessSnapshot, plain, unseen } from '../support/access-snapshot';
import { expectKept } from '../support/kept-file';
import { templatesOf } from '../support/templates';

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];

describe.each(names)('%s', (name) => {
  const templates = templatesOf(name);

  test('what gives or takes access is what was reviewed (npm run kept)', () => {
    expectKept(`test/cdk/access/${name}.yaml`, accessSnapshot(templates));
  });

  test('no policy stands where the snapshot does not look', () => {
    expect(unseen(templates)).toEqual([]);
  });

  test('is small enough to be read', () => {
    expect(accessSnapshot(templates).split('\n').length).toBeLessThan(4000);
  });
});

test('a policy in a place that nobody thought of is told', () => {
  const template = {
    Resources: {
      Queue: { Type: 'AWS::SQS::QueuePolicy', Properties: { PolicyDocument: { Statement: [] } } },
    },
  };
  expect(unseen([{ stack: 'Test', template }])).toEqual(['Test/Queue: AWS::SQS::QueuePolicy.PolicyDocument']);
});

test('one more action, one condition less and one more principal each change it', () => {
  const snapshotOf = (statement: object) =>
    accessSnapshot([
      {
        stack: 'Test',
        template: {
          Resources: {
            Key0123ABCD: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Statement: [statement] } } },
          },
        },
      },
    ]);
  const statement = {
    Effect: 'Allow',
    Action: ['kms:Decrypt'],
    Resource: '*',
    Principal: { AWS: ['a'] },
    Condition: { StringEquals: { 'kms:ViaService': 'x' } },
  };
  const { Condition: _, ...unconditional } = statement;
  const shown = [
    statement,
    { ...statement, Action: ['kms:Decrypt', 'kms:CreateGrant'] },
    unconditional,
    { ...statement, Principal: { AWS: ['a', 'b'] } },
  ].map(snapshotOf);
  expect(new Set(shown).size).toBe(4);
  expect(shown[0]).toMatchInlineSnapshot(`
"Test:
  Key:
    KMS::Key:
      KeyPolicy:
        - allow: kms:Decrypt
          if:
            StringEquals:
              kms:ViaService: x
          on: "*"
          to:
            AWS: a
"
`);
});

test.each<[unknown, unknown]>([
  [{ Ref: 'Vpc0123ABCD' }, '<Vpc>'],
  [{ 'Fn::GetAtt': ['Role0123ABCD', 'Arn'] }, '<Role.Arn>'],
  [{ 'Fn::ImportValue': 'tz-dev-network:ExportsOutputRefVpc0123ABCD4567CDEF' }, '<tz-dev-network:Vpc>'],
  [{ 'Fn::Join': ['', ['a:', { Ref: 'B0123ABCD' }, '/*']] }, 'a:<B>/*'],
])('%j is shown as %s', (...[value, shown]) => {
  expect(plain(value)).toBe(shown);
});
