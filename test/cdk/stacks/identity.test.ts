/** What each persona may do, and what it may not, whatever somebody attaches to its role one day. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CONFIGURATION } from '../../../app/contract';
import { PermissionSet } from '../../../lib/identity/permission-set';
import { allowed, floorOf, type Row } from '../../../lib/identity/row';
import { namesOf } from '../../../lib/names';
import { IdentityStack } from '../../../lib/stacks/identity';
import { decide, type Request, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

const stage = stageNamed('prod');
const names = namesOf(stage);
const { account, region } = stage;
const PERSONAS = ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover', 'SecurityAuditor'] as const;
type Persona = (typeof PERSONAS)[number];

let template: Template;
const policies = {} as Record<Persona, Statement[]>;

beforeAll(() => {
  template = Template.fromStack(new IdentityStack(testApp(), 'Identity', { stage }));
  for (const { Properties } of Object.values(template.findResources('AWS::SSO::PermissionSet'))) {
    policies[Properties.Name as Persona] = Properties.InlinePolicy.Statement;
  }
});

/** Somebody attached AdministratorAccess to the role: only explicit denials hold now. */
const ADMINISTRATOR: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const decision = (persona: Persona, request: Request) => decide(policies[persona], request);
const floor = (persona: Persona, request: Request) => decide([...policies[persona], ADMINISTRATOR], request);

const secret = (name: { arn: string }) => name.arn.replaceAll('?', 'x');
const other = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const task = (cluster: string) => other('ecs', `task/${cluster}/0123456789abcdef`);
const shell = { 'ecs:container-name': 'support-shell' };
const alias = (name: string) => ({ 'kms:ResourceAliases': [`alias/tz-prod-${name}`] });
const viaSecrets = { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` };
const key = other('kms', 'key/00000000-0000-4000-8000-000000000000');

describe('may do their work', () => {
  test.each<[Persona, Request]>([
    [
      'ProdEngineer',
      { action: 'ecs:DescribeServices', resource: other('ecs', 'service/tz-prod-main/backend') },
    ],
    ['ProdEngineer', { action: 'logs:FilterLogEvents', resource: `${names.logGroups.backend.arn}:*` }],
    ['ProdEngineer', { action: 'ecs:StopTask', resource: task('tz-prod-main') }],
    ['ProdEngineer', { action: 'ssm:PutParameter', resource: names.configuration('log-level').arn }],
    ['ProdEngineer', { action: 'ecs:ExecuteCommand', resource: task('tz-prod-support'), context: shell }],
    ['ProdEngineer', { action: 'ecs:ExecuteCommand', resource: names.clusters.support.arn, context: shell }],
    ['ProdEngineer', { action: 'kms:GenerateDataKey', resource: key, context: alias('session') }],
    ['ProdEngineer', { action: 'lambda:InvokeFunction', resource: names.functions.approvals.arn }],
    ...['ecs:DescribeClusters', 'ecs:DescribeServices', 'ecs:DescribeTasks', 'ecs:ListTasks'].flatMap(
      (action): [Persona, Request][] =>
        (['ProdEngineer', 'BreakGlassAdmin'] as const).map((persona) => [
          persona,
          { action, resource: names.clusters.support.arn },
        ]),
    ),
    ['ProdEngineer', { action: 'ecs:DescribeTaskDefinition' }],
    [
      'BreakGlassAdmin',
      { action: 'secretsmanager:GetSecretValue', resource: secret(names.secrets.breakGlass) },
    ],
    [
      'BreakGlassAdmin',
      { action: 'kms:Decrypt', resource: key, context: { ...alias('sensitive'), ...viaSecrets } },
    ],
    ['BreakGlassAdmin', { action: 'lambda:InvokeFunction', resource: names.functions.approvals.arn }],
    ['SensitiveApprover', { action: 'lambda:InvokeFunction', resource: names.functions.approvals.arn }],
    ['SecurityAuditor', { action: 'iam:GetRolePolicy', resource: names.roles.backendTask.arn }],
    [
      'SecurityAuditor',
      { action: 's3:GetObject', resource: `arn:aws:s3:::${names.buckets.audit}/AWSLogs/x` },
    ],
    ['SecurityAuditor', { action: 'rds-data:ExecuteStatement', resource: names.database.arn }],
    ['SecurityAuditor', { action: 'secretsmanager:GetSecretValue', resource: secret(names.secrets.auditor) }],
  ])('%s: %j', (persona, request) => {
    expect(decision(persona, request)).toBe('allow');
  });
});

/** Of the sensitive class, and the ways round: refused to the people named, even to an administrator among them. */
const REFUSED: readonly [Request, readonly Persona[]][] = [
  [{ action: 'secretsmanager:GetSecretValue', resource: secret(names.secrets.tokenKeys) }, PERSONAS],
  [{ action: 'secretsmanager:GetSecretValue', resource: secret(names.secrets.approver('ada')) }, PERSONAS],
  [
    {
      action: 'secretsmanager:GetSecretValue',
      resource: other('secretsmanager', 'secret:rds!cluster-1-xxxxxx'),
    },
    PERSONAS,
  ],
  [
    { action: 'secretsmanager:GetSecretValue', resource: secret(names.secrets.breakGlass) },
    ['ProdEngineer', 'SensitiveApprover', 'SecurityAuditor'],
  ],
  [{ action: 'secretsmanager:BatchGetSecretValue' }, PERSONAS],
  [{ action: 'secretsmanager:PutResourcePolicy', resource: secret(names.secrets.breakGlass) }, PERSONAS],
  [
    { action: 'secretsmanager:ReplicateSecretToRegions', resource: secret(names.secrets.breakGlass) },
    PERSONAS,
  ],
  [
    { action: 'secretsmanager:UpdateSecretVersionStage', resource: secret(names.secrets.tokenKeys) },
    PERSONAS,
  ],
  [
    { action: 'kms:Decrypt', resource: key, context: alias('sensitive') },
    ['ProdEngineer', 'SensitiveApprover', 'BreakGlassAdmin'],
  ],
  [{ action: 'kms:CreateGrant', resource: key, context: alias('sensitive') }, PERSONAS],
  [{ action: 'kms:PutKeyPolicy', resource: key, context: alias('sensitive') }, PERSONAS],
  [{ action: 'kms:UpdateAlias', resource: key, context: alias('session') }, PERSONAS],
  [{ action: 'kms:TagResource', resource: key }, PERSONAS],
  [{ action: 'kms:ScheduleKeyDeletion', resource: key }, PERSONAS],
  [{ action: 'kms:GenerateDataKey', resource: key, context: alias('sensitive') }, PERSONAS],
  [{ action: 'kms:GenerateDataKey', resource: key }, PERSONAS],
  [
    {
      action: 'ecs:ExecuteCommand',
      resource: task('tz-prod-main'),
      context: { 'ecs:container-name': 'backend' },
    },
    PERSONAS,
  ],
  [{ action: 'ecs:ExecuteCommand', resource: task('tz-prod-main'), context: shell }, PERSONAS],
  [{ action: 'ecs:ExecuteCommand', resource: task('tz-prod-support-copy'), context: shell }, PERSONAS],
  [
    {
      action: 'ecs:ExecuteCommand',
      resource: task('tz-prod-support'),
      context: { 'ecs:container-name': 'sidecar' },
    },
    PERSONAS,
  ],
  [{ action: 'ecs:ExecuteCommand', resource: task('tz-prod-support') }, PERSONAS],
  [
    { action: 'ecs:ExecuteCommand', resource: task('tz-prod-support'), context: shell },
    ['SensitiveApprover', 'SecurityAuditor'],
  ],
  ...[
    'ssm:StartSession',
    'ssm:SendCommand',
    'ecs:RunTask',
    'ecs:StartTask',
    'ecs:CreateService',
    'ecs:UpdateService',
    'ecs:RegisterTaskDefinition',
    'ecs:RegisterDaemonTaskDefinition',
    'ecs:CreateExpressGatewayService',
    'ecs:TagResource',
    'iam:PassRole',
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:DeleteRolePermissionsBoundary',
    'iam:CreateAccessKey',
    'sts:AssumeRole',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:AddPermission',
    'lambda:CreateEventSourceMapping',
    'lambda:GetFunction',
    'cloudformation:CreateStack',
    'cloudformation:CreateChangeSet',
    'cloudformation:ExecuteChangeSet',
    'rds:ModifyDBCluster',
    'rds:ModifyDBClusterSnapshotAttribute',
    'rds:CopyDBClusterSnapshot',
    'rds:RestoreDBClusterFromSnapshot',
    'rds:StartExportTask',
    'rds:EnableHttpEndpoint',
    'rds:StartActivityStream',
    'rds:DownloadDBLogFilePortion',
    'rds:ModifyDBClusterParameterGroup',
    'rds-db:connect',
    'pi:GetResourceMetrics',
    'ecr:PutImage',
    'ecr:SetRepositoryPolicy',
    'cloudtrail:StopLogging',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:DeleteTrail',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:DisableAlarmActions',
    'logs:DeleteLogGroup',
    'logs:PutRetentionPolicy',
    'logs:PutSubscriptionFilter',
    'logs:StartLiveTail',
    'logs:Unmask',
    's3:PutObject',
    's3:DeleteObjectVersion',
    's3:BypassGovernanceRetention',
    's3:PutBucketPolicy',
    'sns:Subscribe',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:ModifyVpcEndpoint',
    'sqs:SendMessage',
    'events:PutRule',
    'events:PutTargets',
    'scheduler:CreateSchedule',
    'states:StartExecution',
    'codebuild:StartBuild',
    'sso:PutInlinePolicyToPermissionSet',
    'sso:CreateAccountAssignment',
    'identitystore:CreateGroupMembership',
    'organizations:DetachPolicy',
    'backup:DeleteRecoveryPoint',
    'backup:StartRestoreJob',
    'route53:ChangeResourceRecordSets',
    'ssm:DeleteParameter',
    'wafv2:GetSampledRequests',
    'wafv2:GetDecryptedAPIKey',
  ].map((action): [Request, readonly Persona[]] => [{ action, resource: other('x', 'x') }, PERSONAS]),
  [
    { action: 'ssm:PutParameter', resource: other('ssm', 'parameter/tz-prod/configuration/database-url') },
    PERSONAS,
  ],
  [
    { action: 'ssm:PutParameter', resource: other('ssm', 'parameter/cdk-bootstrap/tzprod/version') },
    PERSONAS,
  ],
  [
    { action: 'logs:FilterLogEvents', resource: `${names.logGroups.transcripts.arn}:*` },
    ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'],
  ],
  [
    { action: 'logs:StartQuery', resource: `${names.logGroups.database.arn}:*` },
    ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'],
  ],
  [
    { action: 's3:GetObject', resource: `arn:aws:s3:::${names.buckets.transcripts}/x` },
    ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'],
  ],
  [
    { action: 's3:GetObject', resource: 'arn:aws:s3:::cdk-tzprod-assets-333333333333-eu-central-1/x' },
    PERSONAS,
  ],
  [
    { action: 'rds-data:ExecuteStatement', resource: names.database.arn },
    ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'],
  ],
  [{ action: 'rds-data:ExecuteStatement', resource: other('rds', 'cluster:another') }, PERSONAS],
  [{ action: 'lambda:InvokeFunction', resource: names.functions.rlsRegistry.arn }, PERSONAS],
  [{ action: 'lambda:InvokeFunction', resource: names.functions.databaseBootstrap.arn }, PERSONAS],
  [{ action: 'lambda:InvokeFunction', resource: names.functions.approvals.arn }, ['SecurityAuditor']],
  // Another function whose name begins alike, and versions of this one, which keep what was mended since.
  [{ action: 'lambda:InvokeFunction', resource: `${names.functions.approvals.arn}-2` }, PERSONAS],
  [{ action: 'lambda:InvokeFunction', resource: `${names.functions.approvals.arn}:1` }, PERSONAS],
  [{ action: 'lambda:InvokeFunctionUrl', resource: names.functions.approvals.arn }, PERSONAS],
  [{ action: 'ssm:TerminateSession', resource: other('ssm', 'session/ecs-execute-command-1') }, PERSONAS],
  [{ action: 'sns:Publish', resource: names.topic.arn }, PERSONAS],
  [
    { action: 's3:PutObject', resource: `arn:aws:s3:::${names.buckets.audit}/ledger/000000000001.json` },
    PERSONAS,
  ],
];

describe('is refused, also to a persona that has become an administrator', () => {
  const cases = REFUSED.flatMap(([request, personas]) =>
    personas.map((persona) => [persona, request] as const),
  );
  test('the table is long', () => expect(cases.length).toBeGreaterThan(300));
  test.each(cases)('%s: %j', (persona, request) => {
    expect(floor(persona, request)).toBe('deny');
  });
});

test('the floor alone refuses: without it an administrator could do all of that', () => {
  for (const [request] of REFUSED) expect(decide([ADMINISTRATOR], request)).toBe('allow');
});

test('every allowance survives the floor', () => {
  for (const persona of PERSONAS) {
    for (const { Effect, Action, Resource, Condition } of policies[persona]) {
      if (Effect !== 'Allow') continue;
      const context = Object.fromEntries(
        Object.values(Condition ?? {}).flatMap((keys) =>
          Object.entries(keys).map(([name, value]) => [name, [value].flat()[0] as string]),
        ),
      );
      for (const action of [Action].flat() as string[]) {
        const resource = ([Resource].flat()[0] as string).replaceAll('*', 'x').replaceAll('?', 'x');
        expect([
          persona,
          action,
          decision(persona, { action: action.replaceAll('*', 'X'), resource, context }),
        ]).toEqual([persona, action, 'allow']);
      }
    }
  }
});

test('the engineer changes exactly the keys of the schema', () => {
  const [statement] = policies.ProdEngineer.filter(({ Action }) =>
    [Action].flat().includes('ssm:PutParameter'),
  );
  expect(statement?.Resource).toEqual(
    Object.keys(CONFIGURATION).map((name) => names.configuration(name).arn),
  );
});

test.each([
  ['ProdEngineer', 'PT8H'],
  ['BreakGlassAdmin', 'PT1H'],
  ['SensitiveApprover', 'PT1H'],
  ['SecurityAuditor', 'PT4H'],
])('%s has sessions of %s, the boundary and its group', (Name, SessionDuration) => {
  template.hasResourceProperties('AWS::SSO::PermissionSet', {
    Name,
    SessionDuration,
    PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'tz-prod-boundary', Path: '/' } },
  });
  template.hasResourceProperties('AWS::SSO::Assignment', {
    PrincipalId: stage.identityCenter.personas[Name as Persona].groups[0],
    PrincipalType: 'GROUP',
    TargetId: account,
  });
});

test('permission sets have inline policies only: nothing that AWS changes', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::SSO::PermissionSet'))) {
    expect(Properties.ManagedPolicies).toBeUndefined();
    expect(JSON.stringify(Properties.InlinePolicy).length).toBeLessThan(10_240);
  }
});

test.each([59, 721])(
  'sessions of %i minutes are refused at synth, not by a deploy that is half done',
  (minutes) => {
    const build = (session: Duration) =>
      new PermissionSet(new Stack(testApp(), 'Test'), 'Set', {
        instanceArn: stage.identityCenter.instanceArn,
        name: 'Set',
        description: 'A set',
        row: [{ sid: 'WhoAmI', actions: ['sts:GetCallerIdentity'] }],
        session,
        boundaryName: 'boundary',
        account,
        groups: [],
      });
    expect(() => build(Duration.minutes(minutes))).toThrow('Identity Center takes 60 to 720');
    for (const right of [60, 90, 720]) expect(() => build(Duration.minutes(right))).not.toThrow();
  },
);

test('the evaluator of these tests takes ForAnyValue of an absent key as false, as AWS does', () => {
  const denial = (operator: string): Statement[] => [
    {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { [operator]: { 'kms:ResourceAliases': ['a'] } },
    },
  ];
  const absent = { action: 'kms:Decrypt' };
  expect(decide(denial('ForAnyValue:StringNotEquals'), absent)).toBe('no statement');
  expect(decide(denial('ForAllValues:StringNotEquals'), absent)).toBe('deny');
  expect(decide(denial('StringNotEquals'), absent)).toBe('deny');
});

describe('the floor of a row', () => {
  const row: Row = [
    { sid: 'A', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::a/*'] },
    {
      sid: 'B',
      actions: ['kms:Decrypt'],
      conditions: { StringEquals: { 'kms:ViaService': ['x'], 'aws:PrincipalAccount': ['1'] } },
    },
  ];
  const statements = () =>
    [...allowed(row), ...floorOf(row)].map((each) => each.toStatementJson() as Statement);
  const widened = (request: Request) => decide([...statements(), ADMINISTRATOR], request);
  const both = { 'kms:ViaService': 'x', 'aws:PrincipalAccount': '1' };

  test('no two statements have one name, however many conditions there are: IAM refuses such a policy', () => {
    const three: Row = [
      {
        sid: 'A',
        actions: ['kms:Decrypt'],
        conditions: {
          StringEquals: { 'kms:ViaService': ['x'], 'aws:PrincipalAccount': ['1'] },
          ArnLike: { 'aws:PrincipalArn': ['y'] },
        },
      },
    ];
    const sids = [...allowed(three), ...floorOf(three)].map(({ sid }) => sid);
    expect(sids).toHaveLength(5);
    expect(new Set(sids).size).toBe(5);
  });

  test('each condition holds by itself, and a missing key is a denial', () => {
    expect(widened({ action: 'kms:Decrypt', context: both })).toBe('allow');
    expect(widened({ action: 'kms:Decrypt', context: { ...both, 'aws:PrincipalAccount': '2' } })).toBe(
      'deny',
    );
    expect(widened({ action: 'kms:Decrypt', context: { 'kms:ViaService': 'x' } })).toBe('deny');
  });

  test('an operator without a known opposite, and an action with two limits, are refused at synth', () => {
    expect(() => floorOf([{ sid: 'A', actions: ['a:b'], conditions: { Null: { x: ['true'] } } }])).toThrow(
      'no opposite',
    );
    expect(() => floorOf([...row, { ...row[0], sid: 'C', resources: ['b'] } as never])).toThrow(
      's3:GetObject: stands in two',
    );
  });
});
