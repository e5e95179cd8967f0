/** The vault: what goes in, what never comes out before its time, and who hears of a copy that was not made. */
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Backups } from '../../../lib/data/backups';
import { testStack } from './surroundings';

const VAULT = 'AWS::Backup::BackupVault';
const DATABASE = 'arn:aws:rds:eu-central-1:111122223333:cluster:tz-test-database';
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:tz-test-alerts';

function synthesized(locked: boolean): Template {
  const stack = testStack();
  new Backups(stack, 'Backups', {
    name: 'tz-test-database',
    databaseArn: DATABASE,
    retention: Duration.days(35),
    locked,
    alerts: Topic.fromTopicArn(stack, 'Alerts', TOPIC),
  });
  return Template.fromStack(stack);
}

let locked: Template;
let open: Template;

beforeAll(() => {
  locked = synthesized(true);
  open = synthesized(false);
});

test('every day a copy of this database, and of nothing else, kept for as long as was asked', () => {
  locked.hasResourceProperties('AWS::Backup::BackupPlan', {
    BackupPlan: {
      BackupPlanRule: [
        Match.objectLike({
          ScheduleExpression: 'cron(0 4 * * ? *)',
          Lifecycle: { DeleteAfterDays: 35 },
          EnableContinuousBackup: false,
        }),
      ],
    },
  });
  locked.hasResourceProperties('AWS::Backup::BackupSelection', {
    BackupSelection: { Resources: [DATABASE] },
  });
});

test('a locked vault becomes immutable after three days; an open one does not', () => {
  locked.hasResourceProperties(VAULT, { LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 3 } });
  open.hasResourceProperties(VAULT, { LockConfiguration: Match.absent() });
});

test('nobody deletes a copy, shortens its life or takes it to another vault, locked or not', () => {
  for (const template of [locked, open]) {
    template.hasResourceProperties(VAULT, {
      AccessPolicy: {
        Statement: [
          {
            Sid: 'NobodyTakesCopiesAway',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: [
              'backup:DeleteRecoveryPoint',
              'backup:DisassociateRecoveryPoint',
              'backup:UpdateRecoveryPointLifecycle',
              'backup:CopyFromBackupVault',
            ],
            Resource: '*',
          },
        ],
      },
    });
  }
});

test('the vault and its key outlive the stack', () => {
  for (const type of [VAULT, 'AWS::KMS::Key']) locked.allResources(type, { DeletionPolicy: 'Retain' });
  locked.hasResourceProperties(VAULT, {
    EncryptionKeyArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupsKey'), 'Arn'] },
  });
  locked.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
});

test('the role makes copies for this account, and cannot restore', () => {
  const [role] = Object.values(locked.findResources('AWS::IAM::Role'));
  expect(role?.Properties.ManagedPolicyArns).toHaveLength(1);
  expect(JSON.stringify(role?.Properties.ManagedPolicyArns)).toMatch(/PolicyForBackup"/);
  expect(JSON.stringify(role?.Properties)).not.toMatch(/Restores/);
  expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'backup.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    },
  ]);
  locked.resourceCountIs('AWS::IAM::Policy', 0);
});

test('a copy that was not made is heard of', () => {
  locked.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.backup'],
      'detail-type': ['Backup Job State Change'],
      detail: { state: ['FAILED', 'ABORTED', 'EXPIRED'], backupVaultName: ['tz-test-database'] },
    },
    Targets: [Match.objectLike({ Arn: TOPIC })],
  });
});
