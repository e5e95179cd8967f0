/** Made-up estates for the access model: resources in, an analysis out, and short questions to it. */
import type {
  Assembly,
  Deployment,
  RawStack,
  TemplateResource,
} from '../../lib/access-model/assembly/assembly';
import type { Capability, Holds } from '../../lib/access-model/capabilities/capability';
import type { Principal } from '../../lib/access-model/estate/estate';
import { type Analysis, analyse } from '../../lib/access-model/matrix/analysis';
import type { Question } from '../../lib/access-model/questions/model';
import { possible } from '../../lib/access-model/questions/witness';
import type { Path } from '../../lib/access-model/reach/graph';

export const ACCOUNT = '111111111111';
export const OTHER_ACCOUNT = '222222222222';
export const REGION = 'eu-central-1';
export const HERE = `${REGION}:${ACCOUNT}`;
export const STACK = 'shop';

export type Resources = Readonly<Record<string, TemplateResource>>;
type Properties = Readonly<Record<string, unknown>>;
type Some = string | readonly string[];

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly [element: string]: unknown;
}

export const allow = (Action: Some, Resource: unknown = '*', more: Properties = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
export const deny = (Action: Some, Resource: unknown = '*', more: Properties = {}): Statement => ({
  ...allow(Action, Resource, more),
  Effect: 'Deny',
});
/** In the policy of a resource. */
export const letIn = (Principal: unknown, Action: Some, more: Properties = {}): Statement =>
  allow(Action, '*', { Principal, ...more });

export const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

export const resource = (Type: string, Properties: Properties = {}): TemplateResource => ({
  Type,
  Properties,
});
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
export const ref = (logicalId: string) => ({ Ref: logicalId });

export const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
export const root = (account = ACCOUNT) => ({ AWS: `arn:aws:iam::${account}:root` });
/** Trusted by nobody whom a test asks about. */
const NOBODY = root('888888888888');

export interface RoleGiven {
  readonly trusts?: object;
  /** Its inline policy. */
  readonly may?: readonly object[];
  readonly [property: string]: unknown;
}

export function role({ trusts = NOBODY, may, ...properties }: RoleGiven = {}): TemplateResource {
  return resource('AWS::IAM::Role', {
    AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: trusts, Action: 'sts:AssumeRole' }),
    ...(may ? { Policies: [{ PolicyName: 'inline', PolicyDocument: document(...may) }] } : {}),
    ...properties,
  });
}

export const managed = (may: readonly object[], properties: Properties = {}) =>
  resource('AWS::IAM::ManagedPolicy', { PolicyDocument: document(...may), ...properties });

/** What a key says that leaves the rest to the account. */
export const DELEGATING = letIn(root(), 'kms:*');
export const key = (...statements: readonly object[]) =>
  resource('AWS::KMS::Key', { KeyPolicy: document(...statements) });

const INSTANCE = 'arn:aws:sso:::instance/ssoins-1234567890abcdef';
export const permissionSet = (Name: string, properties: Properties = {}) =>
  resource('AWS::SSO::PermissionSet', { InstanceArn: INSTANCE, Name, ...properties });
export const assignment = (set: string, account: string, group = 'a-group') =>
  resource('AWS::SSO::Assignment', {
    InstanceArn: INSTANCE,
    PermissionSetArn: { 'Fn::GetAtt': [set, 'PermissionSetArn'] },
    TargetId: account,
    TargetType: 'AWS_ACCOUNT',
    PrincipalId: group,
    PrincipalType: 'GROUP',
  });

export const stack = (Resources: Resources, given: Partial<RawStack> = {}): RawStack => ({
  id: STACK,
  name: STACK,
  account: ACCOUNT,
  region: REGION,
  template: { Resources },
  ...given,
});

export const assembly = (...stacks: readonly RawStack[]): Assembly => ({ directory: 'cdk.out', stacks });

/** Of one stack; `given` changes the stack. */
export const estate = (resources: Resources, given: Partial<RawStack> = {}): Analysis =>
  analyse(assembly(stack(resources, given)));

export const deployedWith = (given: Partial<Deployment>): Deployment => ({
  publishingRoles: [],
  assetBuckets: [],
  assetRepositories: [],
  ...given,
});

/** By name or logical id. */
export function principal({ model }: Analysis, name: string): Principal {
  const [found, ...others] = model.find(name);
  if (!found || others.length > 0)
    throw new Error(`${name} is ${others.length ? 'several' : 'no'} principals`);
  return found;
}

export function capability({ capabilities }: Analysis, id: string): Capability {
  const found = capabilities.find((each) => each.id === id);
  if (!found) throw new Error(`there is no capability ${id}`);
  return found;
}

/** By its own policies, not through others. */
export const holds = (analysis: Analysis, name: string, id: string): Holds =>
  analysis.holder.hold(principal(analysis, name), capability(analysis, id)).holds;

type Asked = Omit<Question, 'principal'>;

/** For a claim that somebody cannot. */
export const can = (analysis: Analysis, name: string, asked: Asked) =>
  possible(analysis.model, { principal: principal(analysis, name), ...asked }).possible;

/** For a claim that somebody can. */
export const surelyCan = (analysis: Analysis, name: string, asked: Asked) =>
  analysis.model.decide({ principal: principal(analysis, name), ...asked }).allowed;

export const pathTo = (analysis: Analysis, from: string, to: string): Path | undefined =>
  analysis.graph.reach(principal(analysis, from)).get(principal(analysis, to));

/** The technique of each edge on the shortest way, `undefined` where there is none. */
export const techniquesTo = (analysis: Analysis, from: string, to: string): string[] | undefined =>
  pathTo(analysis, from, to)?.map(({ technique }) => technique.id);
