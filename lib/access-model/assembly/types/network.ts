/** EC2, load balancers, Route 53, certificates, WAF, CloudFront. */

import {
  arn,
  globalArn,
  hexId,
  type Kind,
  type Kinds,
  lastPart,
  named,
  random,
  regional,
  type Subject,
  text,
  uuid,
} from '../kind';
import { urlSuffixOf } from '../partition';
import { mark } from '../unresolved';

const ec2 = (prefix: string, kind: string, idAttribute = 'Id', others: Kind['attributes'] = {}): Kind => ({
  id: hexId(prefix),
  arn: regional('ec2', `${kind}/`),
  attributes: { [idAttribute]: 'id', ...others },
});

/** An invented address could be somebody's. */
const address = (of: Subject) => mark(`the address of ${of.logicalId}`);

const balancerKind = (of: Subject) => ({ network: 'net', gateway: 'gwy' })[text(of, 'Type') ?? ''] ?? 'app';

const balancerName = (of: Subject, id: string) => `${balancerKind(of)}/${id}/${random(of).hex(16)}`;

const balancerHost = (of: Subject, id: string) => {
  const internal = text(of, 'Scheme') === 'internal' ? 'internal-' : '';
  const { region } = of.place;
  const urlSuffix = urlSuffixOf(region);
  return balancerKind(of) === 'app'
    ? `${internal}${id}-${random(of).digits(10)}.${region}.elb.${urlSuffix}`
    : `${id}-${random(of).hex(16)}.elb.${region}.${urlSuffix}`;
};

const balancing = (of: Subject, resource: string) => arn(of, 'elasticloadbalancing', resource);

const targetGroupName = (of: Subject, id: string) => `targetgroup/${id}/${random(of).hex(16)}`;

/** A listener's ARN goes on where its load balancer's ends, and a rule's where its listener's does. */
const under = (property: string, parent: string, child: string) => (of: Subject) =>
  `${(text(of, property) ?? '').replace(`:${parent}/`, `:${child}/`)}/${random(of).hex(16)}`;

/** What guards CloudFront lives in us-east-1 and says `global`. */
const waf = (kind: string, attributes: Kind['attributes'] = {}): Kind => ({
  id: named('Name'),
  arn: (of, id) => {
    const scope = text(of, 'Scope') === 'CLOUDFRONT' ? 'global' : 'regional';
    return arn(of, 'wafv2', `${scope}/${kind}/${id}/${uuid(of)}`);
  },
  ref: (of, id) => [id, uuid(of), text(of, 'Scope')].join('|'),
  attributes: { Id: uuid, ...attributes },
});

const zone = (of: Subject) => `Z${random(of).capitals(20)}`;

const distributionHost = (of: Subject) => `d${random(of).small(13)}.cloudfront.net`;

export const network: Kinds = {
  'AWS::EC2::VPC': ec2('vpc-', 'vpc', 'VpcId', {
    DefaultSecurityGroup: (of) => `sg-${random(of, '/DefaultSecurityGroup').hex(17)}`,
    DefaultNetworkAcl: (of) => `acl-${random(of, '/DefaultNetworkAcl').hex(17)}`,
    CidrBlockAssociations: (of) => [`vpc-cidr-assoc-${random(of).hex(17)}`],
  }),
  'AWS::EC2::Subnet': ec2('subnet-', 'subnet', 'SubnetId'),
  'AWS::EC2::SecurityGroup': ec2('sg-', 'security-group', 'GroupId', { Id: 'id' }),
  'AWS::EC2::SecurityGroupIngress': ec2('sgr-', 'security-group-rule'),
  'AWS::EC2::SecurityGroupEgress': ec2('sgr-', 'security-group-rule'),
  'AWS::EC2::RouteTable': ec2('rtb-', 'route-table', 'RouteTableId'),
  'AWS::EC2::SubnetRouteTableAssociation': { id: hexId('rtbassoc-'), attributes: { Id: 'id' } },
  'AWS::EC2::InternetGateway': ec2('igw-', 'internet-gateway', 'InternetGatewayId'),
  'AWS::EC2::EgressOnlyInternetGateway': ec2('eigw-', 'egress-only-internet-gateway'),
  'AWS::EC2::NatGateway': ec2('nat-', 'natgateway', 'NatGatewayId'),
  'AWS::EC2::EIP': {
    ...ec2('eipalloc-', 'elastic-ip', 'AllocationId', { PublicIp: address }),
    ref: address,
  },
  'AWS::EC2::Instance': ec2('i-', 'instance', 'InstanceId'),
  'AWS::EC2::Volume': ec2('vol-', 'volume', 'VolumeId'),
  'AWS::EC2::NetworkInterface': ec2('eni-', 'network-interface'),
  'AWS::EC2::NetworkAcl': ec2('acl-', 'network-acl'),
  'AWS::EC2::LaunchTemplate': ec2('lt-', 'launch-template', 'LaunchTemplateId', {
    DefaultVersionNumber: () => '1',
    LatestVersionNumber: () => '1',
  }),
  'AWS::EC2::VPCEndpoint': ec2('vpce-', 'vpc-endpoint'),
  'AWS::EC2::VPCEndpointService': ec2('vpce-svc-', 'vpc-endpoint-service', 'ServiceId'),
  'AWS::EC2::VPCPeeringConnection': ec2('pcx-', 'vpc-peering-connection'),
  'AWS::EC2::FlowLog': ec2('fl-', 'vpc-flow-log'),
  'AWS::EC2::DHCPOptions': ec2('dopt-', 'dhcp-options', 'DhcpOptionsId'),
  'AWS::EC2::PrefixList': ec2('pl-', 'prefix-list', 'PrefixListId'),
  'AWS::EC2::TransitGateway': ec2('tgw-', 'transit-gateway', 'Id', { TransitGatewayArn: 'arn' }),
  'AWS::EC2::TransitGatewayAttachment': ec2('tgw-attach-', 'transit-gateway-attachment'),
  'AWS::EC2::CustomerGateway': ec2('cgw-', 'customer-gateway', 'CustomerGatewayId'),
  'AWS::EC2::VPNGateway': ec2('vgw-', 'vpn-gateway', 'VPNGatewayId'),
  'AWS::EC2::VPNConnection': ec2('vpn-', 'vpn-connection', 'VpnConnectionId'),
  'AWS::EC2::KeyPair': { id: named('KeyName'), arn: regional('ec2', 'key-pair/') },

  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    id: named('Name'),
    arn: (of, id) => balancing(of, `loadbalancer/${balancerName(of, id)}`),
    ref: 'arn',
    attributes: {
      LoadBalancerArn: 'arn',
      LoadBalancerName: 'id',
      LoadBalancerFullName: balancerName,
      DNSName: balancerHost,
      CanonicalHostedZoneID: zone,
    },
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    id: under('LoadBalancerArn', 'loadbalancer', 'listener'),
    arn: (_, id) => id,
    attributes: { ListenerArn: 'arn' },
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    id: under('ListenerArn', 'listener', 'listener-rule'),
    arn: (_, id) => id,
    attributes: { RuleArn: 'arn' },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    id: named('Name'),
    arn: (of, id) => balancing(of, targetGroupName(of, id)),
    ref: 'arn',
    attributes: { TargetGroupArn: 'arn', TargetGroupName: 'id', TargetGroupFullName: targetGroupName },
  },

  'AWS::Route53::HostedZone': {
    id: zone,
    arn: ({ place }, id) => `arn:${place.partition}:route53:::hostedzone/${id}`,
    attributes: { Id: 'id' },
  },
  'AWS::Route53::RecordSet': { id: (of) => text(of, 'Name') ?? '' },
  'AWS::Route53::HealthCheck': { id: uuid, attributes: { HealthCheckId: 'id' } },
  'AWS::CertificateManager::Certificate': {
    id: uuid,
    arn: regional('acm', 'certificate/'),
    ref: 'arn',
    attributes: { CertificateArn: 'arn' },
  },

  'AWS::WAFv2::WebACL': waf('webacl', {
    LabelNamespace: ({ place }, id) => `awswaf:${place.account}:webacl:${id}:`,
  }),
  'AWS::WAFv2::RuleGroup': waf('rulegroup'),
  'AWS::WAFv2::IPSet': waf('ipset'),
  'AWS::WAFv2::RegexPatternSet': waf('regexpatternset'),

  'AWS::CloudFront::Distribution': {
    id: (of) => `E${random(of).capitals(13)}`,
    arn: (of, id) => globalArn(of, 'cloudfront', `distribution/${id}`),
    attributes: { Id: 'id', DomainName: distributionHost },
  },
  'AWS::CloudFront::CloudFrontOriginAccessIdentity': {
    id: (of) => `E${random(of).capitals(13)}`,
    attributes: { Id: 'id' },
  },
  'AWS::CloudFront::OriginAccessControl': {
    id: (of) => `E${random(of).capitals(13)}`,
    attributes: { Id: 'id' },
  },
  'AWS::CloudFront::Function': {
    id: named('Name'),
    arn: (of, id) => globalArn(of, 'cloudfront', `function/${lastPart(id)}`),
    ref: 'arn',
    attributes: { FunctionARN: 'arn' },
  },
};
