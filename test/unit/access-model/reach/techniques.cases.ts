/** Each technique with exactly what it takes: cases as data. */
import type { RawStack } from '../../../../lib/access-model/assembly/assembly';
import {
  ACCOUNT,
  allow,
  arnOf,
  assignment,
  deployedWith,
  HERE,
  permissionSet,
  REGION,
  type Resources,
  ref,
  resource,
  role,
  root,
  type Statement,
  service,
} from '../../../support/access-estate';

export interface Case {
  readonly title: string;
  readonly technique: string;
  /** With somebody called Target, who is to be become. */
  readonly around: Resources;
  readonly given?: Partial<RawStack>;
  /** Each of them is needed. */
  readonly needs: readonly Statement[];
}

export const TARGET = `arn:aws:iam::${ACCOUNT}:role/shop-Target`;
const TASK = `arn:aws:ecs:${HERE}:task/shop-Cluster/*`;
const CLUSTER = `arn:aws:ecs:${HERE}:cluster/shop-Cluster`;
const DEFINITION = `arn:aws:ecs:${HERE}:task-definition/shop-Definition:1`;
export const STACK_ARN = `arn:aws:cloudformation:${HERE}:stack/shop/*`;

export const runningTask = (image: unknown = 'nginx'): Resources => ({
  Target: role({ trusts: service('ecs-tasks') }),
  Cluster: resource('AWS::ECS::Cluster'),
  Definition: resource('AWS::ECS::TaskDefinition', {
    TaskRoleArn: arnOf('Target'),
    ContainerDefinitions: [{ Name: 'web', Image: image }],
  }),
  Service: resource('AWS::ECS::Service', { Cluster: ref('Cluster'), TaskDefinition: ref('Definition') }),
});
export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;
export const tagged = `${REGISTRY}/shop/web:latest`;
export const runningFunction: Resources = {
  Target: role({ trusts: service('lambda') }),
  Function: resource('AWS::Lambda::Function', { Role: arnOf('Target') }),
};
const instance: Resources = {
  Target: role({ trusts: service('ec2') }),
  Profile: resource('AWS::IAM::InstanceProfile', { Roles: [ref('Target')] }),
  Instance: resource('AWS::EC2::Instance', { IamInstanceProfile: ref('Profile') }),
};
const deployed: Partial<RawStack> = {
  deployment: deployedWith({ executionRole: TARGET, assetBuckets: ['assets'] }),
};
export const executing: Resources = { Target: role({ trusts: service('cloudformation') }) };
export const someone: Resources = {
  Target: permissionSet('Support'),
  Assignment: assignment('Target', ACCOUNT),
};
const user: Resources = { Target: resource('AWS::IAM::User') };
const running = (trusted: string, type: string, properties: Resources[string]['Properties']): Resources => ({
  Target: role({ trusts: service(trusted) }),
  Thing: resource(type, properties),
});
export const QUEUE = `arn:aws:sqs:${HERE}:shop-Queue`;

export const CASES: readonly Case[] = [
  {
    title: 'assumes a role that leaves it to the account',
    technique: 'assume-role',
    around: { Target: role({ trusts: root() }) },
    needs: [allow('sts:AssumeRole', TARGET)],
  },
  {
    title: 'changes who is trusted',
    technique: 'change-trust',
    around: { Target: role() },
    needs: [allow('iam:UpdateAssumeRolePolicy', TARGET)],
  },
  {
    title: 'assigns a permission set to itself',
    technique: 'assign-permission-set',
    around: someone,
    needs: [allow('sso:CreateAccountAssignment')],
  },
  {
    title: 'joins a group that a permission set is assigned to',
    technique: 'assign-permission-set',
    around: someone,
    needs: [allow('identitystore:CreateGroupMembership')],
  },
  ...['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile'].map((action) => ({
    title: `makes credentials of a user with ${action}`,
    technique: 'make-credentials',
    around: user,
    needs: [allow(action, `arn:aws:iam::${ACCOUNT}:user/shop-Target`)],
  })),
  {
    title: 'opens a shell in a task',
    technique: 'exec',
    around: runningTask(),
    needs: [allow('ecs:ExecuteCommand', CLUSTER), allow('ecs:ExecuteCommand', TASK)],
  },
  {
    title: 'opens a shell only in the container that its policy names',
    technique: 'exec',
    around: runningTask(),
    needs: [
      allow('ecs:ExecuteCommand', CLUSTER, { Condition: { StringEquals: { 'ecs:container-name': 'web' } } }),
      allow('ecs:ExecuteCommand', TASK),
    ],
  },
  {
    title: 'opens a session in a task, without ECS Exec',
    technique: 'exec',
    around: runningTask(),
    needs: [allow('ssm:StartSession', TASK)],
  },
  ...['ecs:RunTask', 'ecs:StartTask'].map((action) => ({
    title: `runs a command of its own with ${action}`,
    technique: 'run-task',
    around: runningTask(),
    needs: [allow(action, DEFINITION)],
  })),
  ...['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'].map((action) => ({
    title: `changes a function with ${action}`,
    technique: 'function-code',
    around: runningFunction,
    needs: [allow(action, `arn:aws:lambda:${HERE}:function:shop-Function`)],
  })),
  {
    title: 'pushes the image that a task takes by its tag',
    technique: 'image',
    around: {
      ...runningTask(tagged),
      Repository: resource('AWS::ECR::Repository', { RepositoryName: 'shop/web' }),
    },
    needs: [allow('ecr:PutImage', `arn:aws:ecr:${HERE}:repository/shop/web`)],
  },
  {
    title: 'writes the templates that an execution role deploys',
    technique: 'assets',
    around: executing,
    given: deployed,
    needs: [allow('s3:PutObject', 'arn:aws:s3:::assets/*')],
  },
  {
    title: 'writes the code that a function is deployed from',
    technique: 'assets',
    around: {
      Target: role({ trusts: service('lambda') }),
      Function: resource('AWS::Lambda::Function', {
        Role: arnOf('Target'),
        Code: { S3Bucket: 'code', S3Key: 'x.zip' },
      }),
    },
    needs: [allow('s3:PutObject', 'arn:aws:s3:::code/*')],
  },
  {
    title: 'updates a stack, without PassRole',
    technique: 'stack',
    around: executing,
    given: deployed,
    needs: [allow('cloudformation:UpdateStack', STACK_ARN)],
  },
  {
    title: 'makes and executes a change set, without PassRole',
    technique: 'stack',
    around: executing,
    given: deployed,
    needs: [
      allow('cloudformation:CreateChangeSet', STACK_ARN),
      allow('cloudformation:ExecuteChangeSet', STACK_ARN),
    ],
  },
  {
    title: 'makes a stack with a role that it passes',
    technique: 'pass-role',
    around: executing,
    given: deployed,
    needs: [allow('iam:PassRole', TARGET), allow('cloudformation:CreateStack')],
  },
  ...[
    'ssm:StartSession',
    'ssm:SendCommand',
    'ec2-instance-connect:SendSSHPublicKey',
    'ec2:ModifyInstanceAttribute',
  ].map((action) => ({
    title: `enters an instance with ${action}`,
    technique: 'instance',
    around: instance,
    needs: [allow(action, `arn:aws:ec2:${HERE}:instance/*`)],
  })),
  ...['codebuild:StartBuild', 'codebuild:UpdateProject'].map((action) => ({
    title: `builds what it likes with ${action}`,
    technique: 'definition',
    around: running('codebuild', 'AWS::CodeBuild::Project', { ServiceRole: arnOf('Target') }),
    needs: [allow(action, `arn:aws:codebuild:${HERE}:project/shop-Thing`)],
  })),
  {
    title: 'builds as a role that the project names without its ARN',
    technique: 'definition',
    around: running('codebuild', 'AWS::CodeBuild::Project', { ServiceRole: ref('Target') }),
    needs: [allow('codebuild:StartBuild', `arn:aws:codebuild:${HERE}:project/shop-Thing`)],
  },
  {
    title: 'changes a state machine',
    technique: 'definition',
    around: running('states', 'AWS::StepFunctions::StateMachine', { RoleArn: arnOf('Target') }),
    needs: [allow('states:UpdateStateMachine', `arn:aws:states:${HERE}:stateMachine:shop-Thing`)],
  },
  {
    title: 'changes a schedule',
    technique: 'definition',
    around: running('scheduler', 'AWS::Scheduler::Schedule', { Target: { RoleArn: arnOf('Target') } }),
    needs: [allow('scheduler:UpdateSchedule', `arn:aws:scheduler:${HERE}:schedule/default/shop-Thing`)],
  },
  {
    title: 'changes a job of Glue',
    technique: 'definition',
    around: running('glue', 'AWS::Glue::Job', { Role: arnOf('Target') }),
    needs: [allow('glue:UpdateJob', `arn:aws:glue:${HERE}:job/shop-Thing`)],
  },
  {
    title: 'opens a notebook',
    technique: 'definition',
    around: running('sagemaker', 'AWS::SageMaker::NotebookInstance', { RoleArn: arnOf('Target') }),
    needs: [allow('sagemaker:CreatePresignedNotebookInstanceUrl')],
  },
  {
    title: 'changes a pipeline',
    technique: 'definition',
    around: running('codepipeline', 'AWS::CodePipeline::Pipeline', { RoleArn: arnOf('Target') }),
    needs: [allow('codepipeline:UpdatePipeline', `arn:aws:codepipeline:${HERE}:shop-Thing`)],
  },
  {
    title: 'changes a service of App Runner',
    technique: 'definition',
    around: running('tasks.apprunner', 'AWS::AppRunner::Service', {
      InstanceConfiguration: { InstanceRoleArn: arnOf('Target') },
    }),
    needs: [allow('apprunner:UpdateService')],
  },
  {
    title: 'writes to a queue that is mapped to a function',
    technique: 'queue',
    around: {
      ...runningFunction,
      Queue: resource('AWS::SQS::Queue'),
      Mapping: resource('AWS::Lambda::EventSourceMapping', {
        FunctionName: ref('Function'),
        EventSourceArn: arnOf('Queue'),
      }),
    },
    needs: [allow('sqs:SendMessage', QUEUE)],
  },
  {
    title: 'writes to a queue that a role may read',
    technique: 'queue',
    around: {
      Target: role({ trusts: service('ecs-tasks'), may: [allow('sqs:ReceiveMessage', arnOf('Queue'))] }),
      Queue: resource('AWS::SQS::Queue'),
    },
    needs: [allow('sqs:SendMessage', QUEUE)],
  },
  {
    title: 'writes to a queue that a role may read by a pattern',
    technique: 'queue',
    around: {
      Target: role({
        trusts: service('ecs-tasks'),
        may: [allow('sqs:Receive*', `arn:aws:sqs:${HERE}:shop-*`)],
      }),
      Queue: resource('AWS::SQS::Queue'),
    },
    needs: [allow('sqs:SendMessage', QUEUE)],
  },
];
