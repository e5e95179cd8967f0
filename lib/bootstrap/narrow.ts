/**
 * The CDK's own bootstrap template, narrowed for one stage and one deployer. Upstream, every principal of the account may
 * assume the roles, and CloudFormation acts as an administrator; here the pipeline's role may, and CloudFormation can do what
 * the stacks of that deployer need. Pure: a template in, a template out.
 */
import { type Names, namesOf } from '../names';
import type { Stage } from '../stage';
import { platformPolicies } from './platform-policies';
import { sensitivePolicies } from './sensitive-policies';
import { type Deployer, STACKS } from './stacks';
import { deny, type Statement } from './statement';

/** Of a managed policy, without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_CHARACTERS = 6144;

// biome-ignore lint/suspicious/noExplicitAny: a template is what CloudFormation reads, not what we declare
type Template = any;

/** Roles of the command line: what the pipeline assumes. */
const ASSUMED = ['FilePublishingRole', 'ImagePublishingRole', 'LookupRole', 'DeploymentActionRole'] as const;
const EXECUTION = 'CloudFormationExecutionRole';

export class BootstrapShapeUnknown extends Error {
  override readonly name = 'BootstrapShapeUnknown';
}

/** @throws {BootstrapShapeUnknown} when the template is not shaped as that of the pinned CDK */
export function narrowBootstrap(upstream: Template, stage: Stage, deployer: Deployer): Template {
  const template = structuredClone(upstream);
  const names = namesOf(stage);
  const qualifier = stage.bootstrap[deployer];
  const assets = `cdk-${qualifier}-assets-${stage.account}-${stage.region}`;
  const ci = deployer === 'platform' ? names.roles.ciPlatform.arn : names.roles.ciSensitive.arn;
  const trusted = [ci, ...stage.sensitiveAdministrators].sort();

  template.Description = `CDK bootstrap of tz-${stage.name} for the deployer ${deployer}, narrowed`;
  at(template, 'Parameters', 'Qualifier').Default = qualifier;
  for (const role of ASSUMED) {
    at(template, 'Resources', role, 'Properties').AssumeRolePolicyDocument = trust(stage.account, trusted);
  }
  narrowDeployment(template, names, deployer);
  narrowLookup(template);
  const policies =
    deployer === 'platform'
      ? platformPolicies(names, assets)
      : sensitivePolicies(names, assets, {
          repository: stage.image.repository,
          managesOrganization: stage.organization !== undefined,
        });
  narrowExecution(template, policies, `${names.prefix}-cfn-${deployer}`);
  return template;
}

/** Not the account: two kinds of roles in it, which may not exist yet. They need an identity policy as well. */
function trust(account: string, roles: readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Condition: { ArnLike: { 'aws:PrincipalArn': roles } },
      },
    ],
  };
}

/**
 * Only stacks of this deployer: CloudFormation keeps the role that a stack was made with, and would act as the other
 * deployer for whoever may update or delete its stacks.
 */
function narrowDeployment(template: Template, { prefix, region, account }: Names, deployer: Deployer): void {
  const policies = at(template, 'Resources', 'DeploymentActionRole', 'Properties', 'Policies');
  const statements: Template[] = policies[0]?.PolicyDocument?.Statement ?? [];
  const stacks = STACKS[deployer].map((each) => `arn:aws:cloudformation:*:*:stack/${prefix}-${each}/*`);
  const toolkit = `arn:aws:cloudformation:${region}:${account}:stack/${prefix}-bootstrap-${deployer}/*`;
  for (const [sid, keep] of [
    ['DeployPermissions', stacks],
    ['CliPermissions', [...stacks, toolkit]],
  ] as const) {
    const statement = statements.find(({ Sid }) => Sid === sid);
    if (!statement) throw unknown(`the statement ${sid} of DeploymentActionRole`);
    // `sts:GetCallerIdentity` needs no permission.
    statement.Action = [statement.Action]
      .flat()
      .filter((action: string) => action.startsWith('cloudformation:'));
    statement.Resource = keep;
  }
  // What pipelines of AWS across accounts need, and moving resources between stacks: neither is used here.
  policies[0].PolicyDocument.Statement = statements.filter(
    ({ Sid }) =>
      !['PipelineCrossAccountArtifactsBucket', 'PipelineCrossAccountArtifactsKey', 'Refactor'].includes(Sid),
  );
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
        deny('Statements', ['pi:*', 'rds:DownloadDBLogFilePortion', 'rds-data:*']),
        deny('Code', ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'lambda:GetFunction']),
      ],
    },
  });
}

function narrowExecution(template: Template, policies: Record<string, Statement[]>, prefix: string): void {
  const role = at(template, 'Resources', EXECUTION, 'Properties');
  if (role.ManagedPolicyArns === undefined) throw unknown(`${EXECUTION}.ManagedPolicyArns`);
  role.ManagedPolicyArns = Object.entries(policies).map(([part, Statement]) => {
    const PolicyDocument = { Version: '2012-10-17', Statement };
    const size = JSON.stringify(PolicyDocument).length;
    if (size > MAX_CHARACTERS)
      throw new Error(`the policy ${prefix}-${part} has ${size} characters of ${MAX_CHARACTERS}`);
    const id = `Execution${part}`;
    template.Resources[id] = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: `${prefix}-${part.toLowerCase()}`, PolicyDocument },
    };
    return { Ref: id };
  });
}

function at(template: Template, ...path: readonly string[]): Template {
  let value = template;
  for (const [depth, step] of path.entries()) {
    value = value?.[step];
    if (value === undefined) throw unknown(path.slice(0, depth + 1).join('.'));
  }
  return value;
}

function unknown(what: string): BootstrapShapeUnknown {
  return new BootstrapShapeUnknown(
    `the bootstrap template of this aws-cdk has no ${what}: its shape is not the one that lib/bootstrap narrows. Compare the two, and change it there`,
  );
}
