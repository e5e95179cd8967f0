/** The bootstrap of each deployer: who may act as the CDK, and what of upstream is kept. */
import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
import { BootstrapShapeUnknown, narrowBootstrap } from '../../../lib/bootstrap/narrow';
import { STACKS } from '../../../lib/bootstrap/stacks';
import { decide, type Statement } from '../../support/policy-decision';
import {
  account,
  DEPLOYERS,
  names,
  type Resource,
  ROOT,
  region,
  resources,
  stage,
  templates,
  upstream,
  VERSION,
} from './narrowed';

describe.each(DEPLOYERS)('%s', (deployer) => {
  const ci = deployer === 'platform' ? names.roles.ciPlatform.arn : names.roles.ciSensitive.arn;

  test('roles of the command line are assumed by the pipeline and the administrators, not by the account', () => {
    for (const role of ['FilePublishingRole', 'ImagePublishingRole', 'LookupRole', 'DeploymentActionRole']) {
      const Principal = { AWS: `arn:aws:iam::${account}:root` };
      const ours = { ArnLike: { 'aws:PrincipalArn': [ci, ...stage.sensitiveAdministrators].sort() } };
      expect(resources(deployer)[role]?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal,
          Condition: {
            'Fn::If': ['ShouldDenyExternalId', { ...ours, Null: { 'sts:ExternalId': 'true' } }, ours],
          },
        },
        { Effect: 'Allow', Action: 'sts:TagSession', Principal, Condition: ours },
      ]);
    }
  });

  test('no role trusts the account without saying which of its roles, whatever parameters are given', () => {
    const roles = Object.entries(resources(deployer)).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles).toHaveLength(5);
    for (const [id, { Properties }] of roles) {
      for (const { Principal, Condition } of Properties.AssumeRolePolicyDocument.Statement) {
        if (Principal.Service) {
          expect([id, Principal]).toEqual([
            'CloudFormationExecutionRole',
            { Service: 'cloudformation.amazonaws.com' },
          ]);
          continue;
        }
        // Both branches of a condition with Fn::If.
        for (const branch of Condition['Fn::If']?.slice(1) ?? [Condition])
          expect(branch.ArnLike['aws:PrincipalArn']).toContain(ci);
      }
    }
    const text = JSON.stringify(templates[deployer]);
    for (const name of ['TrustedAccounts', 'TrustedAccountsForLookup', 'CloudFormationExecutionPolicies']) {
      expect(text).not.toContain(`{"Ref":"${name}"}`);
      expect(text).not.toContain(`"Has${name}"`);
    }
  });

  test('roles have the names, and the version stands where cdk deploy looks for it', () => {
    for (const [id, kind] of [
      ['FilePublishingRole', 'file-publishing-role'],
      ['ImagePublishingRole', 'image-publishing-role'],
      ['LookupRole', 'lookup-role'],
      ['DeploymentActionRole', 'deploy-role'],
      ['CloudFormationExecutionRole', 'cfn-exec-role'],
    ] as const) {
      expect(resources(deployer)[id]?.Properties.RoleName).toEqual({
        'Fn::Sub': `cdk-\${Qualifier}-${kind}-\${AWS::AccountId}-\${AWS::Region}`,
      });
    }
    const { Name, Value } = resources(deployer).CdkBootstrapVersion?.Properties ?? {};
    expect(Name).toEqual({ 'Fn::Sub': `/cdk-bootstrap/\${Qualifier}/version` });
    expect(templates[deployer].Outputs.BootstrapVersion.Value).toBe(Value);
    expect(templates[deployer].Outputs).toEqual(upstream().Outputs);
    expect(Object.keys(templates[deployer].Parameters)).toEqual(Object.keys(upstream().Parameters));
  });

  test('is another variant than that of the CDK, so that a plain bootstrap does not replace it', () => {
    expect(templates[deployer].Parameters.BootstrapVariant.Default).toBe(`tenant-zero: prod, ${deployer}`);
    expect(upstream().Parameters.BootstrapVariant.Default).not.toContain('tenant-zero');
  });

  test('whoever looks up reads no secret, no record and no log', () => {
    const { Policies } = resources(deployer).LookupRole?.Properties ?? {};
    const statements: Statement[] = [
      // What ReadOnlyAccess would let through.
      { Effect: 'Allow', Action: '*', Resource: '*' },
      ...Policies.flatMap((each: Resource['Properties']) => each.PolicyDocument.Statement),
    ];
    for (const [action, resource] of [
      ['secretsmanager:GetSecretValue', names.secrets.master],
      ['kms:Decrypt', '*'],
      ['s3:GetObject', `arn:aws:s3:::${names.buckets.transcripts}/x`],
      ['s3:GetObjectVersion', `arn:aws:s3:::${names.buckets.audit}/x`],
      ['logs:GetLogEvents', names.logGroups.transcripts.arn],
      ['logs:StartQuery', names.logGroups.database.arn],
    ] as const)
      expect([action, decide(statements, { action, resource })]).toEqual([action, 'deny']);
    expect(decide(statements, { action: 'ec2:DescribeVpcs' })).toBe('allow');
  });

  test('nobody is an administrator, and each policy fits', () => {
    expect(JSON.stringify(templates[deployer])).not.toContain('AdministratorAccess');
    for (const { Type, Properties } of Object.values(resources(deployer))) {
      // Two bootstraps of one account, in two regions, would otherwise want the same name.
      if (Type === 'AWS::IAM::ManagedPolicy')
        expect(Properties.ManagedPolicyName['Fn::Sub']).toContain('AWS::Region');
      if (Type === 'AWS::IAM::ManagedPolicy')
        expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThan(6144);
    }
    expect(resources(deployer).CloudFormationExecutionRole?.Properties.ManagedPolicyArns).toHaveLength(3);
  });

  test('deploys and deletes stacks of its own, for CloudFormation acts as who made a stack', () => {
    const statements: Statement[] = resources(
      deployer,
    ).DeploymentActionRole?.Properties.Policies[0].PolicyDocument.Statement.map(
      // Intrinsics stand for other things than stacks.
      (each: Statement) => ({
        ...each,
        Resource: [each.Resource].flat().map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
      }),
    );
    const stack = (id: string) => `arn:aws:cloudformation:${region}:${account}:stack/tz-prod-${id}/0123`;
    const mine = STACKS[deployer];
    // Nor its own bootstrap: that is an administrator's.
    const others = [
      ...STACKS[deployer === 'platform' ? 'sensitive' : 'platform'],
      ...DEPLOYERS.map((each) => `bootstrap-${each}`),
    ];
    for (const action of [
      'cloudformation:DeleteStack',
      'cloudformation:UpdateTerminationProtection',
      'cloudformation:CreateChangeSet',
      'cloudformation:UpdateStack',
    ]) {
      for (const id of mine)
        expect([id, decide(statements, { action, resource: stack(id) })]).toEqual([id, 'allow']);
      for (const id of others)
        expect([id, decide(statements, { action, resource: stack(id) })]).toEqual([id, 'no statement']);
    }
  });

  test('the key of its assets has the tag by which the other deployer is kept from it', () => {
    expect(resources(deployer).FileAssetsBucketEncryptionKey?.Properties.Tags).toEqual([
      { Key: 'tenant-zero:deployer', Value: deployer },
    ]);
  });

  test('keeps what cdk deploy looks for', () => {
    const { Parameters, Outputs } = templates[deployer];
    expect(Parameters.Qualifier.Default).toBe(stage.bootstrap[deployer]);
    expect(Object.keys(Outputs)).toEqual(Object.keys(upstream().Outputs));
    expect(Object.keys(resources(deployer))).toEqual(
      expect.arrayContaining(Object.keys(upstream().Resources)),
    );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: as it stands in the template
test.each<[string, (resources: any) => void]>([
  ['no Resources.CloudFormationExecutionRole', (all) => delete all.CloudFormationExecutionRole],
  ['no Resources.StagingBucket', (all) => delete all.StagingBucket],
  ['no Resources.FileAssetsBucketEncryptionKey', (all) => delete all.FileAssetsBucketEncryptionKey],
  [
    'no Resources.CloudFormationExecutionRole.Properties.ManagedPolicyArns',
    (all) => delete all.CloudFormationExecutionRole.Properties.ManagedPolicyArns,
  ],
  [
    'no statement DontReadSecrets of LookupRole',
    (all) => {
      all.LookupRole.Properties.Policies[0].PolicyDocument.Statement = [];
    },
  ],
  [
    'a further role, Resources.DriftRole',
    (all) => {
      all.DriftRole = structuredClone(all.LookupRole);
    },
  ],
])('a template of another shape is refused, with the version: %s', (what, change) => {
  const other = upstream();
  change(other.Resources);
  const narrow = () => narrowBootstrap(other, stage, 'platform', VERSION);
  expect(narrow).toThrow(BootstrapShapeUnknown);
  expect(narrow).toThrow(`aws-cdk ${VERSION} has ${what}:`);
});

test('what was narrowed was wide: the check sees the difference', () => {
  const wide = JSON.stringify(upstream().Resources);
  expect(wide).toContain('AdministratorAccess');
  expect(wide).toContain('AWS::AccountId');
});

test('the command prints the same template twice, and what to do with it', () => {
  const run = () =>
    execFileSync(
      process.execPath,
      ['--import', 'tsx', 'bin/bootstrap-template.ts', '--stage', 'dev', '--deployer', 'sensitive'],
      { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  const first = run();
  expect(parse(first).Resources.CdkBootstrapVersion).toBeDefined();
  expect(run()).toBe(first);
});
