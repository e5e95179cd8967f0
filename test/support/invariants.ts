/** Rules over single resources, each with a resource that breaks it and the same one mended. */
import type { TemplateResource } from './templates';

export interface Invariant {
  readonly title: string;
  readonly breaches: (resource: TemplateResource) => boolean;
  readonly planted: TemplateResource;
  readonly mended: TemplateResource;
}

const resource = (Type: string, Properties: object, DeletionPolicy?: string): TemplateResource => ({
  stack: 'Test',
  id: 'Test',
  Type,
  Properties,
  ...(DeletionPolicy ? { DeletionPolicy } : {}),
});

const statements = ({
  Properties = {},
}: TemplateResource): { Effect: string; Principal?: unknown; Condition?: object }[] =>
  [
    Properties.PolicyDocument,
    Properties.KeyPolicy,
    Properties.ResourcePolicy,
    Properties.AssumeRolePolicyDocument,
    ...(Properties.Policies ?? []).map((each: { PolicyDocument: object }) => each.PolicyDocument),
  ].flatMap((document) => document?.Statement ?? []);

const everybody = (principal: unknown): boolean =>
  principal === '*' ||
  (typeof principal === 'object' &&
    principal !== null &&
    [(principal as { AWS?: unknown }).AWS].flat().includes('*'));

const anywhere = (rule: { CidrIp?: string; CidrIpv6?: string }) =>
  rule.CidrIp === '0.0.0.0/0' || rule.CidrIpv6 === '::/0';

const ingress = ({
  Type,
  Properties,
}: TemplateResource): { CidrIp?: string; FromPort?: number; ToPort?: number }[] =>
  Type === 'AWS::EC2::SecurityGroupIngress'
    ? [Properties]
    : Type === 'AWS::EC2::SecurityGroup'
      ? (Properties.SecurityGroupIngress ?? [])
      : [];

const egress = ({ Type, Properties }: TemplateResource): { CidrIp?: string }[] =>
  Type === 'AWS::EC2::SecurityGroupEgress'
    ? [Properties]
    : Type === 'AWS::EC2::SecurityGroup'
      ? (Properties.SecurityGroupEgress ?? [])
      : [];

export const INVARIANTS: readonly Invariant[] = [
  {
    title: 'no database is public',
    breaches: ({ Type, Properties }) =>
      Type === 'AWS::RDS::DBInstance' && Properties.PubliclyAccessible !== false,
    planted: resource('AWS::RDS::DBInstance', {}),
    mended: resource('AWS::RDS::DBInstance', { PubliclyAccessible: false }),
  },
  {
    title: 'every database is encrypted with a key of ours',
    breaches: ({ Type, Properties }) =>
      Type === 'AWS::RDS::DBCluster' && !(Properties.StorageEncrypted && Properties.KmsKeyId),
    planted: resource('AWS::RDS::DBCluster', { StorageEncrypted: true }),
    mended: resource('AWS::RDS::DBCluster', { StorageEncrypted: true, KmsKeyId: 'key' }),
  },
  {
    title: 'every log group is encrypted and has a retention',
    breaches: ({ Type, Properties }) =>
      Type === 'AWS::Logs::LogGroup' && !(Properties?.KmsKeyId && Properties.RetentionInDays),
    planted: resource('AWS::Logs::LogGroup', { RetentionInDays: 30 }),
    mended: resource('AWS::Logs::LogGroup', { RetentionInDays: 30, KmsKeyId: 'key' }),
  },
  {
    title: 'every bucket is encrypted, closed to the public and versioned',
    breaches: ({ Type, Properties }) =>
      Type === 'AWS::S3::Bucket' &&
      !(
        Properties?.BucketEncryption &&
        Properties.VersioningConfiguration?.Status === 'Enabled' &&
        Object.values(Properties.PublicAccessBlockConfiguration ?? {}).filter(Boolean).length === 4
      ),
    planted: resource('AWS::S3::Bucket', { BucketEncryption: {} }),
    mended: resource('AWS::S3::Bucket', {
      BucketEncryption: {},
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { a: true, b: true, c: true, d: true },
    }),
  },
  {
    title: 'every role has a permissions boundary',
    breaches: ({ Type, Properties }) => Type === 'AWS::IAM::Role' && !Properties.PermissionsBoundary,
    planted: resource('AWS::IAM::Role', {}),
    mended: resource('AWS::IAM::Role', { PermissionsBoundary: 'arn' }),
  },
  {
    title: 'nothing is open to everybody but port 443',
    breaches: (each) =>
      ingress(each).some((rule) => anywhere(rule) && !(rule.FromPort === 443 && rule.ToPort === 443)),
    planted: resource('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 443 }],
    }),
    mended: resource('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }],
    }),
  },
  {
    title: 'nothing may reach everything',
    breaches: (each) => egress(each).some(anywhere),
    planted: resource('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0' }] }),
    mended: resource('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32' }] }),
  },
  {
    title: 'nothing is allowed to everybody, without a condition',
    breaches: (each) =>
      statements(each).some(
        ({ Effect, Principal, Condition }) =>
          Effect === 'Allow' && everybody(Principal) && !Condition && each.Type !== 'AWS::EC2::VPCEndpoint',
      ),
    planted: resource('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: '*' } }] },
    }),
    mended: resource('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: { AWS: '*' } }] },
    }),
  },
  {
    title: 'nobody is AdministratorAccess',
    breaches: (each) => JSON.stringify(each.Properties ?? {}).includes('AdministratorAccess'),
    planted: resource('AWS::IAM::Role', {
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
    }),
    mended: resource('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
  },
];
