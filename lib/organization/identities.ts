/**
 * Who there is, and who may become whom. The other guardrails exempt roles; these keep the exempt roles to those that they
 * are meant for: an exemption is worth what it takes to become it.
 */
import { type Deployer, STACKS } from '../bootstrap/stacks';
import type { Names } from '../names';
import { deny, type Guardrail, unless } from './guardrail';

/** What lets somebody else in as a role, or makes it another one. */
const CHANGES_OF_ROLES = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRole*',
  'iam:DetachRolePolicy',
  'iam:PutRole*',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole*',
];

/** CloudFormation keeps the role that a stack was made with, and acts as it for whoever may change the stack. */
const CHANGES_OF_STACKS = ['Continue*', 'Create*', 'Delete*', 'Execute*', 'Rollback*', 'Set*', 'Update*'].map(
  (each) => `cloudformation:${each}`,
);

export interface Deployers {
  /** Qualifiers of the two bootstraps. */
  readonly bootstrap: Readonly<Record<Deployer, string>>;
  /** ARNs of roles that mend what the pipeline cannot: they bootstrap, too. */
  readonly administrators: readonly string[];
}

export function identities(names: Names, { bootstrap, administrators }: Deployers): Guardrail {
  const { account, execution, prefix } = names;
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  const deployers = Object.keys(bootstrap).sort() as Deployer[];
  return {
    description: 'People come through Identity Center, nobody becomes a deployer, and the account stays',
    statements: [
      deny('NoUsers', ['iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:CreateUser']),
      deny('Stay', ['account:CloseAccount', 'organizations:LeaveOrganization']),
      deny(
        'ReservedRoles',
        CHANGES_OF_ROLES,
        role('aws-reserved/sso.amazonaws.com/*'),
        unless('arn:aws:iam::*:role/aws-service-role/sso.amazonaws.com/*'),
      ),
      // The two execution roles are not exempt: they never change what they stand on.
      deny(
        'DeployersStay',
        CHANGES_OF_ROLES,
        [...deployers.map((each) => role(`cdk-${bootstrap[each]}-*`)), ...administrators].sort(),
        unless(...administrators),
      ),
      ...deployers.flatMap((deployer) => {
        const deploys = [role(`cdk-${bootstrap[deployer]}-deploy-role-*`), ...administrators];
        const Deployer = `${deployer[0]?.toUpperCase()}${deployer.slice(1)}`;
        return [
          deny(`ActAs${Deployer}`, ['iam:PassRole'], execution[deployer], unless(...deploys)),
          deny(
            `Stacks${Deployer}`,
            CHANGES_OF_STACKS,
            STACKS[deployer].map((stack) => `arn:aws:cloudformation:*:${account}:stack/${prefix}-${stack}/*`),
            unless(...deploys),
          ),
        ];
      }),
      // Roles of tasks and functions: whoever becomes one reads its secrets.
      deny(
        'RolesOfTheStage',
        CHANGES_OF_ROLES,
        role(`${prefix}-*`),
        unless(...Object.values(execution), ...administrators),
      ),
      deny(
        'HandRolesOn',
        ['iam:PassRole'],
        role(`${prefix}-*`),
        // The last starts the task that migrates (`Boundary` says the same).
        unless(...Object.values(execution), ...administrators, role(`${prefix}-registry-*`)),
      ),
    ],
  };
}
