/** The templates and those who deploy them agree: policies that are written by hand, compared with what is really made. */
import { STAGES } from '../../../bin/stages';
import { narrowBootstrap } from '../../../lib/bootstrap/narrow';
import { type Deployer, STACKS } from '../../../lib/bootstrap/stacks';
import { namesOf } from '../../../lib/names';
import type { Stage } from '../../../lib/stage';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed } from '../../support/stages';
import { resourcesOf, type TemplateResource, templatesOf } from '../../support/templates';
import { DEPLOYERS, upstream } from '../../unit/bootstrap/narrowed';

const { database } = STAGES.prod;
const VARIANTS: readonly [string, Stage][] = [
  ['dev', stageNamed('dev')],
  ['staging', stageNamed('staging')],
  ['prod', stageNamed('prod')],
  ['migrating', stageNamed('prod', { database: { ...database, migrationCommand: ['migrate'] } })],
  [
    'an instance',
    stageNamed('prod', {
      database: {
        ...database,
        engine: { kind: 'instance', instanceType: 't4g.medium', storageGib: 20, multiAz: true },
      },
    }),
  ],
];

describe.each(VARIANTS)('%s', (_, stage) => {
  const names = namesOf(stage);
  const { account, region } = stage;
  let resources: TemplateResource[];
  let boundary: Statement[];
  let execution: Record<Deployer, Statement[]>;

  beforeAll(() => {
    resources = resourcesOf(templatesOf(stage));
    boundary = resources.find(({ Properties }) => Properties?.ManagedPolicyName === names.boundary.name)
      ?.Properties.PolicyDocument.Statement;
    execution = Object.fromEntries(
      DEPLOYERS.map((deployer) => [
        deployer,
        Object.entries<TemplateResource>(narrowBootstrap(upstream(), stage, deployer, '0.0.0-test').Resources)
          .filter(([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && id.startsWith('Execution'))
          .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement),
      ]),
    ) as typeof execution;
  });

  const deployerOf = ({ stack }: TemplateResource) =>
    DEPLOYERS.find((each) => STACKS[each].includes(stack.toLowerCase())) as Deployer;
  /** As CloudFormation names what has no name: after the stack, and the resource in it. */
  const named = (resource: TemplateResource, property: string): string =>
    resource.Properties?.[property] ?? `tz-${stage.name}-${resource.stack.toLowerCase()}-${resource.id}`;
  const roleArn = (role: TemplateResource) => `arn:aws:iam::${account}:role/${named(role, 'RoleName')}`;
  const roles = () => resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
  const managedBy = (role: TemplateResource): string[] =>
    (role.Properties.ManagedPolicyArns ?? []).map(
      (arn: unknown) => `arn:aws:iam::aws:${/policy\/[\w/-]+/.exec(JSON.stringify(arn))?.[0]}`,
    );

  test('every role is made by its deployer, with the policies of AWS that it has', () => {
    const context = { 'iam:PermissionsBoundary': names.boundary.arn };
    const refused = roles().flatMap((role) => {
      const statements = execution[deployerOf(role)];
      const resource = roleArn(role);
      return [
        { action: 'iam:CreateRole', context },
        { action: 'iam:PutRolePolicy', context },
        { action: 'iam:PassRole' },
        { action: 'iam:DeleteRole' },
        ...managedBy(role).map((arn) => ({
          action: 'iam:AttachRolePolicy',
          context: { ...context, 'iam:PolicyARN': arn },
        })),
      ]
        .filter((request) => decide(statements, { resource, ...request }) !== 'allow')
        .map((request) => `${resource}: ${JSON.stringify(request)}`);
    });
    expect(refused).toEqual([]);
    // The table sees policies of AWS at all.
    expect(roles().flatMap(managedBy)).toContain(
      'arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
    );
  });

  test('every role is bounded, and the boundary refuses nothing that its own policies allow', () => {
    let seen = 0;
    const refused = roles().flatMap((role) => {
      const principal = roleArn(role);
      expect([principal, JSON.stringify(role.Properties.PermissionsBoundary)]).toEqual([
        principal,
        expect.stringContaining(names.boundary.name),
      ]);
      return allowedTo(role).flatMap(({ action, resource }) => {
        seen += 1;
        const context = { 'aws:PrincipalArn': principal };
        return decide(boundary, { action, resource, context }) === 'allow'
          ? []
          : [`${principal}: ${action} ${resource}`];
      });
    });
    expect(refused).toEqual([]);
    expect(seen).toBeGreaterThan(50);
  });

  /** Inline policies only: what those of AWS hold is in no template. An ARN that is not known yet counts as all of them. */
  function allowedTo(role: TemplateResource): { action: string; resource: string }[] {
    const attached = resources.filter(
      ({ Type, stack, Properties }) =>
        Type === 'AWS::IAM::Policy' &&
        stack === role.stack &&
        Properties.Roles?.some((each: { Ref?: string }) => each.Ref === role.id),
    );
    const inline = [...attached.map(({ Properties }) => Properties), ...(role.Properties.Policies ?? [])];
    return inline
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action: string) =>
          [Resource].flat().map((resource: unknown) => ({
            action,
            resource: typeof resource === 'string' ? resource : '*',
          })),
        ),
      );
  }

  test('what is told from other things by its name is made by its deployer', () => {
    const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
    const MADE: Record<string, (one: TemplateResource) => [string, string]> = {
      'AWS::Logs::LogGroup': (one) => [
        'logs:CreateLogGroup',
        arn('logs', `log-group:${named(one, 'LogGroupName')}`),
      ],
      'AWS::Lambda::Function': (one) => [
        'lambda:CreateFunction',
        arn('lambda', `function:${named(one, 'FunctionName')}`),
      ],
      'AWS::Events::Rule': (one) => ['events:PutRule', arn('events', `rule/${named(one, 'Name')}`)],
      'AWS::CloudWatch::Alarm': (one) => [
        'cloudwatch:PutMetricAlarm',
        arn('cloudwatch', `alarm:${named(one, 'AlarmName')}`),
      ],
      'AWS::SecretsManager::Secret': (one) => [
        'secretsmanager:CreateSecret',
        arn('secretsmanager', `secret:${named(one, 'Name')}-abcdef`),
      ],
      'AWS::S3::Bucket': (one) => ['s3:CreateBucket', `arn:aws:s3:::${named(one, 'BucketName')}`],
      'AWS::SNS::Topic': (one) => ['sns:CreateTopic', arn('sns', named(one, 'TopicName'))],
      'AWS::ECR::Repository': (one) => [
        'ecr:CreateRepository',
        arn('ecr', `repository/${named(one, 'RepositoryName')}`),
      ],
    };
    const made = resources.filter(({ Type }) => Type in MADE);
    const refused = made.flatMap((one) => {
      const [action, resource] = (MADE[one.Type] as (typeof MADE)[string])(one);
      return decide(execution[deployerOf(one)], { action, resource }) === 'allow'
        ? []
        : [`${one.stack}: ${action} ${resource}`];
    });
    expect(refused).toEqual([]);
    expect(new Set(made.map(({ Type }) => Type)).size).toBe(Object.keys(MADE).length);
  });
});
