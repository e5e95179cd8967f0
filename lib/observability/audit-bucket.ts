/** Where the record lies: written by the trail, read by the auditor, deleted by nobody before its time. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PrivateBucket } from '../storage/private-bucket';

export interface AuditBucketProps {
  readonly bucketName: string;
  readonly encryptionKey: IKey;
  readonly accessLogs: string;
  readonly removalPolicy: RemovalPolicy;
  /** For so long nobody deletes an entry: not its owner, not the root of the account. */
  readonly lockFor: Duration;
  /** `compliance`: nobody at all. `governance`: for stages that are thrown away. */
  readonly lock: 'compliance' | 'governance';
  readonly trailArn: string;
  /** Roles that read it, as patterns. */
  readonly readers: readonly string[];
  /** ARNs of the roles that may change the bucket itself. */
  readonly administrators: readonly string[];
}

export class AuditBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    const { bucketName, encryptionKey, accessLogs, removalPolicy, lockFor, lock } = props;
    super(scope, id, {
      bucketName,
      encryptionKey,
      accessLogs,
      removalPolicy,
      objectLockDefaultRetention:
        lock === 'compliance'
          ? ObjectLockRetention.compliance(lockFor)
          : ObjectLockRetention.governance(lockFor),
    });
    const trail = new ServicePrincipal('cloudtrail.amazonaws.com');
    const conditions = { StringEquals: { 'aws:SourceArn': props.trailArn } };
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailLooks',
        principals: [trail],
        actions: ['s3:GetBucketAcl'],
        resources: [this.bucketArn],
        conditions,
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailWrites',
        principals: [trail],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions,
      }),
    );
    const refuse = (sid: string, actions: string[], conditions: Record<string, object>) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: [this.arnForObjects('*')],
          conditions,
        }),
      );
    refuse('ReadByOthers', ['s3:GetObject', 's3:GetObjectVersion'], {
      ArnNotLike: { 'aws:PrincipalArn': [...props.readers] },
    });
    refuse('Delete', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'], {});
    this.refuseManagementByOthers(props.administrators);
  }
}
