/**
 * Service control policies: what nobody in the stage's account may do, its administrators included, but for who deploys the
 * sensitive stacks. Where somebody else manages the organization, these are a proposal to them.
 */
import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import { Construct } from 'constructs';
import type { Names } from '../names';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
const MAX_CHARACTERS = 5120;

export interface GuardrailsProps {
  readonly names: Names;
  /** ARNs of roles that manage the sensitive class. */
  readonly exempt: readonly string[];
  /** Organizational units, accounts, or the root. */
  readonly targets: readonly string[];
}

interface Guardrail {
  readonly description: string;
  readonly statements: readonly object[];
}

export class Guardrails extends Construct {
  constructor(scope: Construct, id: string, { names, exempt, targets }: GuardrailsProps) {
    super(scope, id);
    for (const [name, { description, statements }] of Object.entries(guardrails(names, exempt))) {
      const content = { Version: '2012-10-17', Statement: statements };
      const size = JSON.stringify(content).length;
      if (size > MAX_CHARACTERS)
        throw new Error(`the guardrail ${name} has ${size} characters of ${MAX_CHARACTERS}`);
      new CfnPolicy(this, name, {
        name: `${names.prefix}-${name.toLowerCase()}`,
        description,
        type: 'SERVICE_CONTROL_POLICY',
        content,
        targetIds: [...targets],
      });
    }
  }
}

function guardrails(names: Names, exempt: readonly string[]): Record<string, Guardrail> {
  const { buckets, boundary, secrets, trail, account, prefix } = names;
  const deny = (Sid: string, Action: string[], Resource: string | string[] = '*', Condition?: object) => ({
    Sid,
    Effect: 'Deny',
    Action: [...Action].sort(),
    Resource,
    ...(Condition ? { Condition } : {}),
  });
  const unlessExempt = { ArnNotLike: { 'aws:PrincipalArn': [...exempt].sort() } };
  const records = [buckets.audit, buckets.transcripts].flatMap((name) => [
    `arn:aws:s3:::${name}`,
    `arn:aws:s3:::${name}/*`,
  ]);
  return {
    Records: {
      description: 'What was recorded stays, and recording goes on',
      statements: [
        deny(
          'Trail',
          [
            'cloudtrail:DeleteTrail',
            'cloudtrail:PutEventSelectors',
            'cloudtrail:StopLogging',
            'cloudtrail:UpdateTrail',
          ],
          trail.arn,
          unlessExempt,
        ),
        // Nobody, not even the deployer: an entry ends with its retention.
        deny(
          'Entries',
          ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
          records,
        ),
        deny(
          'Buckets',
          [
            's3:DeleteBucket',
            's3:DeleteBucketPolicy',
            's3:PutBucketPolicy',
            's3:PutBucketVersioning',
            's3:PutEncryptionConfiguration',
            's3:PutLifecycleConfiguration',
          ],
          records,
          unlessExempt,
        ),
        deny(
          'LogGroups',
          [
            'logs:DeleteLogGroup',
            'logs:DeleteLogStream',
            'logs:PutRetentionPolicy',
            'logs:PutSubscriptionFilter',
          ],
          [
            names.logGroups.database,
            names.logGroups.instance,
            names.logGroups.transcripts,
            names.logGroups.trail,
          ].flatMap(({ arn }) => [arn, `${arn}:*`]),
          unlessExempt,
        ),
      ],
    },
    Sensitive: {
      description: 'The sensitive class is changed by its deployer only',
      statements: [
        deny(
          'Secrets',
          [
            'secretsmanager:DeleteResourcePolicy',
            'secretsmanager:DeleteSecret',
            'secretsmanager:PutResourcePolicy',
            'secretsmanager:ReplicateSecretToRegions',
            'secretsmanager:UpdateSecret',
          ],
          secrets.all,
          unlessExempt,
        ),
        deny(
          'Keys',
          ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:UpdateAlias'],
          `arn:aws:kms:*:${account}:key/*`,
          {
            ...unlessExempt,
            'ForAnyValue:StringLike': {
              'kms:ResourceAliases': [`alias/${prefix}-audit`, `alias/${prefix}-se*`],
            },
          },
        ),
        deny(
          'Boundary',
          [
            'iam:CreatePolicyVersion',
            'iam:DeletePolicy',
            'iam:DeletePolicyVersion',
            'iam:SetDefaultPolicyVersion',
          ],
          boundary.arn,
          unlessExempt,
        ),
        deny(
          'RolesKeepTheirBoundary',
          ['iam:DeleteRolePermissionsBoundary'],
          `arn:aws:iam::${account}:role/${prefix}-*`,
        ),
      ],
    },
    Identities: {
      description: 'People come through Identity Center, and the account stays where it is',
      statements: [
        deny('NoUsers', ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:CreateUser']),
        deny('Stay', ['account:CloseAccount', 'organizations:LeaveOrganization']),
        deny(
          'ReservedRoles',
          [
            'iam:AttachRolePolicy',
            'iam:DeleteRole*',
            'iam:PutRole*',
            'iam:UpdateAssumeRolePolicy',
            'iam:UpdateRole',
          ],
          `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/*`,
          { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/aws-service-role/sso.amazonaws.com/*' } },
        ),
      ],
    },
  };
}
