/** The load balancer and its firewall: what gets in, and what is written down of it. */
import { Template } from 'aws-cdk-lib/assertions';
import { FrontDoor } from '../../../lib/services/front-door';
import { LOGS_KEY, only, serviceSurroundings } from './surroundings';

let template: Template;
beforeAll(() => {
  const { stack, common } = serviceSurroundings();
  new FrontDoor(stack, 'FrontDoor', {
    ...common,
    prefix: 'test',
    certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/1',
    rateLimit: 1234,
    accessLogs: { bucketName: 'access-logs', path: 'alb' },
  });
  template = Template.fromStack(stack);
});

test('the only listener speaks TLS 1.2 at least, with the certificate of the stage', () => {
  expect(only(template, 'AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
    SslPolicy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-[23]-/),
    Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/1' }],
  });
});

test('requests are recorded, and ambiguous ones dropped', () => {
  const { LoadBalancerAttributes } = only(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
  expect(
    Object.fromEntries(
      LoadBalancerAttributes.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]),
    ),
  ).toEqual({
    'deletion_protection.enabled': 'true',
    'routing.http.drop_invalid_header_fields.enabled': 'true',
    'routing.http.desync_mitigation_mode': 'strictest',
    'access_logs.s3.enabled': 'true',
    'access_logs.s3.bucket': 'access-logs',
    'access_logs.s3.prefix': 'alb',
  });
});

test('it opens no port of its security group by itself', () => {
  template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  expect(only(template, 'AWS::EC2::SecurityGroup').SecurityGroupIngress).toBeUndefined();
});

test('the firewall stands before this load balancer', () => {
  const [balancer] = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
  const [firewall] = Object.keys(template.findResources('AWS::WAFv2::WebACL'));
  expect(only(template, 'AWS::WAFv2::WebACLAssociation')).toEqual({
    ResourceArn: { Ref: balancer },
    WebACLArn: { 'Fn::GetAtt': [firewall, 'Arn'] },
  });
});

test('it counts requests of an address, then asks the managed rules, and each of them blocks', () => {
  const { Rules } = only(template, 'AWS::WAFv2::WebACL');
  const [rate, ...managed] = Rules;
  expect(rate).toMatchObject({
    Action: { Block: {} },
    Statement: { RateBasedStatement: { AggregateKeyType: 'IP', Limit: 1234 } },
  });
  expect(
    managed.map(({ Statement, OverrideAction }: Record<string, Record<string, { Name: string }>>) => [
      Statement?.ManagedRuleGroupStatement?.Name,
      OverrideAction,
    ]),
  ).toEqual([
    ['AWSManagedRulesAmazonIpReputationList', { None: {} }],
    ['AWSManagedRulesCommonRuleSet', { None: {} }],
    ['AWSManagedRulesKnownBadInputsRuleSet', { None: {} }],
    ['AWSManagedRulesSQLiRuleSet', { None: {} }],
  ]);
  const priorities = Rules.map(({ Priority }: { Priority: number }) => Priority);
  expect(new Set(priorities).size).toBe(priorities.length);
});

test("what it writes down is encrypted and kept, and holds nobody's session", () => {
  expect(only(template, 'AWS::WAFv2::LoggingConfiguration').RedactedFields).toEqual([
    { SingleHeader: { Name: 'authorization' } },
    { SingleHeader: { Name: 'cookie' } },
  ]);
  template.hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Retain',
    Properties: { LogGroupName: 'aws-waf-logs-test-web', KmsKeyId: LOGS_KEY, RetentionInDays: 365 },
  });
});
