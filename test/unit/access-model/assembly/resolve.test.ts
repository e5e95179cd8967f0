import { readAssembly } from '../../../../lib/access-model/assembly/read';
import { resolve } from '../../../../lib/access-model/assembly/resolve';
import { bucket, folder, stackArtifact } from './given';

const STACKS = 10;
const ROLES = 40;

/** As the CDK writes them: stacks that import from the one before, roles with policies, a version read from SSM. */
function large(): Record<string, unknown> {
  const names = Array.from({ length: STACKS }, (_, index) => `Stack${index}`);
  const templates = names.map((name, index) => [
    `${name}.template.json`,
    {
      Parameters: {
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/x/version' },
      },
      Rules: {
        Check: {
          Assertions: [{ Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1'], { Ref: 'BootstrapVersion' }] }] } }],
        },
      },
      Resources: {
        Bucket: bucket(index === 0 ? {} : { Before: { 'Fn::ImportValue': `Stack${index - 1}:Bucket` } }),
        Custom: { Type: 'Custom::Maker', Properties: { ServiceToken: { 'Fn::GetAtt': ['Role0', 'Arn'] } } },
        ...Object.fromEntries(
          Array.from({ length: ROLES }, (_, role) => [`Role${role}`, roleWithPolicy(role)]),
        ),
      },
      Outputs: { Bucket: { Value: { 'Fn::GetAtt': ['Bucket', 'Arn'] }, Export: { Name: `${name}:Bucket` } } },
    },
  ]);
  const artifacts = Object.fromEntries(names.map((name) => [name, stackArtifact(`${name}.template.json`)]));
  // The last first: what it imports is not resolved yet.
  return {
    'manifest.json': { artifacts: Object.fromEntries(Object.entries(artifacts).reverse()) },
    ...Object.fromEntries(templates),
  };
}

const roleWithPolicy = (role: number) => ({
  Type: 'AWS::IAM::Role',
  Metadata: { 'aws:cdk:path': `Shop/Role${role}/Resource` },
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [
        { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
      ],
    },
    ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/x']] }],
    Policies: [
      {
        PolicyDocument: {
          Statement: [
            {
              Action: 's3:*',
              Effect: 'Allow',
              Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] },
            },
          ],
        },
      },
    ],
  },
});

test('an assembly of a whole platform resolves completely', async () => {
  const { resources, unresolved } = resolve(await readAssembly(folder(large())));
  expect(resources).toHaveLength(STACKS * (ROLES + 2));
  expect(unresolved).toEqual([]);
  expect(JSON.stringify(resources)).not.toMatch(/"(Ref|Fn::[A-Za-z]+)":/);
});

test('the same assembly gives the same result, byte for byte', async () => {
  const directory = folder(large());
  const first = JSON.stringify(resolve(await readAssembly(directory)));
  expect(JSON.stringify(resolve(await readAssembly(directory)))).toBe(first);
});

test('it takes no time that anybody notices', async () => {
  const assembly = await readAssembly(folder(large()));
  const begun = performance.now();
  resolve(assembly);
  // Tens of milliseconds on a busy machine; the limit only finds what grows with the square of the assembly.
  expect(performance.now() - begun).toBeLessThan(300);
});
