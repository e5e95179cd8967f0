/** The policies of resources: a property of the resource, a resource of their own, or put together of permissions. */
import type { Resource } from '../assembly/assembly';
import { type Policy, parsePolicy } from '../policy/document';
import { items, type Properties, text, texts } from './properties';

/** The policy as a property of the resource itself. */
const OWN: Readonly<Record<string, string>> = {
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::KMS::ReplicaKey': 'KeyPolicy',
  'AWS::ECR::Repository': 'RepositoryPolicyText',
  'AWS::Backup::BackupVault': 'AccessPolicy',
  'AWS::EFS::FileSystem': 'FileSystemPolicy',
  'AWS::OpenSearchService::Domain': 'AccessPolicies',
  'AWS::Elasticsearch::Domain': 'AccessPolicies',
  'AWS::ApiGateway::RestApi': 'Policy',
  'AWS::EC2::VPCEndpoint': 'PolicyDocument',
  'AWS::S3::AccessPoint': 'Policy',
  'AWS::Logs::LogGroup': 'ResourcePolicyDocument',
};

/** A resource that is the policy of others: where they are named, and where its text stands. */
const APART: Readonly<Record<string, { readonly of: string; readonly document: string }>> = {
  'AWS::SecretsManager::ResourcePolicy': { of: 'SecretId', document: 'ResourcePolicy' },
  'AWS::S3::BucketPolicy': { of: 'Bucket', document: 'PolicyDocument' },
  'AWS::SNS::TopicPolicy': { of: 'Topics', document: 'PolicyDocument' },
  'AWS::SNS::TopicInlinePolicy': { of: 'TopicArn', document: 'PolicyDocument' },
  'AWS::SQS::QueuePolicy': { of: 'Queues', document: 'PolicyDocument' },
  'AWS::SQS::QueueInlinePolicy': { of: 'Queue', document: 'PolicyDocument' },
  'AWS::Kinesis::ResourcePolicy': { of: 'ResourceArn', document: 'ResourcePolicy' },
};

/** Of one resource, all that is said about it. */
export function resourcePolicies(resources: readonly Resource[]): (resource: Resource) => Policy | undefined {
  const apart = resources.flatMap((each) => {
    const { of = '', document = '' } = APART[each.type] ?? {};
    if (!of) return [];
    return texts(each.properties[of]).map((name) => ({
      name,
      by: each,
      policy: parsePolicy(each.id, each.properties[document]),
    }));
  });
  const permissions = resources.filter(({ type }) => type === 'AWS::Lambda::Permission');
  return (resource) => {
    const own = OWN[resource.type];
    const document = own === undefined ? undefined : resource.properties[own];
    const policies = document === undefined ? [] : [parsePolicy(`${resource.id} policy`, document)];
    policies.push(...apart.filter(({ by, name }) => isNamed(resource, by, name)).map(({ policy }) => policy));
    if (resource.type === 'AWS::Lambda::Function') {
      policies.push(
        ...permissions.filter((each) => isNamed(resource, each, function_(each.properties))).map(permission),
      );
    }
    if (policies.length <= 1) return policies[0];
    return {
      id: policies.map(({ id }) => id).join(' + '),
      statements: policies.flatMap(({ statements }) => statements),
      document: {
        Version: '2012-10-17',
        Statement: policies.flatMap(({ document: each }) => items((each as Properties).Statement)),
      },
    };
  };
}

/** By its ARN, or by its name from a stack of its account and region. */
function isNamed({ ref, arn, stack }: Resource, by: Resource, name: string): boolean {
  const isHere = by.stack.account === stack.account && by.stack.region === stack.region;
  if (name === '') return false;
  return (isHere && name === ref) || name === arn || (arn !== undefined && name.startsWith(`${arn}:`));
}

const function_ = (properties: Properties): string => text(properties.FunctionName) ?? '';

/** As Lambda writes it: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
function permission({ id, properties }: Resource): Policy {
  const {
    Action,
    Principal,
    SourceArn,
    SourceAccount,
    PrincipalOrgID,
    EventSourceToken,
    FunctionUrlAuthType,
    InvokedViaFunctionUrl,
  } = properties;
  const principal = text(Principal) ?? '';
  const conditions: Record<string, Record<string, string>> = {};
  const when = (operator: string, key: string, value: unknown) => {
    if (value === undefined) return;
    conditions[operator] = { ...conditions[operator], [key]: String(value) };
  };
  when('ArnLike', 'aws:SourceArn', SourceArn);
  when('StringEquals', 'aws:SourceAccount', SourceAccount);
  when('StringEquals', 'aws:PrincipalOrgID', PrincipalOrgID);
  when('StringEquals', 'lambda:EventSourceToken', EventSourceToken);
  when('StringEquals', 'lambda:FunctionUrlAuthType', FunctionUrlAuthType);
  when('Bool', 'lambda:InvokedViaFunctionUrl', InvokedViaFunctionUrl);
  const service = principal.endsWith('.amazonaws.com') || principal.endsWith('.amazonaws.com.cn');
  return parsePolicy(id, {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: principal === '*' ? '*' : { [service ? 'Service' : 'AWS']: principal },
      Action,
      Resource: '*',
      Condition: conditions,
    },
  });
}
