/** The key of the sensitive class: each reader decrypts exactly the secrets that it may read, and only as secrets. */
import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Audience } from './audience';
import { GuardedKey, type GuardedKeyProps } from './guarded-key';
import { rolesOf } from './principals';

export interface SensitiveKeyProps extends GuardedKeyProps {
  /** ARN pattern of each secret, and who has to do with it. */
  readonly secrets: readonly { readonly arn: string; readonly audience: Audience }[];
  /** Makes the secrets: Secrets Manager encrypts as whoever calls it. */
  readonly deployer: string;
  /** The login of the database's master, which RDS makes on behalf of `deployer` and `reader` uses. */
  readonly master: { readonly arn: string; readonly deployer: string; readonly reader: string };
  /** ARNs of the log groups that this key encrypts, and of no others. */
  readonly logGroups: readonly string[];
  /** The bucket of transcripts: who writes into it, who reads it. */
  readonly transcripts: { readonly bucketArn: string; readonly writer: string; readonly reader: string };
}

export class SensitiveKey extends GuardedKey {
  constructor(scope: Construct, id: string, props: SensitiveKeyProps) {
    super(scope, id, props);
    const { secrets, deployer, master, logGroups, transcripts } = props;
    const { account, region } = Stack.of(this);
    const via = (service: string) => ({ 'kms:ViaService': `${service}.${region}.amazonaws.com` });
    const rolesMay = (sid: string, roles: readonly string[], actions: string[], conditions: object) =>
      this.allow({
        sid,
        principals: [rolesOf(account, roles)],
        actions,

        conditions: conditions as Record<string, Record<string, unknown>>,
      });
    const asSecret = (arns: readonly string[]) => ({
      StringEquals: via('secretsmanager'),
      ArnLike: { 'kms:EncryptionContext:SecretARN': [...arns].sort() },
    });

    for (const [index, { roles, arns }] of grouped(secrets, 'readers').entries()) {
      rolesMay(`ReadSecrets${index + 1}`, roles, ['kms:Decrypt'], asSecret(arns));
    }
    for (const [index, { roles, arns }] of grouped(secrets, 'writers').entries()) {
      rolesMay(`WriteSecrets${index + 1}`, roles, ['kms:Decrypt', 'kms:GenerateDataKey'], asSecret(arns));
    }
    rolesMay(
      'MakeSecrets',
      [deployer],
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      asSecret(secrets.map(({ arn }) => arn)),
    );
    rolesMay('ReadMaster', [master.reader], ['kms:Decrypt'], asSecret([master.arn]));
    rolesMay('MakeMaster', [master.deployer], ['kms:Decrypt', 'kms:GenerateDataKey'], asSecret([master.arn]));
    rolesMay('DescribeForDatabase', [master.deployer], ['kms:DescribeKey'], {});
    // RDS rotates the master's login by a grant: for a service of AWS, never for a role.
    rolesMay('GrantToDatabase', [master.deployer], ['kms:CreateGrant'], {
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
      StringEquals: {
        'kms:ViaService': ['rds', 'secretsmanager'].map((each) => via(each)['kms:ViaService']),
      },
    });

    this.allow({
      sid: 'SensitiveLogGroups',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],

      conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': [...logGroups] } },
    });
    const inBucket = {
      StringEquals: via('s3'),
      ArnLike: { 'kms:EncryptionContext:aws:s3:arn': [transcripts.bucketArn, `${transcripts.bucketArn}/*`] },
    };
    rolesMay('WriteTranscripts', [transcripts.writer], ['kms:Decrypt', 'kms:GenerateDataKey'], inBucket);
    rolesMay('ReadTranscripts', [transcripts.reader], ['kms:Decrypt'], inBucket);
  }
}

/** One statement for all secrets that the same roles have to do with. */
function grouped(secrets: SensitiveKeyProps['secrets'], part: keyof Audience) {
  const groups = new Map<string, { roles: readonly string[]; arns: string[] }>();
  for (const { arn, audience } of secrets) {
    const roles = [...audience[part]].sort();
    const group = groups.get(roles.join()) ?? { roles, arns: [] };
    group.arns.push(arn);
    groups.set(roles.join(), group);
  }
  return [...groups.values()];
}
