/** Who read the other buckets, and who asked the load balancer: delivered by services of AWS, for buckets of this account. */
import { Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../nag/acknowledge';
import { PrivateBucket } from './private-bucket';

export interface AccessLogsBucketProps {
  readonly bucketName: string;
  readonly keepFor: Duration;
  readonly removalPolicy: RemovalPolicy;
}

export class AccessLogsBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { bucketName, keepFor, removalPolicy }: AccessLogsBucketProps) {
    super(scope, id, {
      bucketName,
      // S3 and load balancers deliver to no bucket with a key of ours.
      encryptionKey: undefined,
      // Its own log would log itself.
      accessLogs: undefined,
      removalPolicy,
      lifecycleRules: [{ expiration: keepFor, noncurrentVersionExpiration: Duration.days(7) }],
    });
    const { account } = Stack.of(this);
    const admit = (sid: string, service: string, path: string, conditions = {}) =>
      this.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals: [new ServicePrincipal(service)],
          actions: ['s3:PutObject'],
          resources: [this.arnForObjects(path)],
          conditions,
        }),
      );
    admit('Buckets', 'logging.s3.amazonaws.com', 's3/*', { StringEquals: { 'aws:SourceAccount': account } });
    // The service writes below the account of the load balancer, and says no more about where a request comes from.
    admit('LoadBalancers', 'logdelivery.elasticloadbalancing.amazonaws.com', `alb/AWSLogs/${account}/*`);
    acknowledge(this, {
      rules: [
        'AwsSolutions-S1',
        ...['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(
          (each) => `${each}-S3BucketLoggingEnabled`,
        ),
      ],
      reason: 'It holds the access logs of the other buckets; its own would log themselves',
      owner: 'platform',
      until: '2027-11-30',
    });
    acknowledge(this, {
      rules: ['HIPAA.Security', 'NIST.800.53.R5', 'PCI.DSS.321'].map(
        (each) => `${each}-S3DefaultEncryptionKMS`,
      ),
      reason: 'S3 and load balancers deliver access logs to no bucket with a customer key',
      owner: 'platform',
      until: '2027-11-30',
    });
  }
}
