/** Becoming a role by asking for it, or after changing who may. */
import { step, way } from '../capabilities/ways';
import type { Principal } from '../estate/estate';
import type { Technique } from './technique';

const isReserved = ({ caller }: Principal): boolean => caller.arn.includes('/aws-reserved/');
const isRole = ({ caller }: Principal): boolean => caller.kind === 'role';

export const ASSUMING: readonly Technique[] = [
  {
    id: 'assume-role',
    verb: 'assumes',
    ways: (target) => (isRole(target) ? [way(step('sts:AssumeRole', target.caller.arn))] : []),
  },
  {
    id: 'web-identity',
    verb: 'comes with a token of an identity provider as',
    ways: (target) =>
      // A trust policy that nobody has may name a provider.
      target.trust?.doubtful || target.trust?.statements.some(({ principals }) => principals?.Federated)
        ? [way(step('sts:AssumeRoleWithWebIdentity', target.caller.arn))]
        : [],
  },
  {
    id: 'change-trust',
    verb: 'changes the trust policy of, and assumes',
    // Roles of Identity Center are changed by nobody else.
    ways: (target) =>
      isRole(target) && !isReserved(target)
        ? [way(step('iam:UpdateAssumeRolePolicy', target.caller.arn))]
        : [],
  },
  {
    id: 'assign-permission-set',
    verb: 'is assigned to',
    ways: (target, { targets }) => {
      const set = target.kind === 'person' ? targets.find(({ id }) => id === target.id) : undefined;
      if (!set) return [];
      return [
        way(step('sso:CreateAccountAssignment', set.arn)),
        way(
          step('identitystore:CreateGroupMembership', `arn:${set.stack.partition}:identitystore:::group/any`),
        ),
      ];
    },
  },
  {
    id: 'make-credentials',
    verb: 'makes credentials of',
    ways: ({ caller: { kind, arn } }) =>
      kind === 'user'
        ? [
            way(step('iam:CreateAccessKey', arn)),
            way(step('iam:CreateLoginProfile', arn)),
            way(step('iam:UpdateLoginProfile', arn)),
          ]
        : [],
  },
];
