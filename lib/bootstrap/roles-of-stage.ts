/** What both deployers may do with roles: make those of their own stacks, never without the boundary. */
import type { Names } from '../names';
import { type Deployer, STACKS } from './stacks';
import { allow, deny, type Statement } from './statement';

/**
 * Policies of AWS that roles of the templates have: of backups, of the database's monitoring, and of the CDK's function
 * that closes the default security group. A test compares them with the templates.
 */
const MANAGED = [
  'AWSBackupServiceRolePolicyForBackup',
  'AWSLambdaBasicExecutionRole',
  'AmazonRDSEnhancedMonitoringRole',
].map((name) => `arn:aws:iam::aws:policy/service-role/${name}`);

/** Roles with a name of their own, by who makes them; all others are named after their stack. */
function namedRoles({ roles, prefix }: Names): Record<Deployer, string[]> {
  const { databaseBootstrap, secretRotation, approvals, ciPlatform, ciSensitive, imageBuilder } = roles;
  const sensitive = [databaseBootstrap, secretRotation, approvals, ciPlatform, ciSensitive, imageBuilder];
  const platform = Object.values(roles).filter((each) => !sensitive.includes(each as never));
  const more = ['rls-registry-verify', 'migration-execution'].map((suffix) => `${prefix}-${suffix}`);
  return {
    platform: [...platform.map(({ name }) => name), ...more],
    sensitive: sensitive.map(({ name }) => name),
  };
}

export function rolesOf(names: Names, deployer: Deployer): Statement[] {
  const { account, prefix, boundary } = names;
  const other: Deployer = deployer === 'platform' ? 'sensitive' : 'platform';
  const arns = (of: Deployer) =>
    [...namedRoles(names)[of], ...STACKS[of].map((stack) => `${prefix}-${stack}-*`)].map(
      (name) => `arn:aws:iam::${account}:role/${name}`,
    );
  const mine = arns(deployer);
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': boundary.arn } };
  return [
    allow(
      'MakeRoles',
      ['iam:CreateRole', 'iam:DeleteRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'],
      mine,
      bounded,
    ),
    allow('AttachPolicies', ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], mine, {
      ...bounded,
      ArnEquals: { 'iam:PolicyARN': MANAGED },
    }),
    allow(
      'KeepRoles',
      [
        'iam:DeleteRole',
        'iam:GetRole*',
        'iam:ListAttachedRolePolicies',
        'iam:ListRole*',
        'iam:PassRole',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole*',
      ],
      mine,
    ),
    // A name of the one must not begin like a name of the other.
    deny(
      'RolesOfTheOther',
      ['iam:Attach*', 'iam:Create*', 'iam:Delete*', 'iam:PassRole', 'iam:Put*', 'iam:Update*'],
      arns(other),
    ),
    deny(
      'BootstrapRoles',
      ['iam:*', 'sts:AssumeRole'],
      [`arn:aws:iam::${account}:role/cdk-*`, `arn:aws:iam::${account}:role/aws-reserved/*`],
    ),
    deny('BoundariesStay', ['iam:DeleteRolePermissionsBoundary']),
    deny('NoUsers', ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:CreateUser', 'iam:PutUserPolicy']),
  ];
}
