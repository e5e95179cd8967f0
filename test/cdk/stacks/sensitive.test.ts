/** Who opens what in the sensitive class, as its key and its secrets say it. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { namesOf } from '../../../lib/names';
import { SensitiveStack } from '../../../lib/stacks/sensitive';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

const stage = stageNamed('prod');
const names = namesOf(stage);
const { account, region } = stage;
const administrator = 'arn:aws:iam::333333333333:role/sensitive-administrator';
const persona = (name: string) => names.personaRole(name).replaceAll('?', '0');

let template: Template;

beforeAll(() => {
  template = Template.fromStack(new SensitiveStack(testApp(), 'Sensitive', { stage }));
});

function keyPolicy(alias: string): Statement[] {
  const [found] = Object.values(
    template.findResources('AWS::KMS::Alias', { Properties: { AliasName: alias } }),
  );
  const id = found?.Properties.TargetKeyId['Fn::GetAtt'][0];
  return template.findResources('AWS::KMS::Key')[id]?.Properties.KeyPolicy.Statement;
}

/** Of the key policy alone: statements for the account itself are narrowed by the caller's ARN. */
function mayUseKey(alias: string, principal: string, action: string, context: Record<string, string> = {}) {
  const statements = keyPolicy(alias).filter(({ Principal }) => {
    const who = [(Principal as { AWS?: string | string[] }).AWS].flat();
    return who.includes(principal) || who.includes(`arn:aws:iam::${account}:root`);
  });
  return decide(statements, { action, context: { 'aws:PrincipalArn': principal, ...context } }) === 'allow';
}

const asSecret = (secret: { arn: string }) => ({
  'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
  'kms:EncryptionContext:SecretARN': secret.arn.replaceAll('?', 'x').replaceAll('*', 'x'),
});

const SENSITIVE = 'alias/tz-prod-sensitive';
const SESSION = 'alias/tz-prod-session';
const { roles, secrets, execution } = names;

describe('the sensitive key', () => {
  const everybody = {
    ...Object.fromEntries(Object.entries(roles).map(([name, { arn }]) => [name, arn])),
    ...Object.fromEntries(
      ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover', 'SecurityAuditor'].map((name) => [
        name,
        persona(name),
      ]),
    ),
    platformExecution: execution.platform,
    sensitiveExecution: execution.sensitive,
    administrator,
    otherAdministrator: `arn:aws:iam::${account}:role/Admin`,
  };

  test.each<[string, { arn: string }, string[]]>([
    [
      'the break-glass login',
      secrets.breakGlass,
      ['databaseBootstrap', 'secretRotation', 'BreakGlassAdmin', 'sensitiveExecution'],
    ],
    [
      'the auditor login',
      secrets.auditor,
      ['databaseBootstrap', 'secretRotation', 'SecurityAuditor', 'sensitiveExecution'],
    ],
    [
      'the token-signing keys',
      secrets.tokenKeys,
      ['backendTask', 'secretRotation', 'approvals', 'sensitiveExecution'],
    ],
    [
      'the session-signing keys',
      secrets.sessionKeys,
      ['backendTask', 'secretRotation', 'sensitiveExecution'],
    ],
    ['the seed of an approver', secrets.approver('ada'), ['approvals', 'sensitiveExecution']],
    ['the login of the master', { arn: secrets.master }, ['databaseBootstrap', 'platformExecution']],
  ])('%s is decrypted by those who need it, and by nobody else', (_, secret, who) => {
    const may = Object.entries(everybody).flatMap(([name, arn]) =>
      mayUseKey(SENSITIVE, arn, 'kms:Decrypt', asSecret(secret)) ? [name] : [],
    );
    expect(may).toEqual(who);
  });

  test('whoever may read a secret cannot use the key for anything else', () => {
    const backend = roles.backendTask.arn;
    expect(mayUseKey(SENSITIVE, backend, 'kms:Decrypt', asSecret(secrets.tokenKeys))).toBe(true);
    expect(mayUseKey(SENSITIVE, backend, 'kms:Decrypt')).toBe(false);
    expect(mayUseKey(SENSITIVE, backend, 'kms:Decrypt', asSecret(secrets.breakGlass))).toBe(false);
    expect(
      mayUseKey(SENSITIVE, backend, 'kms:Decrypt', {
        ...asSecret(secrets.tokenKeys),
        'kms:ViaService': `s3.${region}.amazonaws.com`,
      }),
    ).toBe(false);
  });

  test('has a named administrator, who can change the policy and cannot decrypt', () => {
    for (const each of [administrator, execution.sensitive]) {
      expect(mayUseKey(SENSITIVE, each, 'kms:PutKeyPolicy')).toBe(true);
      expect(mayUseKey(SENSITIVE, each, 'kms:Decrypt')).toBe(false);
      expect(mayUseKey(SENSITIVE, each, 'kms:CreateGrant')).toBe(false);
    }
    expect(mayUseKey(SENSITIVE, everybody.otherAdministrator, 'kms:PutKeyPolicy')).toBe(false);
    expect(mayUseKey(SENSITIVE, execution.platform, 'kms:PutKeyPolicy')).toBe(false);
  });

  test('grants only to services of AWS, for the database', () => {
    const context = { 'kms:ViaService': `rds.${region}.amazonaws.com`, 'kms:GrantIsForAWSResource': 'true' };
    expect(mayUseKey(SENSITIVE, execution.platform, 'kms:CreateGrant', context)).toBe(true);
    expect(
      mayUseKey(SENSITIVE, execution.platform, 'kms:CreateGrant', {
        ...context,
        'kms:GrantIsForAWSResource': 'false',
      }),
    ).toBe(false);
  });

  test.each([SENSITIVE, SESSION])('%s delegates nothing to the account', (alias) => {
    const ofAccount = keyPolicy(alias).filter(({ Principal }) => JSON.stringify(Principal).includes(':root'));
    expect(ofAccount.length).toBeGreaterThan(0);
    for (const { Condition } of ofAccount) {
      expect(Condition?.ArnLike?.['aws:PrincipalArn']).toBeDefined();
      expect([Condition?.ArnLike?.['aws:PrincipalArn']].flat()).not.toContain('*');
    }
  });

  test('encrypts the log groups of the class and no others', () => {
    const [statement] = keyPolicy(SENSITIVE).filter(({ Principal }) =>
      JSON.stringify(Principal).includes('logs.'),
    );
    expect(statement?.Condition).toEqual({
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': [names.logGroups.database.arn, names.logGroups.transcripts.arn],
      },
    });
  });
});

test('the key of sessions opens no secret, and the sensitive key no session', () => {
  expect(mayUseKey(SESSION, persona('ProdEngineer'), 'kms:GenerateDataKey')).toBe(true);
  expect(mayUseKey(SESSION, roles.supportShellTask.arn, 'kms:Decrypt')).toBe(true);
  expect(mayUseKey(SENSITIVE, persona('ProdEngineer'), 'kms:GenerateDataKey')).toBe(false);
  expect(mayUseKey(SENSITIVE, roles.supportShellTask.arn, 'kms:Decrypt')).toBe(false);
  expect(mayUseKey(SESSION, persona('SecurityAuditor'), 'kms:GenerateDataKey')).toBe(false);
});

describe('the policy of each secret', () => {
  const policies = () => {
    const byId = template.findResources('AWS::SecretsManager::Secret');
    return Object.values(template.findResources('AWS::SecretsManager::ResourcePolicy')).map(
      ({ Properties }) => ({
        name: byId[Properties.SecretId.Ref]?.Properties.Name as string,
        statements: Properties.ResourcePolicy.Statement as Statement[],
        blockPublicPolicy: Properties.BlockPublicPolicy,
      }),
    );
  };
  const refuses = (statements: readonly Statement[], principal: string | undefined, action: string) =>
    decide(statements, { action, context: principal ? { 'aws:PrincipalArn': principal } : {} }) === 'deny';

  test('exists once for every secret', () => {
    expect(
      policies()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'tz-prod/sensitive/approver/ada',
      'tz-prod/sensitive/approver/grace',
      'tz-prod/sensitive/auditor-login',
      'tz-prod/sensitive/break-glass-login',
      'tz-prod/sensitive/session-signing-keys',
      'tz-prod/sensitive/token-signing-keys',
    ]);
    expect(policies().every(({ blockPublicPolicy }) => blockPublicPolicy === true)).toBe(true);
  });

  test.each([
    'secretsmanager:GetSecretValue',
    'secretsmanager:BatchGetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
    'secretsmanager:UpdateSecret',
    'secretsmanager:PutResourcePolicy',
    'secretsmanager:DeleteResourcePolicy',
    'secretsmanager:ReplicateSecretToRegions',
    'secretsmanager:DeleteSecret',
    'secretsmanager:RotateSecret',
    'secretsmanager:TagResource',
  ])(
    'refuses %s to administrators of the account, the other deployer and callers without a name',
    (action) => {
      for (const { statements } of policies()) {
        expect(refuses(statements, `arn:aws:iam::${account}:role/Admin`, action)).toBe(true);
        expect(refuses(statements, execution.platform, action)).toBe(true);
        expect(refuses(statements, persona('ProdEngineer'), action)).toBe(true);
        expect(refuses(statements, undefined, action)).toBe(true);
      }
    },
  );

  test('lets the ones who manage a secret manage it, and not read it', () => {
    for (const { statements } of policies()) {
      for (const each of [administrator, execution.sensitive]) {
        expect(refuses(statements, each, 'secretsmanager:PutResourcePolicy')).toBe(false);
        expect(refuses(statements, each, 'secretsmanager:GetSecretValue')).toBe(true);
        expect(refuses(statements, each, 'secretsmanager:PutSecretValue')).toBe(true);
      }
    }
  });

  test('lets a reader read', () => {
    const of = (name: string) => policies().find((each) => each.name.endsWith(name))?.statements ?? [];
    const read = 'secretsmanager:GetSecretValue';
    expect(refuses(of('break-glass-login'), persona('BreakGlassAdmin'), read)).toBe(false);
    expect(refuses(of('token-signing-keys'), roles.backendTask.arn, read)).toBe(false);
    expect(refuses(of('token-signing-keys'), persona('BreakGlassAdmin'), read)).toBe(true);
    // A permission set whose name only begins alike.
    expect(
      refuses(of('break-glass-login'), persona('BreakGlassAdmin').replace('Admin_', 'AdminLite_'), read),
    ).toBe(true);
  });
});

test('a seed that was never set up is no seed', () => {
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'tz-prod/sensitive/approver/ada',
    GenerateSecretString: { SecretStringTemplate: '{"approver":"ada","seed":null}' },
  });
});

test('statements of the database and transcripts lie in log groups of the key, and are kept', () => {
  for (const LogGroupName of [names.logGroups.database.name, names.logGroups.transcripts.name]) {
    template.hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Retain',
      Properties: { LogGroupName, KmsKeyId: Match.anyValue(), RetentionInDays: 365 },
    });
  }
});

test('transcripts: the task writes, the auditor reads, nobody deletes', () => {
  const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
  const refused = (principal: string, action: string) =>
    decide(
      policy?.Properties.PolicyDocument.Statement.filter(({ Sid }: { Sid?: string }) => Sid),
      {
        action,
        context: { 'aws:PrincipalArn': principal },
      },
    ) === 'deny';
  expect(refused(roles.supportShellTask.arn, 's3:PutObject')).toBe(false);
  expect(refused(roles.supportShellTask.arn, 's3:GetObject')).toBe(true);
  expect(refused(persona('SecurityAuditor'), 's3:GetObject')).toBe(false);
  expect(refused(persona('SecurityAuditor'), 's3:PutObject')).toBe(true);
  expect(refused(administrator, 's3:DeleteObjectVersion')).toBe(true);
});

test('a stage with one instance has the log group of the instance', () => {
  const { database } = stageNamed('dev');
  const engine = { kind: 'instance', instanceType: 't4g.medium', storageGib: 50, multiAz: false } as const;
  const other = Template.fromStack(
    new SensitiveStack(testApp(), 'Sensitive', {
      stage: stageNamed('dev', { database: { ...database, engine } }),
    }),
  );
  other.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete',
    Properties: { LogGroupName: '/aws/rds/instance/tz-dev-database/postgresql' },
  });
});
