/** Each technique with exactly what it takes, and without one of it: cases as data. */
import type { RawStack } from '../../../../lib/access-model/assembly/assembly';
import { TECHNIQUES } from '../../../../lib/access-model/reach/graph';
import {
  ACCOUNT,
  allow,
  arnOf,
  assignment,
  deployedWith,
  document,
  estate,
  HERE,
  letIn,
  permissionSet,
  type Resources,
  ref,
  resource,
  role,
  root,
  type Statement,
  service,
  techniquesTo,
} from '../../../support/access-estate';

interface Case {
  readonly title: string;
  readonly technique: string;
  /** With somebody called Target, who is to be become. */
  readonly around: Resources;
  readonly given?: Partial<RawStack>;
  /** Each of them is needed. */
  readonly needs: readonly Statement[];
}

const TARGET = `arn:aws:iam::${ACCOUNT}:role/shop-Target`;
const TASK = `arn:aws:ecs:${HERE}:task/shop-Cluster/*`;
const CLUSTER = `arn:aws:ecs:${HERE}:cluster/shop-Cluster`;
const DEFINITION = `arn:aws:ecs:${HERE}:task-definition/shop-Definition:1`;
const STACK_ARN = `arn:aws:cloudformation:${HERE}:stack/shop/*`;

const runningTask = (image: unknown = 'nginx'): Resources => ({
  Target: role({ trusts: service('ecs-tasks') }),
  Cluster: resource('AWS::ECS::Cluster'),
  Definition: resource('AWS::ECS::TaskDefinition', {
    TaskRoleArn: arnOf('Target'),
    ContainerDefinitions: [{ Name: 'web', Image: image }],
  }),
  Service: resource('AWS::ECS::Service', { Cluster: ref('Cluster'), TaskDefinition: ref('Definition') }),
});
const tagged = {
  'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/shop/web:latest',
};
const runningFunction: Resources = {
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
const executing: Resources = { Target: role({ trusts: service('cloudformation') }) };
const someone: Resources = {
  Target: permissionSet('Support'),
  Assignment: assignment('Target', ACCOUNT),
};
const user: Resources = { Target: resource('AWS::IAM::User') };
const running = (trusted: string, type: string, properties: Resources[string]['Properties']): Resources => ({
  Target: role({ trusts: service(trusted) }),
  Thing: resource(type, properties),
});
const QUEUE = `arn:aws:sqs:${HERE}:shop-Queue`;

const CASES: readonly Case[] = [
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

function reached({ around, given }: Case, needs: readonly Statement[]): string[] | undefined {
  return techniquesTo(estate({ ...around, Attacker: role({ may: needs }) }, given), 'Attacker', 'Target');
}

const without = (needs: readonly Statement[], index: number) => [
  // A policy has to say something.
  allow('sts:GetCallerIdentity'),
  ...needs.filter((_, i) => i !== index),
];

describe.each(CASES)('who $title', (each) => {
  it(`becomes the other one, by ${each.technique}`, () => {
    expect(reached(each, each.needs)).toEqual([each.technique]);
  });

  it.each(each.needs.map(({ Action, Resource }, index) => ({ Action, Resource, index })))(
    'does not without $Action on $Resource',
    ({ index }) => {
      expect(reached(each, without(each.needs, index))).toBeUndefined();
    },
  );
});

describe('the catalog of techniques', () => {
  it('has no technique without a case', () => {
    const seen = new Set(CASES.map(({ technique }) => technique));
    expect(TECHNIQUES.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual([]);
  });
});

describe('what a technique does not do', () => {
  const attackerWith = (...may: Statement[]) => ({ Attacker: role({ may }) });

  it('assumes no role that does not trust the account, whatever is allowed', () => {
    const analysis = estate({ Target: role(), ...attackerWith(allow('sts:AssumeRole')) });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('changes no trust of a role of Identity Center', () => {
    const reserved = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/*`;
    const analysis = estate({
      ...someone,
      ...attackerWith(allow(['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'], reserved)),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('makes no credentials of a role', () => {
    const analysis = estate({ Target: role(), ...attackerWith(allow('iam:CreateAccessKey')) });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('replaces no image that a task takes by its digest', () => {
    const digest = {
      'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.amazonaws.com/shop/web@sha256:${'a'.repeat(64)}`,
    };
    const analysis = estate({
      ...runningTask(digest),
      Repository: resource('AWS::ECR::Repository', { RepositoryName: 'shop/web' }),
      ...attackerWith(allow('ecr:PutImage')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('takes no repository for another whose name begins alike', () => {
    const analysis = estate({
      ...runningTask(tagged),
      Repository: resource('AWS::ECR::Repository', { RepositoryName: 'shop/we' }),
      ...attackerWith(allow('ecr:PutImage')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('opens no shell in a container that the condition of its policy leaves out', () => {
    const analysis = estate({
      ...runningTask(),
      ...attackerWith(
        allow('ecs:ExecuteCommand', '*', { Condition: { StringEquals: { 'ecs:container-name': 'sidecar' } } }),
      ),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('changes a stack only where CloudFormation acts as the role', () => {
    const resources = {
      ...executing,
      Other: role({ trusts: service('cloudformation') }),
      ...attackerWith(allow('cloudformation:*', STACK_ARN)),
    };
    const by = (name: string) => ({ deployment: deployedWith({ executionRole: TARGET.replace('Target', name) }) });
    expect(techniquesTo(estate(resources, by('Target')), 'Attacker', 'Target')).toEqual(['stack']);
    expect(techniquesTo(estate(resources, by('Other')), 'Attacker', 'Target')).toBeUndefined();
  });

  it('takes no function for one of a role of the same name in another account', () => {
    const analysis = estate({
      Target: role({ RoleName: 'worker', trusts: service('lambda') }),
      Function: resource('AWS::Lambda::Function', { Role: 'arn:aws:iam::222222222222:role/worker' }),
      ...attackerWith(allow('lambda:UpdateFunctionCode')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('reads no queue by a statement about every other action', () => {
    const analysis = estate({
      Target: role({
        trusts: service('ecs-tasks'),
        Policies: [
          {
            PolicyName: 'others',
            PolicyDocument: document({
              Effect: 'Allow',
              NotAction: 'sqs:ReceiveMessage',
              Resource: arnOf('Queue'),
            }),
          },
        ],
      }),
      Queue: resource('AWS::SQS::Queue'),
      ...attackerWith(allow('sqs:SendMessage', QUEUE)),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toBeUndefined();
  });

  it('assumes a role that names it without a permission of its own', () => {
    const analysis = estate({
      Target: role({ trusts: { AWS: arnOf('Attacker') } }),
      Stranger: role(),
      ...attackerWith(allow('sts:GetCallerIdentity')),
    });
    expect(techniquesTo(analysis, 'Attacker', 'Target')).toEqual(['assume-role']);
    expect(techniquesTo(analysis, 'Stranger', 'Target')).toBeUndefined();
  });

  it('sends nothing to a queue whose policy is its only way in, once that is gone', () => {
    const around = (...statements: object[]): Resources => ({
      ...runningFunction,
      Queue: resource('AWS::SQS::Queue'),
      Mapping: resource('AWS::Lambda::EventSourceMapping', {
        FunctionName: arnOf('Function'),
        EventSourceArn: arnOf('Queue'),
      }),
      Policy: resource('AWS::SQS::QueuePolicy', {
        Queues: [ref('Queue')],
        PolicyDocument: document(...statements),
      }),
      Attacker: role(),
    });
    const open = letIn({ AWS: arnOf('Attacker') }, 'sqs:SendMessage');
    const closed = letIn({ AWS: arnOf('Attacker') }, 'sqs:ReceiveMessage');
    expect(techniquesTo(estate(around(open)), 'Attacker', 'Target')).toEqual(['queue']);
    expect(techniquesTo(estate(around(closed)), 'Attacker', 'Target')).toBeUndefined();
  });
});
