/** Giving oneself everything: the places where the own policies are written, and the boundary around them. */
import {
  ACCOUNT,
  allow,
  assignment,
  document,
  estate,
  managed,
  OTHER_ACCOUNT,
  pathTo,
  permissionSet,
  type Resources,
  ref,
  resource,
  role,
  type Statement,
} from '../../../support/access-estate';

const ADMINISTRATOR = 'any other administrator';
const iam = (rest: string) => `arn:aws:iam::${ACCOUNT}:${rest}`;

/** Whether the attacker becomes the administrator, and how certainly. */
function escalated(resources: Resources): string {
  const path = pathTo(estate(resources), 'Attacker', ADMINISTRATOR);
  return path ? path.map(({ technique, holds }) => `${technique.id} ${holds}`).join(', ') : 'no';
}
const YES = 'escalate yes';
const PERHAPS = 'escalate in part';

describe('who may change a managed policy', () => {
  const attached = (action: string, policy: string, properties: object = {}) =>
    escalated({
      Attacker: role({ may: [allow(action, iam(`policy/${policy}`))] }),
      Own: managed([allow('s3:ListBucket')], { Roles: [ref('Attacker')], ...properties }),
      Other: managed([allow('s3:ListBucket')]),
    });

  it('that is its own is an administrator', () => {
    expect(attached('iam:CreatePolicyVersion', 'shop-Own')).toBe(YES);
  });

  it('that is its own is perhaps one by an earlier version', () => {
    expect(attached('iam:SetDefaultPolicyVersion', 'shop-Own')).toBe(PERHAPS);
  });

  it('that is not its own is none', () => {
    expect(attached('iam:CreatePolicyVersion', 'shop-Other')).toBe('no');
    expect(attached('iam:SetDefaultPolicyVersion', 'shop-Other')).toBe('no');
  });

  it('that is perhaps its own is perhaps one', () => {
    expect(attached('iam:CreatePolicyVersion', 'shop-Own', { Roles: [ref('Nothing')] })).toBe(PERHAPS);
  });

  it('that is its own, and in no template, is an administrator', () => {
    const by = (ManagedPolicyArns: string[]) =>
      pathTo(
        estate({
          Attacker: role({
            may: [allow('iam:CreatePolicyVersion', iam('policy/by-hand'))],
            ManagedPolicyArns,
          }),
        }),
        'Attacker',
        ADMINISTRATOR,
      )?.map(({ holds }) => holds);
    expect(by([iam('policy/by-hand')])).toEqual(['yes']);
    // What the other one says is not known, and may be anything.
    expect(by([iam('policy/another')])).toEqual(['in part']);
  });

  it('that its permission set refers to is an administrator', () => {
    const set = (Name: string) =>
      escalated({
        Attacker: permissionSet('Attacker', {
          InlinePolicy: document(allow('iam:CreatePolicyVersion', iam('policy/own'))),
          CustomerManagedPolicyReferences: [{ Name }],
        }),
        Assignment: assignment('Attacker', ACCOUNT),
        Own: managed([allow('s3:ListBucket')], { ManagedPolicyName: 'own' }),
        Other: managed([allow('s3:ListBucket')], { ManagedPolicyName: 'other' }),
      });
    expect([set('own'), set('other')]).toEqual([YES, 'no']);
  });
});

describe('a user', () => {
  const user = (may: Statement[], properties: object = {}, more: Resources = {}) =>
    escalated({
      Attacker: resource('AWS::IAM::User', {
        Policies: [{ PolicyName: 'own', PolicyDocument: document(...may) }],
        ...properties,
      }),
      Own: resource('AWS::IAM::Group', { GroupName: 'own' }),
      Other: resource('AWS::IAM::Group', { GroupName: 'other' }),
      ...more,
    });
  const member = { Groups: [ref('Own')] };

  it.each(['iam:PutGroupPolicy', 'iam:AttachGroupPolicy'])('who may %s of its group is one', (action) => {
    expect(user([allow(action, iam('group/own'))], member)).toBe(YES);
    expect(user([allow(action, iam('group/other'))], member)).toBe('no');
    expect(user([allow(action, iam('group/own'))])).toBe('no');
  });

  it('who is perhaps in the group is perhaps one', () => {
    expect(user([allow('iam:PutGroupPolicy', iam('group/own'))], { Groups: [ref('Nothing')] })).toBe(PERHAPS);
  });

  it('who may change a policy of its group is one', () => {
    const may = [allow('iam:CreatePolicyVersion', iam('policy/shop-Policy'))];
    const policy = (group: string) => ({
      Policy: managed([allow('s3:ListBucket')], { Groups: [ref(group)] }),
    });
    expect(user(may, member, policy('Own'))).toBe(YES);
    expect(user(may, member, policy('Other'))).toBe('no');
  });

  it('who may join a group is perhaps one: what the group may, others decide', () => {
    expect(user([allow('iam:AddUserToGroup', iam('group/other'))])).toBe(PERHAPS);
    expect(user([allow('iam:AddUserToGroup')])).toBe(PERHAPS);
    expect(user([allow('iam:RemoveUserFromGroup')])).toBe('no');
  });

  it('who may join a group and change it is one', () => {
    const join = allow('iam:AddUserToGroup', iam('group/other'));
    expect(user([join, allow('iam:AttachGroupPolicy', iam('group/other'))])).toBe(YES);
    expect(user([join, allow('iam:AttachGroupPolicy', iam('group/own'))])).toBe(PERHAPS);
  });
});

it('a role joins no group', () => {
  expect(escalated({ Attacker: role({ may: [allow(['iam:AddUserToGroup', 'iam:PutGroupPolicy'])] }) })).toBe(
    'no',
  );
});

describe('under a boundary', () => {
  const self = iam('role/shop-Attacker');
  const bounded = (may: Statement[], boundary: Statement[] = [allow('*')]) =>
    escalated({
      Attacker: role({ may, PermissionsBoundary: ref('Boundary') }),
      Boundary: managed(boundary),
    });
  const change = allow('iam:PutRolePolicy', self);

  it.each(['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'])(
    'is an administrator who may %s of itself and change its own policies',
    (action) => {
      expect(bounded([change, allow(action, self)])).toBe(YES);
      expect(bounded([change, allow(action, iam('role/another'))])).toBe('no');
      expect(bounded([allow(action, self)])).toBe('no');
    },
  );

  it('is none who may only change its own policies', () => {
    expect(bounded([change])).toBe('no');
  });

  it('is one who may change the text of the boundary', () => {
    expect(bounded([change, allow('iam:CreatePolicyVersion', iam('policy/shop-Boundary'))])).toBe(YES);
    expect(bounded([change, allow('iam:CreatePolicyVersion', iam('policy/another'))])).toBe('no');
  });

  it('is one though the boundary refuses to change policies, once it is gone', () => {
    const only = [allow('iam:DeleteRolePermissionsBoundary')];
    expect(bounded([change, allow('iam:DeleteRolePermissionsBoundary', self)], only)).toBe(YES);
  });

  it('is none where the boundary refuses to be removed', () => {
    const only = [allow('iam:PutRolePolicy')];
    expect(bounded([change, allow('iam:DeleteRolePermissionsBoundary', self)], only)).toBe('no');
  });

  it('is none who may put only that boundary', () => {
    const when = { Condition: { StringEquals: { 'iam:PermissionsBoundary': iam('policy/shop-Boundary') } } };
    expect(bounded([change, allow('iam:PutRolePermissionsBoundary', self, when)])).toBe('no');
  });

  it('is one who may do so as a user', () => {
    const user = (action: string) =>
      escalated({
        Attacker: resource('AWS::IAM::User', {
          Policies: [{ PolicyName: 'own', PolicyDocument: document(allow(['iam:PutUserPolicy', action])) }],
          PermissionsBoundary: ref('Boundary'),
        }),
        Boundary: managed([allow('*')]),
      });
    expect(user('iam:DeleteUserPermissionsBoundary')).toBe(YES);
    expect(user('iam:DeleteRolePermissionsBoundary')).toBe('no');
  });
});

describe('who has a new role made under a boundary only', () => {
  it('is none, though policies of roles may be changed freely', () => {
    const when = { Condition: { StringEquals: { 'iam:PermissionsBoundary': iam('policy/limits') } } };
    const free = allow('iam:AttachRolePolicy', iam('role/made-*'));
    const made = (more: Record<string, unknown>) =>
      escalated({ Attacker: role({ may: [allow('iam:CreateRole', '*', more), free] }) });
    expect(made(when)).toBe('no');
    expect(made({})).toBe(PERHAPS);
  });
});

describe('a permission set', () => {
  const set = (actions: string[], properties: Record<string, unknown> = {}, account = ACCOUNT) =>
    escalated({
      Attacker: permissionSet('Attacker', { InlinePolicy: document(allow(actions)), ...properties }),
      Assignment: assignment('Attacker', account),
      Other: permissionSet('Other'),
      // An account of these templates, which its administrator is of.
      Anything: role(),
    });
  const provision = 'sso:ProvisionPermissionSet';

  it.each([
    'sso:PutInlinePolicyToPermissionSet',
    'sso:AttachManagedPolicyToPermissionSet',
    'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  ])('is an administrator with %s, once it is provisioned', (action) => {
    expect(set([action, provision])).toBe(YES);
    expect(set([action])).toBe('no');
    expect(set([provision])).toBe('no');
  });

  it('is none with those of another set, nor from another account than the one that manages the sets', () => {
    const actions = ['sso:PutInlinePolicyToPermissionSet', provision];
    const others = 'arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-0000000000000000';
    expect(set([], { InlinePolicy: document(allow(actions, others)) })).toBe('no');
    expect(set(actions, {}, OTHER_ACCOUNT)).toBe('no');
  });

  it('is one under a boundary only with the right to remove that', () => {
    const PermissionsBoundary = { ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' };
    const actions = ['sso:PutInlinePolicyToPermissionSet', provision];
    expect(set(actions, { PermissionsBoundary })).toBe('no');
    expect(set([...actions, 'sso:DeletePermissionsBoundaryFromPermissionSet'], { PermissionsBoundary })).toBe(
      YES,
    );
  });
});
