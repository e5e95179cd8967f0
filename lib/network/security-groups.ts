/** Who reaches whom, on one page. Nothing else in the platform makes a rule. */
import { type IPeer, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { PORT } from '../../app/contract';
import { acknowledge } from '../nag/acknowledge';

export interface SecurityGroupsProps {
  readonly vpc: IVpc;
  /** Where PostgreSQL listens. */
  readonly databasePort: number;
  /** Managed prefix list of S3 in this region: layers of images come from there, heads of the ledger go there. */
  readonly s3PrefixList: string;
  /** Networks beyond AWS that the backend may reach, as CIDR. */
  readonly outbound: readonly string[];
}

export class SecurityGroups extends Construct {
  readonly loadBalancer: ISecurityGroup;
  readonly backend: ISecurityGroup;
  readonly supportShell: ISecurityGroup;
  readonly functions: ISecurityGroup;
  readonly approvals: ISecurityGroup;
  readonly migration: ISecurityGroup;
  readonly database: ISecurityGroup;
  readonly endpoints: ISecurityGroup;

  constructor(
    scope: Construct,
    id: string,
    { vpc, databasePort, s3PrefixList, outbound }: SecurityGroupsProps,
  ) {
    super(scope, id);
    const group = (groupId: string, description: string) =>
      new SecurityGroup(this, groupId, { vpc, description, allowAllOutbound: false });

    this.loadBalancer = group('LoadBalancer', 'The load balancer: the only thing that the internet reaches');
    this.backend = group('Backend', 'Tasks of the backend');
    this.supportShell = group(
      'SupportShell',
      'Tasks of the support shell: database and endpoints, nothing else',
    );
    this.functions = group('Functions', 'Functions that log in to the database');
    this.approvals = group('Approvals', 'The approval function: database, endpoints, the audit bucket');
    this.migration = group('Migration', 'One-off migration tasks');
    this.database = group('Database', 'The database: reached by those who log in to it');
    this.endpoints = group('Endpoints', 'Interface endpoints of AWS services');

    const https = Port.tcp(443);
    const postgres = Port.tcp(databasePort);
    const s3: IPeer = Peer.prefixList(s3PrefixList);

    this.loadBalancer.addIngressRule(Peer.anyIpv4(), https, 'Everybody, by TLS');
    acknowledge(this.loadBalancer, {
      rules: ['AwsSolutions-EC23'],
      reason: 'The one door for everybody: TLS at port 443, behind the web application firewall',
      owner: 'platform',
      until: '2027-11-30',
    });
    this.loadBalancer.connections.allowTo(this.backend, Port.tcp(PORT), 'Load balancer to backend');
    const clients = [this.backend, this.supportShell, this.functions, this.approvals, this.migration];
    for (const client of clients) {
      client.connections.allowTo(this.database, postgres, 'PostgreSQL');
      client.connections.allowTo(this.endpoints, https, 'AWS services');
    }
    for (const task of [this.backend, this.supportShell, this.migration]) {
      task.addEgressRule(s3, https, 'Layers of the image');
    }
    this.approvals.addEgressRule(s3, https, 'Heads of the ledger');
    for (const network of outbound)
      this.backend.addEgressRule(Peer.ipv4(network), https, 'Named by the stage');
  }
}
