/** Who did what: all calls that change something, and the reads that matter, which a trail leaves out by default. */
import type { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AuditBucket } from './audit-bucket';

export interface TrailProps {
  readonly trailName: string;
  readonly logGroupName: string;
  readonly bucket: AuditBucket;
  readonly encryptionKey: IKey;
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Names of the buckets whose reads and writes are recorded. */
  readonly buckets: { readonly audit: string; readonly transcripts: string };
  /** Functions whose invocations are recorded: beginning of their ARNs. */
  readonly functions: string;
}

export class Trail extends Construct {
  /** Detectors listen here. */
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: TrailProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: props.logGroupName,
      encryptionKey: props.encryptionKey,
      retention: props.retention,
      removalPolicy: props.removalPolicy,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com'),
      description: 'Delivers the trail into its log group',
    });
    this.logGroup.grantWrite(role);
    const trail = new CfnTrail(this, 'Resource', {
      trailName: props.trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      s3BucketName: props.bucket.bucketName,
      kmsKeyId: props.encryptionKey.keyArn,
      cloudWatchLogsLogGroupArn: this.logGroup.logGroupArn,
      cloudWatchLogsRoleArn: role.roleArn,
      // The L2 construct knows no data events of the Data API.
      advancedEventSelectors: selectors(props),
    });
    // Without the policies the trail is refused.
    trail.node.addDependency(props.bucket, role);
  }
}

type Field = CfnTrail.AdvancedFieldSelectorProperty;

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html */
function selectors({ buckets, functions }: TrailProps): CfnTrail.AdvancedEventSelectorProperty[] {
  const data = (name: string, type: string, ...rest: Field[]): CfnTrail.AdvancedEventSelectorProperty => ({
    name,
    fieldSelectors: [
      { field: 'eventCategory', equalTo: ['Data'] },
      { field: 'resources.type', equalTo: [type] },
      ...rest,
    ],
  });
  const within = (...arns: string[]): Field => ({ field: 'resources.ARN', startsWith: arns });
  return [
    { name: 'Management', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
    // Statements are masked there; whose login was used is not.
    data('DataApi', 'AWS::RDS::DBCluster'),
    data('Transcripts', 'AWS::S3::Object', within(`arn:aws:s3:::${buckets.transcripts}/`)),
    // The trail's own deliveries would be recorded, delivered, recorded; an object that is there is locked.
    data('Audit', 'AWS::S3::Object', within(`arn:aws:s3:::${buckets.audit}/`), {
      field: 'eventName',
      notEquals: ['PutObject'],
    }),
    data('Functions', 'AWS::Lambda::Function', within(functions)),
  ];
}
