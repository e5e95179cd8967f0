/** Becoming what already runs as a role: its code, its image, its template, its shell, its input. */
import type { Way } from '../capabilities/capability';
import { assetBuckets } from '../capabilities/runs';
import { servicesOf as ecsServices, imagesOf } from '../capabilities/tasks';
import { anyOf, ofType, step, way } from '../capabilities/ways';
import type { Estate, Principal, Target } from '../estate/estate';
import { record, text } from '../estate/properties';
import { servicesOf } from './passing';
import type { Technique } from './technique';

const isRoleOf = (target: Principal, property: unknown): boolean =>
  property === target.caller.arn ||
  (typeof property === 'string' &&
    property.split('/').at(-1) === target.caller.arn.split('/').at(-1) &&
    property !== '');

const functionsOf = (target: Principal, estate: Estate): Target[] =>
  ofType(estate, 'AWS::Lambda::Function').filter(({ properties }) => isRoleOf(target, properties.Role));

const definitionsOf = (target: Principal, estate: Estate): Target[] =>
  ofType(estate, 'AWS::ECS::TaskDefinition').filter(({ properties }) =>
    isRoleOf(target, properties.TaskRoleArn),
  );

export const RUNNING: readonly Technique[] = [
  {
    id: 'exec',
    verb: 'opens a shell in a task of',
    ways: (target, estate) => {
      const definitions = definitionsOf(target, estate);
      return ecsServices(estate)
        .filter(({ taskDefinition }) => taskDefinition && definitions.includes(taskDefinition))
        .flatMap(({ clusterArn, taskArn, containers }) => [
          ...containers.map((name) => {
            const keys = { 'ecs:container-name': name };
            return way(
              step('ecs:ExecuteCommand', clusterArn, keys),
              step('ecs:ExecuteCommand', taskArn, keys),
            );
          }),
          way(step('ssm:StartSession', taskArn)),
        ]);
    },
  },
  {
    id: 'run-task',
    // Overrides replace the command: nothing has to be registered.
    verb: 'runs a task with a command of its own as',
    ways: (target, estate) =>
      anyOf(
        ['ecs:RunTask', 'ecs:StartTask'],
        definitionsOf(target, estate).map(({ arn }) => arn),
      ),
  },
  {
    id: 'function-code',
    verb: 'changes the code of a function of',
    ways: (target, estate) => {
      const functions = functionsOf(target, estate).map(({ arn }) => arn);
      // Layers, the handler and NODE_OPTIONS are settings, and code.
      return anyOf(['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'], functions);
    },
  },
  {
    id: 'image',
    verb: 'replaces the image of a task of',
    ways: (target, estate) => {
      // By digest, a task runs what was reviewed, whatever is pushed.
      const byTag = definitionsOf(target, estate)
        .flatMap(imagesOf)
        .filter((image) => !image.includes('@sha256:'));
      const repositories = ofType(estate, 'AWS::ECR::Repository').filter(({ name }) =>
        byTag.some((image) => image.includes(`/${name}`)),
      );
      return anyOf(
        ['ecr:PutImage'],
        repositories.map(({ arn }) => arn),
      );
    },
  },
  {
    id: 'assets',
    verb: 'replaces code or a template on its way to a deploy by',
    ways: (target, estate) => {
      const runsFromAssets =
        functionsOf(target, estate).length > 0 ||
        estate.stacks.some(({ deployment }) => deployment?.executionRole === target.caller.arn);
      return runsFromAssets ? anyOf(['s3:PutObject'], assetsOf(target, estate)) : [];
    },
  },
  {
    id: 'stack',
    verb: 'changes a stack that is deployed by',
    ways: (target, estate) => stacksOf(target, estate).flatMap(changing),
  },
  {
    id: 'instance',
    verb: 'enters an instance of',
    ways: (target, estate) =>
      instancesOf(target, estate).flatMap(({ arn }) =>
        anyOf(
          [
            'ssm:StartSession',
            'ssm:SendCommand',
            'ec2-instance-connect:SendSSHPublicKey',
            'ec2:ModifyInstanceAttribute',
          ],
          [arn],
        ),
      ),
  },
  {
    id: 'definition',
    verb: 'changes what is run as',
    ways: (target, estate) =>
      DEFINITIONS.flatMap(({ type, role, actions }) =>
        anyOf(
          actions,
          ofType(estate, type)
            .filter(({ properties }) => isRoleOf(target, role(properties)))
            .map(({ arn }) => arn),
        ),
      ),
  },
  {
    id: 'queue',
    verb: 'writes what is read by',
    ways: (target, estate) => anyOf(['sqs:SendMessage'], queuesOf(target, estate)),
  },
];

/** Resources that run something as a role, where that role stands in them, and what changes what they run. */
const DEFINITIONS: readonly {
  type: string;
  role: (properties: Target['properties']) => unknown;
  actions: readonly string[];
}[] = [
  {
    type: 'AWS::CodeBuild::Project',
    role: ({ ServiceRole }) => ServiceRole,
    actions: ['codebuild:StartBuild', 'codebuild:UpdateProject'],
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    role: ({ RoleArn }) => RoleArn,
    actions: ['states:UpdateStateMachine'],
  },
  {
    type: 'AWS::Scheduler::Schedule',
    role: ({ Target }) => record(Target).RoleArn,
    actions: ['scheduler:UpdateSchedule'],
  },
  { type: 'AWS::Glue::Job', role: ({ Role }) => Role, actions: ['glue:UpdateJob'] },
  {
    type: 'AWS::SageMaker::NotebookInstance',
    role: ({ RoleArn }) => RoleArn,
    actions: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
  },
  {
    type: 'AWS::CodePipeline::Pipeline',
    role: ({ RoleArn }) => RoleArn,
    actions: ['codepipeline:UpdatePipeline'],
  },
  {
    type: 'AWS::AppRunner::Service',
    role: ({ InstanceConfiguration }) => record(InstanceConfiguration).InstanceRoleArn,
    actions: ['apprunner:UpdateService'],
  },
];

function assetsOf(target: Principal, estate: Estate): string[] {
  const own = estate.stacks.filter(
    ({ deployment, id }) =>
      deployment?.executionRole === target.caller.arn ||
      functionsOf(target, estate).some(({ stack }) => stack.id === id),
  );
  const buckets = new Set(own.flatMap(({ deployment }) => deployment?.assetBuckets ?? []));
  return assetBuckets(estate).filter((arn) =>
    buckets.has(arn.slice('arn:aws:s3:::'.length).split('/')[0] ?? ''),
  );
}

/** CloudFormation acts as the role that a stack was made with, also for who could not pass it. */
function stacksOf(target: Principal, estate: Estate): string[] {
  if (!servicesOf(target).includes('cloudformation.amazonaws.com')) return [];
  return estate.stacks
    .filter(({ deployment }) => deployment?.executionRole === target.caller.arn)
    .map(
      ({ partition, region, account, name }) =>
        `arn:${partition}:cloudformation:${region}:${account}:stack/${name}/00000000-0000-0000-0000-000000000000`,
    );
}

function changing(stack: string): Way[] {
  return [
    way(step('cloudformation:UpdateStack', stack)),
    way(step('cloudformation:CreateChangeSet', stack), step('cloudformation:ExecuteChangeSet', stack)),
  ];
}

function instancesOf(target: Principal, { resources, targets }: Estate): Target[] {
  const name = target.caller.arn.split('/').at(-1);
  const profiles = resources
    .filter(
      ({ type, properties }) =>
        type === 'AWS::IAM::InstanceProfile' && [properties.Roles].flat().includes(name),
    )
    .map(({ ref }) => ref);
  return targets.filter(
    ({ type, properties }) =>
      type === 'AWS::EC2::Instance' && profiles.includes(text(properties.IamInstanceProfile) ?? ''),
  );
}

/** By an event source mapping, or because its role may receive from the queue. */
function queuesOf(target: Principal, estate: Estate): string[] {
  const queues = ofType(estate, 'AWS::SQS::Queue').map(({ arn }) => arn);
  const functions = functionsOf(target, estate).flatMap(({ arn, name }) => [arn, name]);
  const mapped = estate.resources
    .filter(
      ({ type, properties }) =>
        type === 'AWS::Lambda::EventSourceMapping' && functions.includes(text(properties.FunctionName) ?? ''),
    )
    .map(({ properties }) => text(properties.EventSourceArn));
  const received = target.identity
    .flatMap(({ statements }) => statements)
    .filter(
      ({ effect, actions }) =>
        effect === 'Allow' && actions.some((action) => /^(sqs:(ReceiveMessage|\*))$/i.test(action)),
    )
    .flatMap(({ resources }) => resources);
  return queues.filter((arn) => mapped.includes(arn) || received.includes(arn));
}
