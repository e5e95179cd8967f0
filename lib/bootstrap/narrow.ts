/**
 * The CDK's own bootstrap template, narrowed for one stage and one deployer. Upstream, every principal of the account may
 * assume the roles, and CloudFormation acts as an administrator; here the pipeline's role may, and CloudFormation can do what
 * the stacks of that deployer need. Pure: a template in, a template out.
 */
import { type Names, namesOf } from '../names';
import { environmentsOf, type Stage } from '../stage';
import { platformPolicies } from './platform-policies';
import { readsOf } from './reads';
import { sensitivePolicies } from './sensitive-policies';
import { type Deployer, STACKS } from './stacks';
import { deny, type Statement } from './statement';
import { ASSUMED, at, BootstrapShapeUnknown, EXECUTION, requireShape, type Template } from './upstream';

export { BootstrapShapeUnknown };

/** Of a managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_CHARACTERS = 6144;

/** Parameters that would trust more accounts, or replace the policies of CloudFormation. */
const UNREAD = ['TrustedAccounts', 'TrustedAccountsForLookup', 'CloudFormationExecutionPolicies'] as const;

/**
 * @param version - of the aws-cdk that the template is from, for the message when its shape is another
 * @throws {BootstrapShapeUnknown} when the template is not shaped as that of the pinned CDK
 */
export function narrowBootstrap(
  upstream: Template,
  stage: Stage,
  deployer: Deployer,
  version: string,
): Template {
  requireShape(upstream, version);
  const template = structuredClone(upstream);
  const names = namesOf(stage);
  const qualifier = stage.bootstrap[deployer];
  // One template for every account that the stacks of this deployer stand in: each has its own bucket and its own version.
  const own = readsOf(qualifier, environmentsOf(stage, deployer));
  const ci = deployer === 'platform' ? names.roles.ciPlatform.arn : names.roles.ciSensitive.arn;
  const trusted = [ci, ...stage.sensitiveAdministrators].sort();

  template.Description = `CDK bootstrap of tz-${stage.name} for the deployer ${deployer}, narrowed`;
  at(template, 'Parameters', 'Qualifier').Default = qualifier;
  // The command line does not replace a bootstrap by one of another variant: a plain `cdk bootstrap` would bring the wide one.
  at(template, 'Parameters', 'BootstrapVariant').Default = `tenant-zero: ${stage.name}, ${deployer}`;
  ignoreTrust(template);
  for (const role of ASSUMED) {
    at(template, 'Resources', role, 'Properties').AssumeRolePolicyDocument = trust(stage.account, trusted);
  }
  narrowDeployment(template, names, deployer);
  tagKey(template, deployer);
  narrowLookup(template);
  const policies =
    deployer === 'platform'
      ? platformPolicies(names, own)
      : sensitivePolicies(names, own, {
          repository: stage.image.repository,
          managesOrganization: stage.organization !== undefined,
        });
  narrowExecution(template, policies, `${names.prefix}-cfn-${deployer}`);
  return template;
}

/** The command line still sends these; nothing in the template reads them, so nothing is widened by them. */
function ignoreTrust(template: Template): void {
  for (const name of UNREAD) {
    at(template, 'Parameters', name).Description = 'Without effect: this bootstrap was narrowed';
    delete template.Conditions[`Has${name}`];
  }
}

/** Not the account: two kinds of roles in it, which may not exist yet. They need an identity policy as well. */
function trust(account: string, roles: readonly string[]): object {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const ours = { ArnLike: { 'aws:PrincipalArn': roles } };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal,
        // As upstream: who acts for somebody else sends an external id, and is refused.
        Condition: {
          'Fn::If': ['ShouldDenyExternalId', { ...ours, Null: { 'sts:ExternalId': 'true' } }, ours],
        },
      },
      { Effect: 'Allow', Action: 'sts:TagSession', Principal, Condition: ours },
    ],
  };
}

/**
 * Only stacks of this deployer: CloudFormation keeps the role that a stack was made with, and would act as the other
 * deployer for whoever may update or delete its stacks.
 */
function narrowDeployment(template: Template, { prefix }: Names, deployer: Deployer): void {
  const policies = at(template, 'Resources', 'DeploymentActionRole', 'Properties', 'Policies');
  const statements: Template[] = policies[0]?.PolicyDocument?.Statement ?? [];
  const stacks = STACKS[deployer].map((each) => `arn:aws:cloudformation:*:*:stack/${prefix}-${each}/*`);
  for (const sid of ['DeployPermissions', 'CliPermissions']) {
    const statement = statements.find(({ Sid }) => Sid === sid);
    // `sts:GetCallerIdentity` needs no permission.
    statement.Action = [statement.Action]
      .flat()
      .filter((action: string) => action.startsWith('cloudformation:'));
    statement.Resource = stacks;
  }
  // What pipelines of AWS across accounts need, and moving resources between stacks: neither is used here.
  policies[0].PolicyDocument.Statement = statements.filter(
    ({ Sid }) =>
      !['PipelineCrossAccountArtifactsBucket', 'PipelineCrossAccountArtifactsKey', 'Refactor'].includes(Sid),
  );
}

/** As the stacks tag what they make: the other deployer is kept from this key by it (`KeysOfTheOther`). */
function tagKey(template: Template, deployer: Deployer): void {
  const key = at(template, 'Resources', 'FileAssetsBucketEncryptionKey', 'Properties');
  key.Tags = [...(key.Tags ?? []), { Key: 'tenant-zero:deployer', Value: deployer }];
}

/** Nothing is looked up in this app; whoever assumes the role all the same reads no data with it. */
function narrowLookup(template: Template): void {
  const policies = at(template, 'Resources', 'LookupRole', 'Properties', 'Policies');
  policies.push({
    PolicyName: 'ReadsNoData',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        deny('Secrets', ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue']),
        deny('Objects', ['s3:GetObject*']),
        deny('Logs', ['logs:FilterLogEvents', 'logs:Get*', 'logs:StartLiveTail', 'logs:StartQuery']),
        deny('Statements', ['pi:*', 'rds:Download*', 'rds-data:*']),
        deny('Code', ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'lambda:GetFunction']),
      ],
    },
  });
}

function narrowExecution(template: Template, policies: Record<string, Statement[]>, prefix: string): void {
  const role = at(template, 'Resources', EXECUTION, 'Properties');
  role.ManagedPolicyArns = Object.entries(policies).map(([part, Statement]) => {
    const PolicyDocument = { Version: '2012-10-17', Statement };
    const size = JSON.stringify(PolicyDocument).length;
    if (size > MAX_CHARACTERS)
      throw new Error(`the policy ${prefix}-${part} has ${size} characters of ${MAX_CHARACTERS}`);
    const id = `Execution${part}`;
    template.Resources[id] = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        // Of the region too, as the roles: policies have none, and Identity Center may live in another one of this account.
        ManagedPolicyName: { 'Fn::Sub': `${prefix}-${part.toLowerCase()}-\${AWS::Region}` },
        PolicyDocument,
      },
    };
    return { Ref: id };
  });
}
