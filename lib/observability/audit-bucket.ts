/**
 * Where the record lies: the trail, and the heads of the ledger that the approvals put there. Read by the auditor, deleted by
 * nobody before its time.
 */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LEDGER_FOLDER } from '../../lambda/approvals/contract';
import { PrivateBucket } from '../storage/private-bucket';

/** CloudTrail names it so. */
const TRAIL_FOLDER = 'AWSLogs';

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
  /** ARN of the role that puts heads of the ledger into their folder, and compares those that are there. */
  readonly ledgerWriter: string;
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
        // Not where the heads of the ledger lie.
        resources: [this.arnForObjects(`${TRAIL_FOLDER}/*`)],
        conditions,
      }),
    );
    const refuse = (sid: string, actions: string[], conditions: Record<string, object>, objects = '*') =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions,
          resources: [this.arnForObjects(objects)],
          conditions,
        }),
      );
    const read = ['s3:GetObject', 's3:GetObjectVersion'];
    const allBut = (...arns: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': arns } });
    refuse('ReadByOthers', read, allBut(...props.readers, props.ledgerWriter));
    refuse('ReadTrailByOthers', read, allBut(...props.readers), `${TRAIL_FOLDER}/*`);
    // A forged entry is as bad as a deleted one. Services are let in by name above.
    refuse('WriteByOthers', ['s3:PutObject', 's3:ReplicateObject', 's3:RestoreObject'], {
      ...allBut(props.ledgerWriter),
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    });
    // The lock keeps each version; without this a newer one of the same name would hide it.
    refuse('HeadsOnce', ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' } }, `${LEDGER_FOLDER}/*`);
    refuse('Delete', ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'], {});
    this.refuseManagementByOthers(props.administrators);
  }
}
