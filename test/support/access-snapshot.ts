/**
 * Everything in a stage's templates that gives or takes access, and nothing else, as text that a person can review: what
 * changes here changes who may do what.
 */
import { stringify } from 'yaml';
import { resourcesOf, type SynthesizedTemplate, type TemplateResource } from './templates';

/** The properties of a resource type that decide about access, and how each is shown. */
const SUBJECTS: Readonly<Record<string, Readonly<Record<string, (value: unknown) => unknown>>>> = {
  'AWS::Backup::BackupVault': { AccessPolicy: statements },
  'AWS::EC2::SecurityGroup': { SecurityGroupIngress: rules('in'), SecurityGroupEgress: rules('out') },
  'AWS::EC2::SecurityGroupEgress': { '*': rule('out') },
  'AWS::EC2::SecurityGroupIngress': { '*': rule('in') },
  'AWS::EC2::VPCEndpoint': { PolicyDocument: statements },
  'AWS::ECR::Repository': { RepositoryPolicyText: statements },
  'AWS::ECS::Service': { EnableExecuteCommand: plain },
  'AWS::IAM::ManagedPolicy': { PolicyDocument: statements },
  'AWS::IAM::OIDCProvider': { ClientIdList: plain, Url: plain },
  'AWS::IAM::Policy': { Roles: plain, PolicyDocument: statements },
  'AWS::IAM::Role': {
    AssumeRolePolicyDocument: statements,
    ManagedPolicyArns: plain,
    PermissionsBoundary: plain,
    Policies: policies,
  },
  'AWS::KMS::Key': { KeyPolicy: statements },
  'AWS::Lambda::Permission': { Action: plain, Principal: plain, SourceAccount: plain, SourceArn: plain },
  'AWS::Organizations::Policy': { Content: statements, TargetIds: plain },
  'AWS::S3::BucketPolicy': { Bucket: plain, PolicyDocument: statements },
  'AWS::SNS::TopicPolicy': { PolicyDocument: statements },
  'AWS::SSO::Assignment': { PermissionSetArn: plain, PrincipalId: plain, TargetId: plain },
  'AWS::SSO::PermissionSet': {
    CustomerManagedPolicyReferences: plain,
    InlinePolicy: statements,
    ManagedPolicies: plain,
    PermissionsBoundary: plain,
    SessionDuration: plain,
  },
  'AWS::SecretsManager::ResourcePolicy': { SecretId: plain, ResourcePolicy: statements },
};

export function accessSnapshot(templates: readonly SynthesizedTemplate[]): string {
  const shown: Record<string, Record<string, object>> = {};
  for (const resource of resourcesOf(templates)) {
    const entry = shownOf(resource);
    if (entry === undefined) continue;
    shown[resource.stack] ??= {};
    (shown[resource.stack] as Record<string, object>)[plainId(resource.id)] = entry;
  }
  return stringify(shown, { sortMapEntries: true, lineWidth: 0, aliasDuplicateObjects: false });
}

/** Resources with a policy in a property that the snapshot would leave out. */
export function unseen(templates: readonly SynthesizedTemplate[]): string[] {
  return resourcesOf(templates).flatMap(({ stack, id, Type, Properties }) =>
    Object.entries(Properties ?? {})
      .filter(([name, value]) => hasStatements(value) && !SUBJECTS[Type]?.[name])
      .map(([name]) => `${stack}/${id}: ${Type}.${name}`),
  );
}

function hasStatements(value: unknown): boolean {
  // A string of JSON holds its quotes escaped. Rules of the firewall have statements too, but no effect.
  const text = JSON.stringify(value);
  return /\\?"Statement\\?":/.test(text) && /\\?"(Effect|Statement\\?":\[\])/.test(text);
}

function shownOf({ Type, Properties = {} }: TemplateResource): object | undefined {
  const subject = SUBJECTS[Type];
  if (subject === undefined) return undefined;
  const shown: Record<string, unknown> = {};
  for (const [name, show] of Object.entries(subject)) {
    const value = name === '*' ? Properties : Properties[name];
    if (value !== undefined) shown[name === '*' ? 'rule' : name] = show(value);
  }
  return { [Type.replace(/^AWS::/, '')]: shown };
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly [element: string]: unknown;
}

function statements(document: unknown): unknown {
  // Joined from pieces, or a text already: read it as what it will be.
  const value =
    typeof document === 'object' && document && !('Statement' in document) ? plain(document) : document;
  const parsed = typeof value === 'string' ? JSON.parse(value) : value;
  return [parsed.Statement].flat().map((each: Statement) => {
    const { Sid, Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } =
      each;
    return omitUndefined({
      [`${Effect.toLowerCase()}${Sid ? ` ${Sid}` : ''}`]: sorted(Action),
      'all but': sorted(NotAction),
      on: sorted(Resource),
      'on all but': sorted(NotResource),
      to: principals(Principal),
      'to all but': principals(NotPrincipal),
      if: Condition === undefined ? undefined : plain(Condition),
    });
  });
}

function policies(value: unknown): unknown {
  return (value as { PolicyName: string; PolicyDocument: unknown }[]).map(
    ({ PolicyName, PolicyDocument }) => ({
      [PolicyName]: statements(PolicyDocument),
    }),
  );
}

function principals(value: unknown): unknown {
  if (value === undefined || typeof value === 'string') return value;
  return Object.fromEntries(Object.entries(value as object).map(([kind, who]) => [kind, sorted(who)]));
}

function rules(direction: 'in' | 'out') {
  return (value: unknown) => (value as object[]).map(rule(direction));
}

function rule(direction: 'in' | 'out') {
  return (value: unknown): string => {
    const r = plain(value) as Record<string, string | number>;
    const peer =
      r.CidrIp ??
      r.CidrIpv6 ??
      r.SourcePrefixListId ??
      r.DestinationPrefixListId ??
      r.SourceSecurityGroupId ??
      r.DestinationSecurityGroupId;
    const ports = r.FromPort === r.ToPort ? (r.FromPort ?? 'all') : `${r.FromPort}-${r.ToPort}`;
    const group = r.GroupId ? ` at ${r.GroupId}` : '';
    return `${direction}${group} ${direction === 'in' ? 'from' : 'to'} ${peer} ${r.IpProtocol} ${ports}`;
  };
}

function sorted(value: unknown): unknown {
  if (value === undefined) return undefined;
  const all = [value].flat().map((each) => plain(each));
  return all.length === 1 ? all[0] : all.map(String).sort();
}

/** Intrinsics as short text, so that a line says what it means. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const [name, argument] = Object.entries(value)[0] ?? [];
  if (Object.keys(value).length === 1) {
    if (name === 'Ref') return `<${plainId(argument)}>`;
    if (name === 'Fn::GetAtt') return `<${plainId(argument[0])}.${argument[1]}>`;
    if (name === 'Fn::ImportValue')
      return `<${plainId(String(argument).replace(/ExportsOutput(FnGetAtt|Ref)/, ''))}>`;
    if (name === 'Fn::Join') return (plain(argument[1]) as unknown[]).join(argument[0]);
    if (name === 'Fn::Sub') return Array.isArray(argument) ? String(argument[0]) : argument;
    if (name === 'Fn::Select') return `${JSON.stringify(plain(argument[1]))}[${argument[0]}]`;
    if (name === 'Fn::Split') return `split(${argument[0]}, ${plain(argument[1])})`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** Without the hash that the CDK appends: it changes when a construct moves, and access does not. */
function plainId(id: string): string {
  return id.replace(/([0-9A-F]{8})+(?=$|[^0-9A-Za-z]|[A-Z][a-z])/g, '');
}

function omitUndefined(value: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
