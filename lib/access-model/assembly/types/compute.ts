/** Lambda, ECS, EC2 Auto Scaling, Batch, EKS, App Runner, SageMaker. */
import {
  arn,
  generated,
  hexId,
  type Kinds,
  lastPart,
  named,
  nameIn,
  random,
  regional,
  type Subject,
  text,
  uuid,
} from '../kind';
import { isMarked } from '../unresolved';

/** Of a property that names a function: by name, by ARN, or by ARN with a version. */
const functionArn = (of: Subject) => {
  const given = text(of, 'FunctionName') ?? '';
  if (isMarked(given)) return given;
  return given.startsWith('arn:')
    ? given.split(':').slice(0, 7).join(':')
    : arn(of, 'lambda', `function:${given}`);
};

const target = (of: Subject) => text(of, 'TargetFunctionArn') ?? '';

const FIRST = '1';

const serviceCluster = (of: Subject) => nameIn(text(of, 'Cluster') ?? 'default');

export const compute: Kinds = {
  'AWS::Lambda::Function': { id: named('FunctionName'), arn: regional('lambda', 'function:') },
  'AWS::Lambda::Version': {
    id: () => FIRST,
    arn: (of, id) => `${functionArn(of)}:${id}`,
    ref: 'arn',
    attributes: { Version: 'id', FunctionArn: 'arn' },
  },
  'AWS::Lambda::Alias': {
    id: named('Name'),
    arn: (of, id) => `${functionArn(of)}:${id}`,
    ref: 'arn',
    attributes: { AliasArn: 'arn' },
  },
  'AWS::Lambda::LayerVersion': {
    id: named('LayerName'),
    arn: (of, id) => arn(of, 'lambda', `layer:${id}:${FIRST}`),
    ref: 'arn',
    attributes: { LayerVersionArn: 'arn' },
  },
  'AWS::Lambda::Url': {
    id: target,
    attributes: {
      FunctionArn: target,
      FunctionUrl: (of) => `https://${random(of).small(32)}.lambda-url.${of.place.region}.on.aws/`,
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    id: uuid,
    arn: regional('lambda', 'event-source-mapping:'),
    attributes: { Id: 'id', EventSourceMappingArn: 'arn' },
  },
  'AWS::Lambda::CodeSigningConfig': {
    id: hexId('csc-'),
    arn: regional('lambda', 'code-signing-config:'),
    ref: 'arn',
    attributes: { CodeSigningConfigArn: 'arn', CodeSigningConfigId: 'id' },
  },

  'AWS::ECS::Cluster': { id: named('ClusterName'), arn: regional('ecs', 'cluster/') },
  'AWS::ECS::Service': {
    id: named('ServiceName'),
    arn: (of, id) => arn(of, 'ecs', `service/${serviceCluster(of)}/${id}`),
    ref: 'arn',
    attributes: { Name: 'id', ServiceArn: 'arn' },
  },
  'AWS::ECS::TaskDefinition': {
    id: named('Family'),
    arn: (of, id) => arn(of, 'ecs', `task-definition/${id}:${FIRST}`),
    ref: 'arn',
    attributes: { TaskDefinitionArn: 'arn' },
  },
  'AWS::ECS::CapacityProvider': { id: named('Name'), arn: regional('ecs', 'capacity-provider/') },

  'AWS::AutoScaling::AutoScalingGroup': {
    id: named('AutoScalingGroupName'),
    arn: (of, id) => arn(of, 'autoscaling', `autoScalingGroup:${uuid(of)}:autoScalingGroupName/${id}`),
    attributes: { AutoScalingGroupARN: 'arn' },
  },
  'AWS::AutoScaling::LaunchConfiguration': { id: named('LaunchConfigurationName') },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    id: (of) =>
      [text(of, 'ResourceId'), text(of, 'ScalableDimension'), text(of, 'ServiceNamespace')].join('|'),
    attributes: { Id: 'id' },
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    id: named('PolicyName'),
    arn: (of, id) => arn(of, 'autoscaling', `scalingPolicy:${uuid(of)}:policyName/${id}`),
    ref: 'arn',
  },

  'AWS::Batch::ComputeEnvironment': {
    id: named('ComputeEnvironmentName'),
    arn: regional('batch', 'compute-environment/'),
    ref: 'arn',
    attributes: { ComputeEnvironmentArn: 'arn' },
  },
  'AWS::Batch::JobQueue': {
    id: named('JobQueueName'),
    arn: regional('batch', 'job-queue/'),
    ref: 'arn',
    attributes: { JobQueueArn: 'arn' },
  },
  'AWS::Batch::JobDefinition': {
    id: named('JobDefinitionName'),
    arn: (of, id) => arn(of, 'batch', `job-definition/${id}:${FIRST}`),
    ref: 'arn',
    attributes: { JobDefinitionArn: 'arn' },
  },

  'AWS::EKS::Cluster': { id: named('Name'), arn: regional('eks', 'cluster/') },
  'AWS::EKS::Nodegroup': {
    id: named('NodegroupName'),
    arn: (of, id) => arn(of, 'eks', `nodegroup/${text(of, 'ClusterName')}/${id}/${uuid(of)}`),
    ref: (of, id) => `${text(of, 'ClusterName')}/${id}`,
    attributes: { Id: (of, id) => `${text(of, 'ClusterName')}/${id}` },
  },

  'AWS::AppRunner::Service': {
    id: named('ServiceName'),
    arn: (of, id) => arn(of, 'apprunner', `service/${id}/${random(of).hex(32)}`),
    ref: 'arn',
    attributes: {
      ServiceArn: 'arn',
      ServiceId: (of) => random(of).hex(32),
      ServiceUrl: (of) => `${random(of).small(10)}.${of.place.region}.awsapprunner.com`,
    },
  },

  'AWS::SageMaker::NotebookInstance': {
    id: named('NotebookInstanceName'),
    arn: (of, id) => arn(of, 'sagemaker', `notebook-instance/${id.toLowerCase()}`),
    ref: 'arn',
    attributes: { NotebookInstanceArn: 'arn', NotebookInstanceName: 'id' },
  },
  'AWS::SageMaker::Endpoint': {
    id: (of) => lastPart(text(of, 'EndpointName') ?? generated(of)),
    arn: (of, id) => arn(of, 'sagemaker', `endpoint/${id.toLowerCase()}`),
    ref: 'arn',
    attributes: { EndpointArn: 'arn', EndpointName: 'id' },
  },
};
