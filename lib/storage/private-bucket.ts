/** A bucket that nobody reads by accident: encrypted, versioned, TLS only, its accesses logged. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { COMPLIANCE, inPacks } from '../nag/standing';

/** What makes everything else that the bucket's policy says void, or lets objects go by themselves. */
const MANAGE = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketLogging',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPolicy',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
];

export interface PrivateBucketProps {
  /** Physical name: policies refer to it. */
  readonly bucketName: string;
  /** `undefined` only for what AWS delivers with its own encryption alone: access logs of buckets and load balancers. */
  readonly encryptionKey: IKey | undefined;
  /** Name of the bucket that records who read this one; `undefined` only for that bucket itself. */
  readonly accessLogs: string | undefined;
  readonly removalPolicy: RemovalPolicy;
  /** @default - objects are kept */
  readonly lifecycleRules?: BucketProps['lifecycleRules'];
  /** Immutable for as long. @default - versions can be deleted by whoever may delete versions */
  readonly objectLockDefaultRetention?: BucketProps['objectLockDefaultRetention'];
}

export class PrivateBucket extends Bucket {
  constructor(scope: Construct, id: string, { encryptionKey, accessLogs, ...props }: PrivateBucketProps) {
    super(scope, id, {
      ...props,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      ...(props.objectLockDefaultRetention ? { objectLockEnabled: true } : {}),
    });
    acknowledge(this, {
      rules: inPacks('S3BucketReplicationEnabled', ...COMPLIANCE),
      reason:
        'One region by design: a copy elsewhere is one more place to guard. Versions are kept, and S3 keeps an object in three zones',
      owner: 'platform',
      until: '2027-11-30',
    });
    // By name: the bucket for logs stands in another stack, and its policy admits every bucket of the account.
    if (accessLogs) {
      (this.node.defaultChild as CfnBucket).loggingConfiguration = {
        destinationBucketName: accessLogs,
        logFilePrefix: `s3/${props.bucketName}/`,
      };
    }
  }

  /**
   * Of a bucket that holds a record. Whoever locked themselves out all the same: the root user of the account can delete
   * the policy of a bucket whatever it says (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html).
   *
   * @param administrators - ARNs of the roles that may change the bucket; at least one of them deploys it
   */
  refuseManagementByOthers(administrators: readonly string[]): void {
    if (administrators.length === 0)
      throw new Error('a bucket that nobody manages could never be changed again');
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ManageByOthers',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...MANAGE],
        resources: [this.bucketArn],
        conditions: { ArnNotLike: { 'aws:PrincipalArn': [...administrators] } },
      }),
    );
  }
}

/** Kept where the stage keeps, else deleted, if it is empty: the CDK's own emptying would need a function with power. */
export const removalOf = (protection: 'disposable' | 'retained'): RemovalPolicy =>
  protection === 'retained' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
