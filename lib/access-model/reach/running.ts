/** Becoming what already runs as a role: its code, its image, its template, its shell, its input. */
import { literalParts } from '../assembly/unresolved';
import type { Way } from '../capabilities/capability';
import { assetBuckets } from '../capabilities/runs';
import { servicesOf as ecsServices, imagesOf } from '../capabilities/tasks';
import { anyOf, isCalled, objectsOf, ofType, step, way } from '../capabilities/ways';
import type { Estate, Principal, Target } from '../estate/estate';
import { record, text } from '../estate/properties';
import { meansAction } from '../evaluate/applies';
import { matches } from '../policy/pattern';
import { INSTANCE } from './instances';
import { servicesOf } from './passing';
import type { Technique } from './technique';

/** By ARN, or by name: of a role in the account of the resource. */
function isRoleOf({ caller }: Principal, { account }: Target, property: unknown): boolean {
  if (typeof property !== 'string' || property === '') return false;
  const owner = property.startsWith('arn:') ? property.split(':')[4] : account;
  return owner === caller.account && property.split('/').at(-1) === caller.arn.split('/').at(-1);
}

const functionsOf = (target: Principal, estate: Estate): Target[] =>
  ofType(estate, 'AWS::Lambda::Function').filter((each) => isRoleOf(target, each, each.properties.Role));

const definitionsOf = (target: Principal, estate: Estate): Target[] =>
  ofType(estate, 'AWS::ECS::TaskDefinition').filter((each) =>
    isRoleOf(target, each, each.properties.TaskRoleArn),
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
        byTag.some((image) => isOf(image, name)),
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
      return runsFromAssets ? anyOf(['s3:PutObject'], assetsOf(target, estate).flatMap(objectsOf)) : [];
    },
  },
  {
    id: 'stack',
    verb: 'changes a stack that is deployed by',
    ways: (target, estate) => stacksOf(target, estate).flatMap(changing),
  },
  INSTANCE,
  {
    id: 'definition',
    verb: 'changes what is run as',
    ways: (target, estate) =>
      DEFINITIONS.flatMap(({ type, role, actions }) =>
        anyOf(
          actions,
          ofType(estate, type)
            .filter((each) => isRoleOf(target, each, role(each.properties)))
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

/** Whether an image, `host/name:tag`, is of a repository; one that is not known to its end is perhaps. */
function isOf(image: string, repository: string): boolean {
  const [known = '', ...rest] = literalParts(image);
  const path = known.includes('/') ? known.slice(known.indexOf('/') + 1) : '';
  return rest.length === 0 || path.includes(':')
    ? path.split(':')[0] === repository
    : repository.startsWith(path);
}

function assetsOf(target: Principal, estate: Estate): string[] {
  const functions = functionsOf(target, estate);
  const stacks = estate.stacks.filter(
    ({ deployment, id }) =>
      deployment?.executionRole === target.caller.arn || functions.some(({ stack }) => stack.id === id),
  );
  return assetBuckets({ stacks, targets: functions });
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

/** By an event source mapping, or because its role may receive from the queue. */
function queuesOf(target: Principal, estate: Estate): string[] {
  const queues = ofType(estate, 'AWS::SQS::Queue').map(({ arn }) => arn);
  const functions = functionsOf(target, estate);
  const mapped = estate.resources
    .filter(
      ({ type, properties, stack }) =>
        type === 'AWS::Lambda::EventSourceMapping' &&
        functions.some((each) => isCalled(each, text(properties.FunctionName), stack)),
    )
    .map(({ properties }) => text(properties.EventSourceArn));
  // Who may do everything need not read a queue: a statement has to speak of queues.
  const reading = target.identity
    .flatMap(({ statements }) => statements)
    .filter(
      (each) =>
        each.effect === 'Allow' &&
        !each.notActions &&
        !each.notResources &&
        each.actions.some((action) => /^sqs:/i.test(action)) &&
        meansAction(each, 'sqs:ReceiveMessage'),
    )
    .flatMap(({ resources }) => resources);
  return queues.filter(
    (arn) => mapped.includes(arn) || reading.some((pattern) => matches(pattern, arn) !== 'no'),
  );
}
