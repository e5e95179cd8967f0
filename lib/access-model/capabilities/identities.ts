/** Who there is, who becomes whom, and what they may. */
import type { Estate } from '../estate/estate';
import type { Capability } from './capability';
import { anyOf, arns, ofType, places, somewhere } from './ways';

const OF_A_ROLE = [
  'iam:PutRolePolicy',
  'iam:AttachRolePolicy',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:UpdateAssumeRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:DeleteRolePermissionsBoundary',
  'iam:DeleteRole',
];
const OF_A_USER = [
  'iam:PutUserPolicy',
  'iam:AttachUserPolicy',
  'iam:DeleteUserPolicy',
  'iam:DetachUserPolicy',
  'iam:PutUserPermissionsBoundary',
  'iam:DeleteUserPermissionsBoundary',
];
const OF_A_GROUP = [
  'iam:PutGroupPolicy',
  'iam:AttachGroupPolicy',
  'iam:DeleteGroupPolicy',
  'iam:DetachGroupPolicy',
  'iam:AddUserToGroup',
  'iam:RemoveUserFromGroup',
];
const OF_A_POLICY = ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy'];
const OF_A_SET = [
  'sso:PutInlinePolicyToPermissionSet',
  'sso:DeleteInlinePolicyFromPermissionSet',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  'sso:PutPermissionsBoundaryToPermissionSet',
  'sso:DeletePermissionsBoundaryFromPermissionSet',
  'sso:UpdatePermissionSet',
  'sso:ProvisionPermissionSet',
  'sso:CreateAccountAssignment',
];

export function identityCapabilities(estate: Estate): Capability[] {
  // Of other accounts nothing is known, and nothing here is.
  const here = new Set(places(estate).map(({ account }) => account));
  const roles = estate.principals
    .filter(
      ({ kind, caller: { arn, account } }) =>
        here.has(account) &&
        kind !== 'administrator' &&
        kind !== 'stranger' &&
        !arn.includes('/aws-reserved/') &&
        arn.includes(':role/'),
    )
    .map(({ caller }) => caller.arn);
  // Those of the templates may lie under a path; and any account may have others, made by hand.
  const users = [
    ...arns(ofType(estate, 'AWS::IAM::User')),
    ...somewhere(estate, 'iam', 'user/a-new-user', { global: true }),
  ];
  const groups = [
    ...arns(ofType(estate, 'AWS::IAM::Group')),
    ...somewhere(estate, 'iam', 'group/a-group', { global: true }),
  ];
  const sets = ofType(estate, 'AWS::SSO::PermissionSet');
  return [
    {
      id: 'identity:change',
      title: 'change what a role may do, or who becomes it',
      group: 'identities',
      ways: [
        ...anyOf(OF_A_ROLE, roles),
        ...anyOf(OF_A_POLICY, arns(ofType(estate, 'AWS::IAM::ManagedPolicy'))),
        ...anyOf(['iam:CreateRole'], somewhere(estate, 'iam', 'role/a-new-role', { global: true })),
        ...anyOf(['iam:CreateUser', 'iam:CreateAccessKey', 'iam:CreateLoginProfile', ...OF_A_USER], users),
        ...anyOf(OF_A_GROUP, groups),
        ...anyOf(
          [
            'iam:UpdateOpenIDConnectProviderThumbprint',
            'iam:AddClientIDToOpenIDConnectProvider',
            'iam:DeleteOpenIDConnectProvider',
          ],
          arns(ofType(estate, 'AWS::IAM::OIDCProvider')),
        ),
        ...anyOf(
          ['iam:CreateOpenIDConnectProvider'],
          somewhere(estate, 'iam', 'oidc-provider/a-new-provider', { global: true }),
        ),
        ...anyOf(
          ['iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider'],
          somewhere(estate, 'iam', 'saml-provider/any', { global: true }),
        ),
      ],
    },
    {
      id: 'permission-set:change',
      title: 'change a permission set, or who is assigned to one',
      group: 'identities',
      ways:
        sets.length === 0
          ? []
          : [
              ...anyOf(OF_A_SET, arns(sets)),
              ...anyOf(
                ['identitystore:CreateGroupMembership'],
                [...new Set(sets.map(({ stack }) => `arn:${stack.partition}:identitystore:::group/any`))],
              ),
            ],
    },
    {
      id: 'organization:change',
      title: 'change the policies of the organization, or leave it',
      group: 'identities',
      ways: [
        ...anyOf(
          ['organizations:DetachPolicy', 'organizations:UpdatePolicy', 'organizations:DeletePolicy'],
          somewhere(estate, 'organizations', 'policy/o-any/service_control_policy/p-any', { global: true }),
        ),
        ...anyOf(['organizations:LeaveOrganization'], ['*']),
      ],
    },
  ];
}
