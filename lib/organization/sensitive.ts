/** The sensitive class is changed by its deployer only: secrets, keys, the code that may use them, the ceiling of roles. */
import type { Names } from '../names';
import { deny, type Guardrail, unless } from './guardrail';

/** @param exempt - ARNs of roles that manage the sensitive class */
export function sensitive(names: Names, exempt: readonly string[]): Guardrail {
  const { account, boundary, functions, prefix, secrets } = names;
  const keys = `arn:aws:kms:*:${account}:key/*`;
  // By alias: the ids are not known here.
  const ours = {
    'ForAnyValue:StringLike': { 'kms:ResourceAliases': [`alias/${prefix}-audit`, `alias/${prefix}-se*`] },
  };
  const roles = `arn:aws:iam::${account}:role/${prefix}-*`;
  return {
    description: 'The sensitive class is changed by its deployer only',
    statements: [
      deny(
        'Secrets',
        [
          'secretsmanager:DeleteResourcePolicy',
          'secretsmanager:DeleteSecret',
          'secretsmanager:PutResourcePolicy',
          'secretsmanager:ReplicateSecretToRegions',
          'secretsmanager:UpdateSecret',
        ],
        secrets.all,
        unless(...exempt),
      ),
      deny(
        'Keys',
        [
          'kms:DisableKey',
          'kms:DisableKeyRotation',
          'kms:PutKeyPolicy',
          'kms:ReplicateKey',
          'kms:ScheduleKeyDeletion',
          'kms:TagResource',
          'kms:UntagResource',
        ],
        keys,
        { ...unless(...exempt), ...ours },
      ),
      // A key without its alias is not known by it any more, neither here nor in the policies of people.
      deny(
        'Aliases',
        ['kms:DeleteAlias', 'kms:UpdateAlias'],
        [`arn:aws:kms:*:${account}:alias/${prefix}-audit`, `arn:aws:kms:*:${account}:alias/${prefix}-se*`],
        unless(...exempt),
      ),
      deny(
        'PoliciesOfRoles',
        [
          'iam:CreatePolicyVersion',
          'iam:DeletePolicy',
          'iam:DeletePolicyVersion',
          'iam:SetDefaultPolicyVersion',
        ],
        // The second are those of the two roles that CloudFormation acts as.
        [boundary.arn, `arn:aws:iam::${account}:policy/${prefix}-cfn-*`],
        unless(...exempt),
      ),
      deny('RolesKeepTheirBoundary', ['iam:DeleteRolePermissionsBoundary'], roles),
      // Another boundary in its place is none.
      deny('AndNoOther', ['iam:CreateRole', 'iam:PutRolePermissionsBoundary'], roles, {
        StringNotEquals: { 'iam:PermissionsBoundary': boundary.arn },
      }),
      deny(
        'Functions',
        [
          'lambda:AddPermission',
          'lambda:CreateFunctionUrlConfig',
          'lambda:DeleteFunction*',
          // None at a time is a function that nobody can call.
          'lambda:PutFunctionConcurrency',
          'lambda:RemovePermission',
          'lambda:UpdateFunction*',
        ],
        [functions.approvals, functions.databaseBootstrap, functions.secretRotation].flatMap(({ arn }) => [
          arn,
          `${arn}:*`,
        ]),
        unless(...exempt),
      ),
    ],
  };
}
