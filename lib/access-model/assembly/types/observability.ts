/** Logs, CloudWatch, CloudTrail, Config, GuardDuty and their like. */
import { arn, globalArn, type Kinds, named, random, regional, type Subject, text, uuid } from '../kind';

const logGroupOf = (of: Subject) => text(of, 'LogGroupName') ?? '';

export const observability: Kinds = {
  'AWS::Logs::LogGroup': {
    id: named('LogGroupName'),
    // The end stands for the streams: without it a policy reaches none of them.
    arn: (of, id) => arn(of, 'logs', `log-group:${id}:*`),
  },
  'AWS::Logs::LogStream': {
    id: named('LogStreamName'),
    arn: (of, id) => arn(of, 'logs', `log-group:${logGroupOf(of)}:log-stream:${id}`),
  },
  'AWS::Logs::Destination': { id: named('DestinationName'), arn: regional('logs', 'destination:') },
  'AWS::Logs::QueryDefinition': { id: uuid, attributes: { QueryDefinitionId: 'id' } },

  'AWS::CloudWatch::Alarm': { id: named('AlarmName'), arn: regional('cloudwatch', 'alarm:') },
  'AWS::CloudWatch::CompositeAlarm': { id: named('AlarmName'), arn: regional('cloudwatch', 'alarm:') },
  'AWS::CloudWatch::Dashboard': {
    id: named('DashboardName'),
    arn: (of, id) => globalArn(of, 'cloudwatch', `dashboard/${id}`),
  },

  'AWS::CloudTrail::Trail': { id: named('TrailName'), arn: regional('cloudtrail', 'trail/') },
  'AWS::CloudTrail::EventDataStore': {
    id: uuid,
    arn: regional('cloudtrail', 'eventdatastore/'),
    ref: 'arn',
    attributes: { EventDataStoreArn: 'arn' },
  },

  'AWS::Config::ConfigRule': {
    id: named('ConfigRuleName'),
    arn: (of) => arn(of, 'config', `config-rule/config-rule-${random(of).small(6)}`),
    attributes: { ConfigRuleId: (of) => `config-rule-${random(of).small(6)}` },
  },
  'AWS::Config::ConfigurationRecorder': { id: named('Name') },
  'AWS::GuardDuty::Detector': {
    id: (of) => random(of).hex(32),
    arn: regional('guardduty', 'detector/'),
    attributes: { Id: 'id' },
  },
  'AWS::SecurityHub::Hub': {
    id: () => 'default',
    arn: regional('securityhub', 'hub/'),
    ref: 'arn',
    attributes: { ARN: 'arn' },
  },
  'AWS::AccessAnalyzer::Analyzer': {
    id: named('AnalyzerName'),
    arn: regional('access-analyzer', 'analyzer/'),
    ref: 'arn',
  },
  'AWS::Synthetics::Canary': {
    id: named('Name'),
    arn: regional('synthetics', 'canary:'),
    attributes: { Id: uuid },
  },
};
