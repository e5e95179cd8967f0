/** A role that a service may act as, and what starts something in that service. */
import {
  ACCOUNT,
  allow,
  deny,
  estate,
  HERE,
  pathTo,
  role,
  type Statement,
  service,
  techniquesTo,
} from '../../../support/access-estate';

const TARGET = `arn:aws:iam::${ACCOUNT}:role/shop-Target`;

/** By hand, from the documentation of each service: one call that takes a role. */
const STARTS: readonly (readonly [service: string, action: string])[] = [
  ['ecs-tasks', 'ecs:RegisterTaskDefinition'],
  ['ecs-tasks', 'ecs:RunTask'],
  ['ecs', 'ecs:CreateService'],
  ['lambda', 'lambda:CreateFunction'],
  ['lambda', 'lambda:UpdateFunctionConfiguration'],
  ['cloudformation', 'cloudformation:CreateStack'],
  ['cloudformation', 'cloudformation:CreateStackSet'],
  ['cloudformation', 'cloudformation:CreateResource'],
  ['ec2', 'ec2:RunInstances'],
  ['ec2', 'ec2:CreateFleet'],
  ['ec2', 'autoscaling:CreateAutoScalingGroup'],
  ['codebuild', 'codebuild:CreateProject'],
  ['codepipeline', 'codepipeline:CreatePipeline'],
  ['codedeploy', 'codedeploy:CreateDeploymentGroup'],
  ['states', 'states:CreateStateMachine'],
  ['scheduler', 'scheduler:CreateSchedule'],
  ['events', 'events:PutTargets'],
  ['pipes', 'pipes:CreatePipe'],
  ['ssm', 'ssm:StartAutomationExecution'],
  ['glue', 'glue:CreateJob'],
  ['sagemaker', 'sagemaker:CreateNotebookInstance'],
  ['batch', 'batch:RegisterJobDefinition'],
  ['elasticmapreduce', 'elasticmapreduce:RunJobFlow'],
  ['tasks.apprunner', 'apprunner:CreateService'],
  ['elasticbeanstalk', 'elasticbeanstalk:CreateEnvironment'],
  ['apigateway', 'apigateway:PUT'],
  ['appsync', 'appsync:CreateDataSource'],
  ['iot', 'iot:CreateTopicRule'],
  ['firehose', 'firehose:CreateDeliveryStream'],
  ['bedrock', 'bedrock:CreateAgent'],
  ['transfer', 'transfer:CreateUser'],
  ['backup', 'backup:StartRestoreJob'],
  ['export.rds', 'rds:StartExportTask'],
  ['rds', 'rds:AddRoleToDBCluster'],
  ['pods.eks', 'eks:CreatePodIdentityAssociation'],
  ['cloud9', 'cloud9:CreateEnvironmentEC2'],
  ['rolesanywhere', 'rolesanywhere:CreateProfile'],
];

const passedTo = (name: string, ...may: Statement[]) =>
  estate({ Target: role({ trusts: service(name) }), Attacker: role({ may }) });

describe.each(STARTS)('a role that %s may act as', (name, action) => {
  it(`is had by who may pass it and ${action}`, () => {
    const analysis = passedTo(name, allow('iam:PassRole', TARGET), allow(action));
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toEqual(['pass-role']);
  });

  it('is not had by who may only start something', () => {
    expect(techniquesTo(passedTo(name, allow(action)), 'Attacker', 'Target')).toBeUndefined();
  });

  it('is not had by who may only pass it', () => {
    expect(techniquesTo(passedTo(name, allow('iam:PassRole', TARGET)), 'Attacker', 'Target')).toBeUndefined();
  });
});

describe('passing a role', () => {
  const create = allow('lambda:CreateFunction');
  const pass = (value: string) =>
    allow('iam:PassRole', TARGET, { Condition: { StringEquals: { 'iam:PassedToService': value } } });

  it('goes to the service that a condition names, and to no other', () => {
    expect(
      techniquesTo(passedTo('lambda', pass('lambda.amazonaws.com'), create), 'Attacker', 'Target'),
    ).toEqual(['pass-role']);
    expect(
      techniquesTo(passedTo('lambda', pass('ec2.amazonaws.com'), create), 'Attacker', 'Target'),
    ).toBeUndefined();
  });

  it('does not help with a role that the service may not act as', () => {
    const analysis = passedTo('ec2', allow('iam:PassRole', TARGET), create);
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('is seen where the region is narrowed to the one of the stacks', () => {
    const here = allow('lambda:CreateFunction', `arn:aws:lambda:${HERE}:function:*`);
    const elsewhere = allow('lambda:CreateFunction', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:*`);
    const only = deny('lambda:*', '*', {
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
    });
    const pass = allow('iam:PassRole', TARGET);
    expect(pathTo(passedTo('lambda', pass, here), 'Attacker', 'Target')?.[0]?.holds).toBe('yes');
    expect(pathTo(passedTo('lambda', pass, elsewhere), 'Attacker', 'Target')).toBeUndefined();
    expect(
      pathTo(passedTo('lambda', allow('iam:PassRole'), create, only), 'Attacker', 'Target'),
    ).toBeDefined();
  });

  it.each([
    ['lambda', 'lambda:CreateFunction', 'function:shop-*'],
    ['codebuild', 'codebuild:CreateProject', 'project/shop-*'],
    ['states', 'states:CreateStateMachine', 'stateMachine:shop-*'],
  ])('is seen perhaps, where %s may start only what has certain names', (name, action, names) => {
    const prefix = action.split(':')[0];
    const analysis = passedTo(
      name,
      allow('iam:PassRole', TARGET),
      allow(action, `arn:aws:${prefix}:${HERE}:${names}`),
    );
    expect(pathTo(analysis, 'Attacker', 'Target')).toMatchObject([
      { technique: { id: 'pass-role' }, holds: 'in part' },
    ]);
  });
});
