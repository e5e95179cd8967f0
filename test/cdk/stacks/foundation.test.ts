/** The ceiling of every role, who the pipeline is, and who puts images where they are run from. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { namesOf } from '../../../lib/names';
import { FoundationStack } from '../../../lib/stacks/foundation';
import { decide, type Request, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

const stage = stageNamed('prod');
const names = namesOf(stage);
const { account, region } = stage;
const { roles, secrets, clusters } = names;

let template: Template;
let boundary: Statement[];

beforeAll(() => {
  template = Template.fromStack(new FoundationStack(testApp(), 'Foundation', { stage }));
  const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  boundary = policy?.Properties.PolicyDocument.Statement;
});

const ADMINISTRATOR: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/** What a role may do to which somebody attached AdministratorAccess: policy and boundary must both allow. */
function may(role: string, request: Request): boolean {
  const context = { 'aws:PrincipalArn': role, ...request.context };
  return [[ADMINISTRATOR], boundary].every((policy) => decide(policy, { ...request, context }) === 'allow');
}

const anybody = `arn:aws:iam::${account}:role/tz-prod-services-Something`;
const persona = (name: string) => names.personaRole(name).replaceAll('?', '0');
const other = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

describe('the boundary', () => {
  test.each([
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'iam:CreateAccessKey',
    'iam:UpdateAssumeRolePolicy',
    'iam:DeleteRolePermissionsBoundary',
    'iam:PutRolePermissionsBoundary',
    'iam:CreatePolicyVersion',
    'iam:PassRole',
    'sts:AssumeRole',
    'sso:CreateAccountAssignment',
    'sso:PutInlinePolicyToPermissionSet',
    'organizations:DetachPolicy',
    'kms:PutKeyPolicy',
    'kms:ScheduleKeyDeletion',
    'kms:UpdateAlias',
    'kms:TagResource',
    'kms:ReplicateKey',
    'ssm:StartSession',
    'cloudtrail:StopLogging',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:DeleteTrail',
    'cloudwatch:DeleteAlarms',
    'logs:DeleteLogGroup',
    'logs:PutSubscriptionFilter',
    'rds:ModifyDBCluster',
    'rds:CopyDBClusterSnapshot',
    'rds:RestoreDBClusterFromSnapshot',
    'rds:EnableHttpEndpoint',
    'rds:StartExportTask',
    'rds:DownloadDBLogFilePortion',
    'rds-data:ExecuteStatement',
    'lambda:UpdateFunctionCode',
    'lambda:AddPermission',
    'ecs:RegisterTaskDefinition',
    'ecs:UpdateService',
    'cloudformation:UpdateStack',
    'cloudformation:DeleteStack',
    'cloudformation:RollbackStack',
    'cloudformation:ContinueUpdateRollback',
    'cloudformation:UpdateTerminationProtection',
    'cloudformation:CreateStackSet',
    'logs:PutRetentionPolicy',
    'ecr:PutImage',
    'ecr:SetRepositoryPolicy',
  ])('refuses %s to a role that became an administrator', (action) => {
    expect(may(anybody, { action, resource: other('x', 'x') })).toBe(false);
  });

  test.each<[string, Request]>([
    [
      'reads a table of another service',
      { action: 'dynamodb:GetItem', resource: other('dynamodb', 'table/x') },
    ],
    ['writes its log', { action: 'logs:PutLogEvents', resource: names.logGroups.backend.arn }],
    ['makes its network interface', { action: 'ec2:CreateNetworkInterface' }],
    [
      'logs in to the database',
      { action: 'rds-db:connect', resource: other('rds-db', 'dbuser:cluster-X/app_backend') },
    ],
    ['calls a function', { action: 'lambda:InvokeFunction', resource: names.functions.rlsRegistry.arn }],
    [
      'sees a stack',
      { action: 'cloudformation:DescribeStacks', resource: other('cloudformation', 'stack/x/0123') },
    ],
    [
      'sets the retention of what RDS measures',
      { action: 'logs:PutRetentionPolicy', resource: other('logs', 'log-group:RDSOSMetrics') },
    ],
  ])('lets a role do its work: %s', (_, request) => {
    expect(may(anybody, request)).toBe(true);
  });

  test('opens sensitive secrets to the roles that are named, and to no other', () => {
    const read = {
      action: 'secretsmanager:GetSecretValue',
      resource: secrets.tokenKeys.arn.replaceAll('?', 'x'),
    };
    for (const each of [roles.backendTask, roles.secretRotation, roles.databaseBootstrap, roles.approvals]) {
      expect(may(each.arn, read)).toBe(true);
    }
    for (const each of [
      anybody,
      roles.supportShellTask.arn,
      roles.migrationTask.arn,
      persona('ProdEngineer'),
      roles.ciPlatform.arn,
    ]) {
      expect(may(each, read)).toBe(false);
    }
  });

  test('lets the approvals do their work, and not speak to the Data API', () => {
    const approvals = (action: string, resource: string) => may(roles.approvals.arn, { action, resource });
    expect(approvals('sns:Publish', names.topic.arn)).toBe(true);
    expect(approvals('ssm:TerminateSession', other('ssm', 'session/ecs-execute-command-1'))).toBe(true);
    expect(approvals('s3:PutObject', `arn:aws:s3:::${names.buckets.audit}/ledger/000000000001.json`)).toBe(
      true,
    );
    expect(approvals('secretsmanager:PutSecretValue', secrets.approver('ada').arn.replaceAll('?', 'x'))).toBe(
      true,
    );
    expect(approvals('rds-db:connect', other('rds-db', 'dbuser:cluster-X/sensitive_gate'))).toBe(true);
    expect(approvals('rds-data:ExecuteStatement', names.database.arn)).toBe(false);
    const auditor = persona('SecurityAuditor');
    expect(may(auditor, { action: 'rds-data:ExecuteStatement', resource: names.database.arn })).toBe(true);
  });

  test('lets a shell be opened in the support cluster only', () => {
    const shell = (resource: string) =>
      may(persona('ProdEngineer'), { action: 'ecs:ExecuteCommand', resource });
    expect(shell(clusters.support.tasks.replace('*', '0123'))).toBe(true);
    expect(shell(clusters.support.arn)).toBe(true);
    expect(shell(clusters.main.tasks.replace('*', '0123'))).toBe(false);
    expect(shell(`${clusters.support.arn}-copy`)).toBe(false);
  });

  test('lets services of AWS make grants for backups, and nobody else', () => {
    const grant = (forService: string) =>
      may(anybody, { action: 'kms:CreateGrant', context: { 'kms:GrantIsForAWSResource': forService } });
    expect(grant('true')).toBe(true);
    expect(grant('false')).toBe(false);
    expect(may(anybody, { action: 'kms:CreateGrant' })).toBe(false);
  });

  test('lets the pipeline become the roles of the CDK, and the starter of migrations hand on its roles', () => {
    const assume = {
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${account}:role/cdk-tzprod-deploy-role`,
    };
    expect(may(roles.ciPlatform.arn, assume)).toBe(true);
    expect(may(roles.backendTask.arn, assume)).toBe(false);
    const pass = { action: 'iam:PassRole', resource: roles.migrationTask.arn };
    expect(may(`arn:aws:iam::${account}:role/tz-prod-registry-MigrationStartRole`, pass)).toBe(true);
    expect(may(roles.imageBuilder.arn, pass)).toBe(false);
  });

  test('keeps what backups and copies of the database need', () => {
    const backup = `arn:aws:iam::${account}:role/tz-prod-data-BackupsRole`;
    expect(may(backup, { action: 'rds:CreateDBClusterSnapshot', resource: names.database.arn })).toBe(true);
  });

  test('nobody deletes what was recorded', () => {
    for (const bucket of [names.buckets.audit, names.buckets.transcripts]) {
      expect(may(anybody, { action: 's3:DeleteObjectVersion', resource: `arn:aws:s3:::${bucket}/x` })).toBe(
        false,
      );
      expect(may(anybody, { action: 's3:PutBucketPolicy', resource: `arn:aws:s3:::${bucket}` })).toBe(false);
      expect(may(anybody, { action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/x` })).toBe(true);
    }
  });

  test('nobody but the pipeline changes code that waits to be deployed', () => {
    const asset = 'arn:aws:s3:::cdk-tzprodsens-assets-333333333333-eu-central-1/0123.zip';
    expect(may(anybody, { action: 's3:PutObject', resource: asset })).toBe(false);
    expect(may(anybody, { action: 's3:GetObject', resource: asset })).toBe(true);
    expect(may(anybody, { action: 's3:PutObject', resource: 'arn:aws:s3:::product-uploads/x' })).toBe(true);
  });

  test('is itself under its limit, and on every role of its own stack', () => {
    expect(JSON.stringify(boundary).length).toBeLessThan(6144);
    for (const { Properties, DependsOn } of Object.values(template.findResources('AWS::IAM::Role'))) {
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('tz-prod-boundary');
      expect(String(DependsOn)).toContain('PermissionsBoundary');
    }
  });
});

describe('the pipeline', () => {
  test.each([
    ['tz-prod-ci-platform', 'prod'],
    ['tz-prod-ci-sensitive', 'prod-sensitive'],
    ['tz-prod-image-builder', 'prod'],
  ])('%s is trusted from one repository and the environment %s, by name', (RoleName, environment) => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName,
      MaxSessionDuration: 3600,
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Effect: 'Allow',
            Principal: { Federated: Match.stringLikeRegexp('oidc-provider/token.actions') },
            Condition: {
              StringEquals: {
                'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
                'token.actions.githubusercontent.com:sub': `repo:example/tenant-zero:environment:${environment}`,
              },
            },
          },
        ],
      },
    });
  });

  const statementsOf = (role: string): Statement[] =>
    Object.values(template.findResources('AWS::IAM::Policy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

  test('each deployer assumes the roles of its own bootstrap', () => {
    const deploy = (qualifier: string) => ({
      action: 'sts:AssumeRole',
      resource: `arn:aws:iam::${account}:role/cdk-${qualifier}-deploy-role-${account}-${region}`,
    });
    expect(decide(statementsOf('CiPlatformRole'), deploy('tzprod'))).toBe('allow');
    expect(decide(statementsOf('CiPlatformRole'), deploy('tzprodsens'))).toBe('no statement');
    expect(decide(statementsOf('CiSensitiveRole'), deploy('tzprodsens'))).toBe('allow');
    expect(decide(statementsOf('CiSensitiveRole'), deploy('tzprod'))).toBe('no statement');
  });

  test('the sensitive deployer also reaches where Identity Center is administered', () => {
    const { identityCenter } = stage;
    const elsewhere = stageNamed('prod', {
      identityCenter: { ...identityCenter, account: '888888888888', region: 'us-east-1' },
    });
    const text = JSON.stringify(
      Template.fromStack(new FoundationStack(testApp(), 'Foundation', { stage: elsewhere })).findResources(
        'AWS::IAM::Policy',
      ),
    );
    expect(text).toContain(
      'arn:aws:iam::888888888888:role/cdk-tzprodsens-deploy-role-888888888888-us-east-1',
    );
    expect(text).not.toContain('arn:aws:iam::888888888888:role/cdk-tzprod-deploy');
  });

  test('no deployer acts as CloudFormation, and the builder deploys nothing', () => {
    const actions = ['CiPlatformRole', 'CiSensitiveRole', 'ImageBuilderRole'].flatMap(statementsOf);
    expect(JSON.stringify(actions)).not.toContain('cfn-exec');
    expect(JSON.stringify(statementsOf('ImageBuilderRole'))).not.toContain('sts:');
  });

  test('a stage without the provider makes none', () => {
    const { github } = stage;
    const without = stageNamed('prod', { github: { ...github, createProvider: false } });
    Template.fromStack(new FoundationStack(testApp(), 'Foundation', { stage: without })).resourceCountIs(
      'AWS::IAM::OIDCProvider',
      0,
    );
    template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
  });
});

describe('images', () => {
  test('a tag is written once, scanned and encrypted', () => {
    template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: 'tenant-zero/app',
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS' },
    });
  });

  test('one role pushes, and only administrators change what is there', () => {
    const [repository] = Object.values(template.findResources('AWS::ECR::Repository'));
    const resolved = JSON.parse(
      JSON.stringify(repository?.Properties.RepositoryPolicyText).replace(
        /\{"Fn::GetAtt":\["ImageBuilder[^\]]*\]\}/,
        JSON.stringify(roles.imageBuilder.arn),
      ),
    );
    const refused = (principal: string, action: string) =>
      decide(resolved.Statement, { action, context: { 'aws:PrincipalArn': principal } }) === 'deny';
    expect(refused(roles.imageBuilder.arn, 'ecr:PutImage')).toBe(false);
    expect(refused(roles.ciPlatform.arn, 'ecr:PutImage')).toBe(true);
    expect(refused(anybody, 'ecr:PutImage')).toBe(true);
    expect(refused(roles.imageBuilder.arn, 'ecr:BatchDeleteImage')).toBe(true);
    expect(refused(names.execution.sensitive, 'ecr:SetRepositoryPolicy')).toBe(false);
    expect(refused(names.execution.platform, 'ecr:SetRepositoryPolicy')).toBe(true);
  });
});

test('access logs come from services, for things of this account', () => {
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Principal: { Service: 'logging.s3.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': account } },
        }),
        Match.objectLike({
          Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
          Resource: { 'Fn::Join': ['', [Match.anyValue(), `/alb/AWSLogs/${account}/*`]] },
        }),
      ]),
    },
  });
});
