/**
 * Giving oneself everything. Who can give a new role everything, with no boundary, is an administrator; and so is who can
 * change the own policies, in any of the places where they are written, unless a boundary is around it all.
 */

import { isMarked } from '../assembly/unresolved';
import type { Step, Way } from '../capabilities/capability';
import { ANYTHING, anyOf, ofType, step, way } from '../capabilities/ways';
import type { Estate, Principal } from '../estate/estate';

export interface Escalations {
  readonly surely: readonly Way[];
  /** They suffice only if something holds that no template says: what a group may, what an earlier text of a policy said. */
  readonly perhaps: readonly Way[];
}

/** What a role or a user is when it has no boundary. */
const FREE = { 'iam:PermissionsBoundary': [] };
const isReserved = ({ caller }: Principal): boolean => caller.arn.includes('/aws-reserved/');
const partitionOf = ({ caller }: Principal): string => caller.arn.split(':')[1] ?? 'aws';

/** Of a principal without a boundary. */
export function escalations(principal: Principal, estate: Estate): Escalations {
  const { surely, perhaps } = ofGroups(principal, estate);
  return {
    surely: [
      ...ofItself(principal),
      ...anyOf(['iam:CreatePolicyVersion'], ownedPolicies(principal, 'surely')),
      ...ofPermissionSet(principal, estate),
      ...surely,
      ...makingAnother(principal),
    ],
    perhaps: [
      // Attached perhaps; and what an earlier version says, if there is one, nobody knows.
      ...anyOf(['iam:CreatePolicyVersion'], ownedPolicies(principal, 'perhaps')),
      ...anyOf(
        ['iam:SetDefaultPolicyVersion'],
        [...ownedPolicies(principal, 'surely'), ...ownedPolicies(principal, 'perhaps')],
      ),
      ...perhaps,
    ],
  };
}

/** Whatever boundary is around it: what it makes has none. */
export function makingAnother(principal: Principal): Way[] {
  const prefix = `arn:${partitionOf(principal)}:iam::${principal.caller.account}:role/`;
  // Made without a boundary: a condition that demands one fails.
  return ['a-new-role', ANYTHING].flatMap((name) =>
    ['iam:PutRolePolicy', 'iam:AttachRolePolicy'].map((action) =>
      way(step('iam:CreateRole', `${prefix}${name}`, FREE), step(action, `${prefix}${name}`, FREE)),
    ),
  );
}

/** Ways to get rid of the own boundary, or of what it says. */
export function unbinding(principal: Principal, estate: Estate): Way[] {
  const { caller, boundary, boundaryArn } = principal;
  const another = `arn:${partitionOf(principal)}:iam::aws:policy/AdministratorAccess`;
  const replaced = { 'iam:PermissionsBoundary': another };
  const kind = caller.kind === 'user' ? 'User' : 'Role';
  const own = isReserved(principal)
    ? setActions(principal, estate, [
        'sso:DeletePermissionsBoundaryFromPermissionSet',
        'sso:PutPermissionsBoundaryToPermissionSet',
      ])
    : [
        way(step(`iam:Delete${kind}PermissionsBoundary`, caller.arn)),
        way(step(`iam:Put${kind}PermissionsBoundary`, caller.arn, replaced)),
      ];
  const text = boundaryArn ?? boundary?.arn;
  const isOwned = text !== undefined && !isMarked(text) && !/^arn:[^:]+:iam::aws:/.test(text);
  return [...own, ...(isOwned ? anyOf(['iam:CreatePolicyVersion'], [text]) : [])];
}

/** Identity Center alone writes policies of its roles. */
function ofItself(principal: Principal): Way[] {
  const { kind, arn } = principal.caller;
  if (isReserved(principal) || (kind !== 'role' && kind !== 'user')) return [];
  const of = kind === 'user' ? 'User' : 'Role';
  return anyOf([`iam:Put${of}Policy`, `iam:Attach${of}Policy`], [arn]);
}

/** ARNs of the managed policies that are attached to it, its own or those of its groups, and that the account may change. */
function ownedPolicies({ identity }: Principal, attached: 'surely' | 'perhaps'): string[] {
  const own = identity.filter((each) => (each.attached ?? 'surely') === attached);
  return [...new Set(own.flatMap(({ arn }) => arn ?? []))];
}

/** Once the set is changed, the change has to be brought to the accounts. */
function ofPermissionSet(principal: Principal, estate: Estate): Way[] {
  return setActions(principal, estate, [
    'sso:PutInlinePolicyToPermissionSet',
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  ]);
}

function setActions({ kind, id }: Principal, estate: Estate, actions: readonly string[]): Way[] {
  const set =
    kind === 'person' ? ofType(estate, 'AWS::SSO::PermissionSet').find((each) => each.id === id) : undefined;
  if (!set) return [];
  return actions.map((action) => way(step(action, set.arn), step('sso:ProvisionPermissionSet', set.arn)));
}

/** A user changes a group that it is in, or joins one that it may change, or one that has everything already. */
function ofGroups(principal: Principal, estate: Estate): Escalations {
  const { caller, groups = [] } = principal;
  if (caller.kind !== 'user') return { surely: [], perhaps: [] };
  const changes = ['iam:PutGroupPolicy', 'iam:AttachGroupPolicy'];
  const prefix = `arn:${partitionOf(principal)}:iam::${caller.account}:group/`;
  const known = ofType(estate, 'AWS::IAM::Group')
    .filter(({ account }) => account === caller.account)
    .map(({ arn }) => arn);
  const all = [...known, `${prefix}a-group`, `${prefix}${ANYTHING}`];
  const join = (group: string): Step => step('iam:AddUserToGroup', group);
  const own = (certainty: 'yes' | 'maybe') =>
    groups.filter((each) => each.certainty === certainty).map(({ arn }) => arn);
  return {
    surely: [
      ...anyOf(changes, own('yes')),
      ...all.flatMap((group) => changes.map((action) => way(step(action, group), join(group)))),
    ],
    perhaps: [
      ...anyOf(changes, own('maybe')),
      ...all.filter((group) => !own('yes').includes(group)).map((group) => way(join(group))),
    ],
  };
}
