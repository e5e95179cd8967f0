/** What is written otherwise and means the same is no change. */
import { allow, broadens, bucket, changesBetween, deny, NOTHING, type Resources, role } from './given';

const statements = [
  allow(['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']),
  deny('s3:DeleteObject', '*', { Condition: { StringNotEquals: { 'aws:PrincipalTag/Team': ['x', 'y'] } } }),
];
const base: Resources = { A: bucket('a'), App: role('app', statements) };

test('nothing changed, nothing is told', async () => {
  expect(await changesBetween(base, structuredClone(base))).toEqual(NOTHING);
});

test.each<[string, Resources]>([
  ['the order of statements without a Sid', { A: bucket('a'), App: role('app', [...statements].reverse()) }],
  [
    'the order and the case of actions, the order of resources and values',
    {
      A: bucket('a'),
      App: role('app', [
        allow(['s3:putobject', 'S3:GetObject'], ['arn:aws:s3:::b/*', 'arn:aws:s3:::a/*']),
        deny(['s3:DeleteObject'], ['*'], {
          Condition: { StringNotEquals: { 'aws:principaltag/team': ['y', 'x'] } },
        }),
      ]),
    },
  ],
  [
    'a policy that moves to a resource of its own',
    {
      A: bucket('a'),
      App: role('app', [statements[0] as (typeof statements)[number]]),
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'more',
          Roles: ['app'],
          PolicyDocument: { Version: '2012-10-17', Statement: [statements[1]] },
        },
      },
    } as Resources,
  ],
  [
    'the stamp of a deploy, the hash of an asset, metadata',
    {
      A: { ...bucket('a'), Metadata: { 'aws:cdk:path': 'Elsewhere/A' } },
      App: role('app', statements, { Tags: [{ Key: 'deployment', Value: 'another-commit' }] }),
      Deployment1234abcd: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
    },
  ],
])('%s', async (_, head) => {
  expect(await changesBetween(base, head)).toEqual(NOTHING);
});

test('the same checks see a change', async () => {
  const head = { A: bucket('a'), App: role('app', [statements[0] as (typeof statements)[number]]) };
  expect(await broadens(base, head)).not.toEqual([]);
});

test('the order of what is told does not depend on the order of the templates', async () => {
  const head: Resources = { ...base, B: bucket('b'), Other: role('other', [allow('s3:*')]) };
  const reversed = Object.fromEntries(Object.entries(head).reverse());
  expect(await broadens(base, reversed)).toEqual(await broadens(base, head));
});
