/** The network of two stages: what is open, what is closed, and what it costs. */
import { Match, Template } from 'aws-cdk-lib/assertions';
import { NetworkStack } from '../../../lib/stacks/network';
import { stageNamed, testApp } from '../../support/stages';

interface Rule {
  readonly CidrIp?: string;
  readonly GroupId?: unknown;
  readonly DestinationPrefixListId?: string;
  readonly DestinationSecurityGroupId?: unknown;
  readonly FromPort?: number;
}

let prod: Template;
let dev: Template;

beforeAll(() => {
  prod = Template.fromStack(new NetworkStack(testApp(), 'Network', { stage: stageNamed('prod') }));
  dev = Template.fromStack(new NetworkStack(testApp(), 'Network', { stage: stageNamed('dev') }));
});

const resources = (template: Template, type: string) =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => ({ id, ...Properties }));

/** Subnets of a group, by the tag that the CDK puts on them. */
const subnets = (template: Template, group: string) =>
  resources(template, 'AWS::EC2::Subnet').filter(({ Tags }) =>
    Tags.some(
      ({ Key, Value }: { Key: string; Value: string }) => Key === 'aws-cdk:subnet-name' && Value === group,
    ),
  );

/** Routes to anywhere, from the subnets of a group. */
const waysOut = (template: Template, group: string) =>
  resources(template, 'AWS::EC2::Route').filter(({ id }) => id.startsWith(`Vpc${group}`));

test('four kinds of subnets in three zones, none of which gives out public addresses', () => {
  for (const group of ['public', 'app', 'shell', 'data']) {
    expect(subnets(prod, group).map(({ AvailabilityZone }) => AvailabilityZone)).toEqual([
      'eu-central-1a',
      'eu-central-1b',
      'eu-central-1c',
    ]);
  }
  expect(
    resources(prod, 'AWS::EC2::Subnet').filter(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch !== false),
  ).toEqual([]);
});

test('shell and data have no way out in any stage; the app has one where the stage pays for it', () => {
  for (const template of [prod, dev]) {
    expect(waysOut(template, 'shell')).toEqual([]);
    expect(waysOut(template, 'data')).toEqual([]);
    expect(waysOut(template, 'public')).toHaveLength(3);
  }
  expect(waysOut(prod, 'app')).toHaveLength(3);
  expect(waysOut(dev, 'app')).toEqual([]);
  dev.resourceCountIs('AWS::EC2::NatGateway', 0);
  prod.resourceCountIs('AWS::EC2::NatGateway', 3);
});

test('the default security group is closed', () => {
  prod.hasResourceProperties('Custom::VpcRestrictDefaultSG', { DefaultSecurityGroupId: Match.anyValue() });
});

test('all traffic is recorded, in an encrypted log group', () => {
  prod.hasResourceProperties('AWS::EC2::FlowLog', { TrafficType: 'ALL' });
  prod.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/tz-prod/flow-logs',
    KmsKeyId: Match.anyValue(),
    RetentionInDays: 365,
  });
});

function rulesOf(template: Template, direction: 'Ingress' | 'Egress', group: string): Rule[] {
  const [id] = Object.keys(template.findResources('AWS::EC2::SecurityGroup')).filter((each) =>
    each.startsWith(`SecurityGroups${group}`),
  );
  const inside = template.findResources('AWS::EC2::SecurityGroup')[id ?? '']?.Properties ?? {};
  const beside = resources(template, `AWS::EC2::SecurityGroup${direction}`).filter(({ GroupId }) =>
    JSON.stringify(GroupId).includes(`"${id}"`),
  );
  return [...(inside[`SecurityGroup${direction}`] ?? []), ...(beside as Rule[])];
}

test('only the load balancer hears the internet, at port 443', () => {
  const open = [
    'LoadBalancer',
    'Backend',
    'SupportShell',
    'Functions',
    'Approvals',
    'Migration',
    'Database',
    'Endpoints',
  ]
    .flatMap((group) => rulesOf(prod, 'Ingress', group).map((rule) => ({ group, ...rule })))
    .filter(({ CidrIp }) => CidrIp !== undefined);
  expect(open).toMatchObject([{ group: 'LoadBalancer', CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }]);
});

test.each([
  ['the shell', 'SupportShell', ['pl-6ea54007']],
  ['the approvals', 'Approvals', ['pl-6ea54007']],
  ['another function', 'Functions', []],
])('%s reaches the database and the endpoints, S3 where it must, nothing else', (_, group, s3) => {
  const reaches = rulesOf(prod, 'Egress', group).map((rule) => [
    rule.DestinationPrefixListId ??
      JSON.stringify(rule.DestinationSecurityGroupId).match(/Groups([A-Z][a-z]+)/)?.[1],
    rule.FromPort,
  ]);
  expect(reaches.sort()).toEqual([['Database', 5433], ['Endpoints', 443], ...s3.map((list) => [list, 443])]);
});

test('the backend reaches what the stage names, and the functions nothing beyond the VPC', () => {
  const named = (group: string) =>
    rulesOf(prod, 'Egress', group).flatMap(({ CidrIp }) => (CidrIp === undefined ? [] : [CidrIp]));
  expect(named('Backend')).toEqual(['198.51.100.0/24']);
  expect(named('Functions')).toEqual([]);
});

describe('endpoints', () => {
  const services = (template: Template) =>
    resources(template, 'AWS::EC2::VPCEndpoint')
      .filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface')
      .map(({ ServiceName }) =>
        JSON.stringify(ServiceName)
          .match(/[a-z0-9.-]+(?="|$)/g)
          ?.at(-1),
      );

  test('every service that the platform calls has one', () => {
    expect(services(prod).join(' ')).toMatchInlineSnapshot(
      `"com.amazonaws.eu-central-1.ecr.api com.amazonaws.eu-central-1.ecr.dkr com.amazonaws.eu-central-1.ecs com.amazonaws.eu-central-1.ecs-agent com.amazonaws.eu-central-1.ecs-telemetry com.amazonaws.eu-central-1.kms com.amazonaws.eu-central-1.logs com.amazonaws.eu-central-1.monitoring com.amazonaws.eu-central-1.rds-data com.amazonaws.eu-central-1.secretsmanager com.amazonaws.eu-central-1.sns com.amazonaws.eu-central-1.ssm com.amazonaws.eu-central-1.ssmmessages com.amazonaws.eu-central-1.sts"`,
    );
  });

  test('admit principals of this account only', () => {
    for (const { VpcEndpointType, PolicyDocument } of resources(prod, 'AWS::EC2::VPCEndpoint')) {
      if (VpcEndpointType !== 'Interface') continue;
      expect(PolicyDocument.Statement).toEqual([
        expect.objectContaining({ Condition: { StringEquals: { 'aws:PrincipalAccount': '333333333333' } } }),
      ]);
    }
  });

  test('stand in as many zones as the stage pays for', () => {
    const zones = (template: Template) =>
      new Set(
        resources(template, 'AWS::EC2::VPCEndpoint')
          .filter(({ VpcEndpointType }) => VpcEndpointType === 'Interface')
          .map(({ SubnetIds }) => SubnetIds.length),
      );
    expect([...zones(prod)]).toEqual([3]);
    expect([...zones(dev)]).toEqual([1]);
  });

  test('from the shell, S3 is layers of images and the bucket of transcripts', () => {
    const gateways = resources(prod, 'AWS::EC2::VPCEndpoint').filter(
      ({ VpcEndpointType }) => VpcEndpointType === 'Gateway',
    );
    const shell = gateways.find(({ id }) => id.includes('Shell'));
    expect(shell.PolicyDocument.Statement.map(({ Sid }: { Sid: string }) => Sid)).toEqual([
      'LayersOfImages',
      'Transcripts',
    ]);
    expect(shell.RouteTableIds).toHaveLength(3);
    const others = gateways.filter((each) => each !== shell).flatMap(({ RouteTableIds }) => RouteTableIds);
    for (const table of shell.RouteTableIds) expect(others).not.toContainEqual(table);
  });
});
