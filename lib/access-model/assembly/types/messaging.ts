/** SNS, SQS, EventBridge, Scheduler, Step Functions, Kinesis, Firehose. */
import {
  arn,
  generated,
  type Kind,
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
import { urlSuffixOf } from '../partition';

/** A first-in-first-out queue or topic says so in its name; CloudFormation adds it where it makes up the name. */
const maybeFifo =
  (property: string, flag: 'FifoQueue' | 'FifoTopic') =>
  (of: Subject): string =>
    text(of, property) ?? `${generated(of)}${String(of.property(flag)) === 'true' ? '.fifo' : ''}`;

const queueUrl = ({ place }: Subject, id: string) =>
  `https://sqs.${place.region}.${urlSuffixOf(place.region)}/${place.account}/${id}`;

/** The default bus has no part in the names of its rules. */
const onBus = (of: Subject, separator: string) => {
  const bus = nameIn(text(of, 'EventBusName') ?? 'default');
  return bus === 'default' ? '' : `${bus}${separator}`;
};

const group = (of: Subject) => text(of, 'GroupName') ?? 'default';

const withUuid = (kind: string, attributes?: Kind['attributes']): Kind => ({
  id: named('Name'),
  arn: (of, id) => arn(of, 'events', `${kind}/${id}/${uuid(of)}`),
  attributes: { ArnForPolicy: (of, id) => arn(of, 'events', `${kind}/${id}`), ...attributes },
});

/** EventBridge keeps what a connection logs in with in a secret of its own. */
const connectionSecret = (of: Subject, id: string) =>
  arn(of, 'secretsmanager', `secret:events!connection/${id}/${uuid(of)}-${random(of).letters(6)}`);

export const messaging: Kinds = {
  'AWS::SNS::Topic': {
    id: maybeFifo('TopicName', 'FifoTopic'),
    arn: regional('sns', ''),
    ref: 'arn',
    attributes: { TopicArn: 'arn', TopicName: 'id' },
  },
  'AWS::SNS::Subscription': {
    id: (of) => `${text(of, 'TopicArn')}:${uuid(of)}`,
    arn: (_, id) => id,
  },

  'AWS::SQS::Queue': {
    id: maybeFifo('QueueName', 'FifoQueue'),
    arn: regional('sqs', ''),
    ref: queueUrl,
    attributes: { QueueName: 'id', QueueUrl: queueUrl },
  },

  'AWS::Events::Rule': {
    id: named('Name'),
    arn: (of, id) => arn(of, 'events', `rule/${onBus(of, '/')}${id}`),
    ref: (of, id) => `${onBus(of, '|')}${id}`,
    attributes: { RuleName: 'id' },
  },
  'AWS::Events::EventBus': {
    id: named('Name'),
    arn: regional('events', 'event-bus/'),
    attributes: { Name: 'id' },
  },
  'AWS::Events::Archive': { id: named('ArchiveName'), arn: regional('events', 'archive/') },
  'AWS::Events::Connection': withUuid('connection', { SecretArn: connectionSecret }),
  'AWS::Events::ApiDestination': withUuid('api-destination'),
  'AWS::Pipes::Pipe': { id: named('Name'), arn: regional('pipes', 'pipe/') },

  'AWS::Scheduler::Schedule': {
    id: named('Name'),
    arn: (of, id) => arn(of, 'scheduler', `schedule/${group(of)}/${id}`),
  },
  'AWS::Scheduler::ScheduleGroup': { id: named('Name'), arn: regional('scheduler', 'schedule-group/') },

  'AWS::StepFunctions::StateMachine': {
    id: named('StateMachineName'),
    arn: regional('states', 'stateMachine:'),
    ref: 'arn',
    attributes: { Name: 'id' },
  },
  'AWS::StepFunctions::Activity': {
    id: named('Name'),
    arn: regional('states', 'activity:'),
    ref: 'arn',
    attributes: { Name: 'id' },
  },

  'AWS::Kinesis::Stream': { id: named('Name'), arn: regional('kinesis', 'stream/') },
  'AWS::KinesisFirehose::DeliveryStream': {
    id: named('DeliveryStreamName'),
    arn: regional('firehose', 'deliverystream/'),
  },
  'AWS::MSK::Cluster': {
    id: named('ClusterName'),
    arn: (of, id) => arn(of, 'kafka', `cluster/${id}/${uuid(of)}`),
    ref: 'arn',
  },
  'AWS::AmazonMQ::Broker': {
    id: (of) => `b-${uuid(of)}`,
    arn: (of, id) => arn(of, 'mq', `broker:${text(of, 'BrokerName')}:${lastPart(id)}`),
  },
};
