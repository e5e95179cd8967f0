/** The key of the record: the trail encrypts with it, the auditor reads with it, and no administrator of the account. */
import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LEDGER_FOLDER } from '../../lambda/approvals/contract';
import { GuardedKey, type GuardedKeyProps } from '../secrets/guarded-key';
import { rolesOf } from '../secrets/principals';

export interface AuditKeyProps extends GuardedKeyProps {
  readonly trailArn: string;
  readonly logGroupArn: string;
  /** Puts heads of the ledger into the audit bucket: ARN of the bucket, and of the role. */
  readonly ledger: { readonly bucketArn: string; readonly writer: string };
}

export class AuditKey extends GuardedKey {
  constructor(scope: Construct, id: string, props: AuditKeyProps) {
    super(scope, id, props);
    const { account, region } = Stack.of(this);
    const { trailArn, logGroupArn, ledger, auditors } = props;
    this.allow({
      sid: 'TrailEncrypts',
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:DescribeKey', 'kms:GenerateDataKey*'],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
    });
    this.allow({
      sid: 'LogOfTheTrail',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': logGroupArn } },
    });
    this.allow({
      sid: 'HeadsOfTheLedger',
      principals: [rolesOf(account, [ledger.writer])],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
        ArnLike: {
          'kms:EncryptionContext:aws:s3:arn': [ledger.bucketArn, `${ledger.bucketArn}/${LEDGER_FOLDER}/*`],
        },
      },
    });
    this.allow({
      sid: 'AuditorReads',
      principals: [rolesOf(account, auditors)],
      actions: ['kms:Decrypt'],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
    });
  }
}
