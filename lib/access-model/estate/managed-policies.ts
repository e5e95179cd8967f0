/**
 * Policies that AWS manages, as far as their text is short and known. Any other is unknown: it may allow everything, and
 * nothing is claimed to be allowed by it.
 */
import { type Policy, parsePolicy } from '../policy/document';

const allow = (actions: readonly string[], resources: readonly string[] = ['*']) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
});

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/** By the part of the ARN behind `policy/`. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
const KNOWN: Readonly<Record<string, readonly ReturnType<typeof allow>[]>> = {
  AdministratorAccess: [allow(['*'])],
  AWSCloudFormationReadOnlyAccess: [
    allow([
      'cloudformation:Describe*',
      'cloudformation:EstimateTemplateCost',
      'cloudformation:Get*',
      'cloudformation:List*',
      'cloudformation:ValidateTemplate',
      'cloudformation:Detect*',
    ]),
  ],
  'service-role/AWSLambdaBasicExecutionRole': [allow(LOGS)],
  'service-role/AWSLambdaVPCAccessExecutionRole': [
    allow([
      ...LOGS,
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ]),
  ],
  'service-role/AmazonECSTaskExecutionRolePolicy': [
    allow([
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]),
  ],
  'service-role/AmazonRDSEnhancedMonitoringRole': [
    allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], ['arn:aws:logs:*:*:log-group:RDS*']),
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams', 'logs:GetLogEvents'],
      ['arn:aws:logs:*:*:log-group:RDS*:log-stream:*'],
    ),
  ],
};

export function managedByAws(arn: string): Policy {
  const [, partition = 'aws', name = arn] = /^arn:([^:]+):iam::aws:policy\/(.*)$/.exec(arn) ?? [];
  const known = KNOWN[name]?.map((each) => inPartition(each, partition));
  const id = `AWS ${name}`;
  if (known) return parsePolicy(id, { Version: '2012-10-17', Statement: known });
  const services = SERVICES[name];
  if (services)
    return perhaps(
      id,
      services.map((service) => `${service}:*`),
    );
  return /ReadOnlyAccess$|^ReadOnly/.test(name) ? perhaps(id, READS) : perhapsEverything(id);
}

/** AWS writes the same policy for each partition, with the ARNs that are there. */
function inPartition(
  { Resource, ...rest }: ReturnType<typeof allow>,
  partition: string,
): ReturnType<typeof allow> {
  return { ...rest, Resource: Resource.map((each) => each.replace(/^arn:aws:/, `arn:${partition}:`)) };
}

/** Long policies that only read: what exactly changes every week. No policy of AWS may write a service as a pattern; this is ours. */
const READS = [
  'Get',
  'List',
  'Describe',
  'BatchGet',
  'Query',
  'Scan',
  'Lookup',
  'View',
  'Search',
  'Select',
  'Filter',
  'StartQuery',
  'Download',
].map((verb) => `*:${verb}*`);

/** Long policies that stay within services: which of their actions changes with every thing that can be backed up. */
const SERVICES: Readonly<Record<string, readonly string[]>> = {
  'service-role/AWSBackupServiceRolePolicyForBackup': [
    'backup',
    'backup-storage',
    'cloudformation',
    'cloudwatch',
    'dsql',
    'dynamodb',
    'ebs',
    'ec2',
    'eks',
    'elasticfilesystem',
    'events',
    'fsx',
    'kms',
    'rds',
    'redshift',
    'redshift-serverless',
    's3',
    'ssm',
    'ssm-sap',
    'storagegateway',
    'tag',
    'timestream',
  ],
};

/** A policy whose text is not in the assembly. */
export const perhapsEverything = (id: string): Policy => perhaps(id, ['*']);

function perhaps(id: string, actions: readonly string[]): Policy {
  return { ...parsePolicy(id, { Version: '2012-10-17', Statement: allow(actions) }), doubtful: true };
}

/** A boundary whose text is not in the assembly: it may limit nothing, and nothing is claimed to be within it. */
export function perhapsNothing(id: string): Policy {
  const statements = [allow(['*']), { ...allow(['*']), Effect: 'Deny' }];
  return { ...parsePolicy(id, { Version: '2012-10-17', Statement: statements }), doubtful: true };
}
