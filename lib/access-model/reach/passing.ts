/**
 * Handing a role to a service that runs what it is told: PassRole with anything that starts something.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
import type { Way } from '../capabilities/capability';
import { ANYTHING, places, step } from '../capabilities/ways';
import type { Estate, Principal } from '../estate/estate';
import { record, texts } from '../estate/properties';
import type { Technique } from './technique';

/** By the service that a role trusts: what makes the service act as it. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  'ecs-tasks.amazonaws.com': [
    'ecs:RunTask',
    'ecs:StartTask',
    'ecs:RegisterTaskDefinition',
    'ecs:CreateService',
    'ecs:UpdateService',
    'ecs:CreateTaskSet',
    'ecs:CreateExpressGatewayService',
    'ecs:RegisterDaemonTaskDefinition',
  ],
  'ecs.amazonaws.com': ['ecs:CreateService', 'ecs:CreateExpressGatewayService'],
  'lambda.amazonaws.com': ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
  'cloudformation.amazonaws.com': [
    'cloudformation:CreateStack',
    'cloudformation:UpdateStack',
    'cloudformation:CreateChangeSet',
    'cloudformation:DeleteStack',
    'cloudformation:CreateStackSet',
    'cloudformation:CreateStackRefactor',
    'cloudformation:CreateResource',
  ],
  'ec2.amazonaws.com': [
    'ec2:RunInstances',
    'ec2:AssociateIamInstanceProfile',
    'ec2:ReplaceIamInstanceProfileAssociation',
    'ec2:RequestSpotInstances',
    'ec2:CreateFleet',
    'autoscaling:CreateAutoScalingGroup',
    'autoscaling:CreateLaunchConfiguration',
  ],
  'codebuild.amazonaws.com': ['codebuild:CreateProject', 'codebuild:UpdateProject', 'codebuild:StartBuild'],
  'codepipeline.amazonaws.com': ['codepipeline:CreatePipeline', 'codepipeline:UpdatePipeline'],
  'codedeploy.amazonaws.com': ['codedeploy:CreateDeploymentGroup', 'codedeploy:UpdateDeploymentGroup'],
  'states.amazonaws.com': ['states:CreateStateMachine', 'states:UpdateStateMachine'],
  'scheduler.amazonaws.com': ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'],
  'events.amazonaws.com': ['events:PutTargets', 'events:PutRule'],
  'pipes.amazonaws.com': ['pipes:CreatePipe', 'pipes:UpdatePipe'],
  'ssm.amazonaws.com': [
    'ssm:StartAutomationExecution',
    'ssm:SendCommand',
    'ssm:RegisterTaskWithMaintenanceWindow',
    'ssm:CreateAssociation',
  ],
  'glue.amazonaws.com': [
    'glue:CreateJob',
    'glue:UpdateJob',
    'glue:CreateDevEndpoint',
    'glue:CreateSession',
    'glue:CreateCrawler',
  ],
  'sagemaker.amazonaws.com': [
    'sagemaker:CreateNotebookInstance',
    'sagemaker:CreateProcessingJob',
    'sagemaker:CreateTrainingJob',
    'sagemaker:CreateDomain',
    'sagemaker:CreateUserProfile',
    'sagemaker:CreateModel',
  ],
  'batch.amazonaws.com': ['batch:CreateComputeEnvironment', 'batch:RegisterJobDefinition', 'batch:SubmitJob'],
  'elasticmapreduce.amazonaws.com': ['elasticmapreduce:RunJobFlow', 'elasticmapreduce:CreateStudio'],
  'datapipeline.amazonaws.com': ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
  'tasks.apprunner.amazonaws.com': ['apprunner:CreateService', 'apprunner:UpdateService'],
  'build.apprunner.amazonaws.com': ['apprunner:CreateService', 'apprunner:UpdateService'],
  'elasticbeanstalk.amazonaws.com': [
    'elasticbeanstalk:CreateEnvironment',
    'elasticbeanstalk:UpdateEnvironment',
  ],
  'amplify.amazonaws.com': ['amplify:CreateApp', 'amplify:UpdateApp'],
  'apigateway.amazonaws.com': ['apigateway:PUT', 'apigateway:POST', 'apigateway:PATCH'],
  'appsync.amazonaws.com': ['appsync:CreateDataSource', 'appsync:UpdateDataSource'],
  'iot.amazonaws.com': ['iot:CreateTopicRule', 'iot:ReplaceTopicRule', 'iot:CreateRoleAlias'],
  'firehose.amazonaws.com': ['firehose:CreateDeliveryStream', 'firehose:UpdateDestination'],
  'bedrock.amazonaws.com': ['bedrock:CreateAgent', 'bedrock:UpdateAgent', 'bedrock:CreateKnowledgeBase'],
  'transfer.amazonaws.com': ['transfer:CreateUser', 'transfer:UpdateUser'],
  'dms.amazonaws.com': ['dms:CreateEndpoint', 'dms:ModifyEndpoint'],
  'backup.amazonaws.com': [
    'backup:StartRestoreJob',
    'backup:StartCopyJob',
    'backup:StartBackupJob',
    'backup:CreateBackupSelection',
  ],
  'export.rds.amazonaws.com': ['rds:StartExportTask'],
  'rds.amazonaws.com': ['rds:AddRoleToDBCluster', 'rds:AddRoleToDBInstance'],
  'imagebuilder.amazonaws.com': [
    'imagebuilder:CreateInfrastructureConfiguration',
    'imagebuilder:CreateImage',
  ],
  'eks.amazonaws.com': ['eks:CreateCluster'],
  'pods.eks.amazonaws.com': ['eks:CreatePodIdentityAssociation', 'eks:UpdatePodIdentityAssociation'],
  'cloud9.amazonaws.com': ['cloud9:CreateEnvironmentEC2'],
  'greengrass.amazonaws.com': ['greengrass:AssociateRoleToGroup', 'greengrass:CreateDeployment'],
  'opsworks.amazonaws.com': ['opsworks:CreateStack', 'opsworks:UpdateStack'],
  'workspaces.amazonaws.com': ['workspaces:CreateWorkspaces'],
  'rolesanywhere.amazonaws.com': ['rolesanywhere:CreateProfile', 'rolesanywhere:UpdateProfile'],
};

export const PASSING: readonly Technique[] = [
  {
    id: 'pass-role',
    verb: 'passes to a service that acts as it',
    ways: (target, estate) =>
      servicesOf(target).flatMap((service) =>
        (RUNS[service] ?? []).flatMap((action) => passing(target, estate, service, action)),
      ),
  },
];

function passing(target: Principal, estate: Estate, service: string, action: string): Way[] {
  const pass = step('iam:PassRole', target.caller.arn, { 'iam:PassedToService': service });
  // On whatever they like: what is started need not exist yet.
  return anyResources(action, target, estate).map((resource) => ({ steps: [pass, step(action, resource)] }));
}

/** The services that a role trusts. */
export function servicesOf({ trust }: Principal): string[] {
  const statements = trust?.statements.filter(({ effect }) => effect === 'Allow') ?? [];
  return [...new Set(statements.flatMap(({ principals }) => texts(record(principals).Service)))];
}

/**
 * Resources of the service in the role's account, in each region of the estate: one that no policy names, and, for policies
 * that name some, one of which nothing is known.
 */
function anyResources(action: string, { caller: { account } }: Principal, estate: Estate): string[] {
  const [service = '', name = ''] = action.split(':');
  if (NO_RESOURCE.has(name)) return ['*'];
  const here = places(estate).filter((place) => place.account === account);
  // Of an account of which there is only the role.
  const regions = here.length > 0 ? here : places(estate);
  return regions.flatMap(({ partition, region }) => {
    const prefix = `arn:${partition}:${service}:${region}:${account}:`;
    return [`${prefix}${NEW[action] ?? 'any/any'}`, `${prefix}${ANYTHING}`];
  });
}

const NEW: Readonly<Record<string, string>> = {
  'ecs:RunTask': 'task-definition/any:1',
  'ecs:StartTask': 'task-definition/any:1',
  'ecs:RegisterTaskDefinition': 'task-definition/any:1',
  'ecs:CreateService': 'service/any/any',
  'ecs:UpdateService': 'service/any/any',
  'ecs:CreateTaskSet': 'task-set/any/any/any',
  'lambda:CreateFunction': 'function:any',
  'lambda:UpdateFunctionConfiguration': 'function:any',
  'cloudformation:CreateStack': 'stack/any/any',
  'cloudformation:UpdateStack': 'stack/any/any',
  'cloudformation:DeleteStack': 'stack/any/any',
  'cloudformation:CreateChangeSet': 'stack/any/any',
};
const NO_RESOURCE = new Set(['CreateResource', 'CreateStackRefactor', 'CreateFleet', 'RequestSpotInstances']);
