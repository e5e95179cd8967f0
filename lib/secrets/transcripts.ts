/** What was typed and shown in support shells: written by the shell's task, read by the auditor, changed by nobody. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PrivateBucket } from '../storage/private-bucket';

export interface TranscriptsProps {
  readonly bucketName: string;
  readonly logGroupName: string;
  readonly encryptionKey: IKey;
  /** Name of the bucket that records who read this one. */
  readonly accessLogs: string;
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Roles as patterns of `aws:PrincipalArn`. */
  readonly writer: string;
  readonly reader: string;
  /** ARNs of the roles that may change the bucket itself. */
  readonly administrators: readonly string[];
}

export class Transcripts extends Construct {
  readonly bucket: PrivateBucket;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: TranscriptsProps) {
    super(scope, id);
    const { encryptionKey, removalPolicy } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: props.logGroupName,
      encryptionKey,
      retention: props.retention,
      removalPolicy,
    });
    this.bucket = new PrivateBucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryptionKey,
      accessLogs: props.accessLogs,
      removalPolicy,
    });
    const refuse = (sid: string, actions: string[], allBut: string | undefined) =>
      this.bucket.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: [this.bucket.arnForObjects('*')],
          ...(allBut && { conditions: { ArnNotLike: { 'aws:PrincipalArn': allBut } } }),
        }),
      );
    refuse('ReadByOthers', ['s3:GetObject', 's3:GetObjectVersion'], props.reader);
    refuse('WriteByOthers', ['s3:PutObject', 's3:ReplicateObject', 's3:RestoreObject'], props.writer);
    refuse('Delete', ['s3:DeleteObject', 's3:DeleteObjectVersion'], undefined);
    this.bucket.refuseManagementByOthers(props.administrators);
  }
}
