/** The policies of resources: a property of the resource, a resource of their own, or put together of permissions. */
import type { Resource } from '../assembly/assembly';
import { isMarked } from '../assembly/unresolved';
import { any, type Certainty } from '../policy/certainty';
import { type Policy, parsePolicy } from '../policy/document';
import { matches } from '../policy/pattern';
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

interface Apart {
  readonly kinds: readonly string[];
  readonly of: string;
  readonly document: string;
}

const apart = (kinds: readonly string[], of: string, document = 'PolicyDocument'): Apart => ({
  kinds,
  of,
  document,
});

/** A resource that is the policy of others: of what kind, where they are named, and where its text stands. */
const APART: Readonly<Record<string, Apart>> = {
  'AWS::SecretsManager::ResourcePolicy': apart(['AWS::SecretsManager::Secret'], 'SecretId', 'ResourcePolicy'),
  'AWS::S3::BucketPolicy': apart(['AWS::S3::Bucket'], 'Bucket'),
  'AWS::SNS::TopicPolicy': apart(['AWS::SNS::Topic'], 'Topics'),
  'AWS::SNS::TopicInlinePolicy': apart(['AWS::SNS::Topic'], 'TopicArn'),
  'AWS::SQS::QueuePolicy': apart(['AWS::SQS::Queue'], 'Queues'),
  'AWS::SQS::QueueInlinePolicy': apart(['AWS::SQS::Queue'], 'Queue'),
  'AWS::Kinesis::ResourcePolicy': apart(
    ['AWS::Kinesis::Stream', 'AWS::Kinesis::StreamConsumer'],
    'ResourceArn',
    'ResourcePolicy',
  ),
};

/** Of one resource, all that is said about it. */
export function resourcePolicies(resources: readonly Resource[]): (resource: Resource) => Policy | undefined {
  const others = resources.flatMap((each) => {
    const found = APART[each.type];
    if (!found) return [];
    const policy = parsePolicy(each.id, each.properties[found.document]);
    return [{ by: each, kinds: found.kinds, names: texts(each.properties[found.of]), policy }];
  });
  const permissions = resources.filter(({ type }) => type === 'AWS::Lambda::Permission');
  return (resource) => {
    const own = OWN[resource.type];
    const document = own === undefined ? undefined : resource.properties[own];
    const policies = document === undefined ? [] : [parsePolicy(`${resource.id} policy`, document)];
    for (const { by, kinds, names, policy } of others) {
      if (!kinds.includes(resource.type)) continue;
      policies.push(
        ...standing(
          policy,
          perhaps(
            by,
            any(names, (name) => isNamed(resource, by, name)),
          ),
        ),
      );
    }
    if (resource.type === 'AWS::Lambda::Function') {
      policies.push(
        ...permissions.flatMap((each) =>
          standing(permission(each), perhaps(each, isNamed(resource, each, function_(each.properties)))),
        ),
      );
    }
    if (policies.length <= 1) return policies[0];
    return {
      id: policies.map(({ id }) => id).join(' + '),
      // Only some of them may be in doubt.
      statements: policies.flatMap(({ statements, doubtful }) =>
        doubtful ? statements.map((each) => ({ ...each, doubtful })) : statements,
      ),
      document: {
        Version: '2012-10-17',
        Statement: policies.flatMap(({ document: each }) => items((each as Properties).Statement)),
      },
    };
  };
}

/** A resource that is there only perhaps says what it says perhaps. */
const perhaps = (by: Resource, certainty: Certainty): Certainty =>
  by.perhaps && certainty === 'yes' ? 'maybe' : certainty;

/** A policy that stands at a resource perhaps says all that it says perhaps, also when it is joined with others. */
function standing(policy: Policy, certainty: Certainty): Policy[] {
  if (certainty !== 'maybe') return certainty === 'yes' ? [policy] : [];
  const statements = policy.statements.map((each) => ({ ...each, doubtful: true }));
  return [{ ...policy, statements, doubtful: true }];
}

/** By its ARN, or by its name from a stack of its account and region; perhaps, where either is not resolved and they fit. */
function isNamed({ ref, arn, stack }: Resource, by: Resource, name: string): Certainty {
  const isHere = by.stack.account === stack.account && by.stack.region === stack.region;
  if (name === '') return 'no';
  if ((isHere && name === ref) || name === arn || (arn !== undefined && name.startsWith(`${arn}:`)))
    return 'yes';
  // Of another account's resources the policy is not written here.
  if (by.stack.account !== stack.account) return 'no';
  const own = [ref, ...(arn === undefined ? [] : [arn])];
  const fits = (each: string) =>
    isMarked(name) ? matches(name, each) !== 'no' : isMarked(each) && matches(each, name) !== 'no';
  return own.some(fits) ? 'maybe' : 'no';
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
