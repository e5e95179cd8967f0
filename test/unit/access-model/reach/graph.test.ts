/** Paths over several principals, and the step to an administrator. */

import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  arnOf,
  assembly,
  assignment,
  estate,
  managed,
  OTHER_ACCOUNT,
  pathTo,
  permissionSet,
  principal,
  type RoleGiven,
  resource,
  role,
  stack,
  techniquesTo,
} from '../../../support/access-estate';

const ADMINISTRATOR = 'any other administrator';
const trusting = (logicalId: string, given: RoleGiven = {}) =>
  role({ trusts: { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-${logicalId}` }, ...given });

describe('a path', () => {
  it('goes over as many principals as it takes', () => {
    const analysis = estate({ A: role(), B: trusting('A'), C: trusting('B'), D: trusting('C') });
    expect(pathTo(analysis, 'A', 'D')?.map(({ from, to }) => [from.name, to.name])).toEqual([
      ['shop-A', 'shop-B'],
      ['shop-B', 'shop-C'],
      ['shop-C', 'shop-D'],
    ]);
    expect(pathTo(analysis, 'D', 'A')).toBeUndefined();
  });

  it('is the shortest one', () => {
    const both = { AWS: [`arn:aws:iam::${ACCOUNT}:role/shop-A`, `arn:aws:iam::${ACCOUNT}:role/shop-C`] };
    const analysis = estate({ A: role(), B: trusting('A'), C: trusting('B'), D: role({ trusts: both }) });
    expect(techniquesTo(analysis, 'A', 'C')).toHaveLength(2);
    expect(pathTo(analysis, 'A', 'D')?.map(({ to }) => to.name)).toEqual(['shop-D']);
  });

  it('ends where principals become each other, and leads nobody to itself', () => {
    const analysis = estate({ A: trusting('C'), B: trusting('A'), C: trusting('B') });
    const reached = [...analysis.graph.reach(principal(analysis, 'A')).keys()].map(({ name }) => name);
    expect(reached).toEqual(['shop-B', 'shop-C']);
  });

  it('crosses accounts only where both of them let it', () => {
    const given = (trusts: object) =>
      analyse(
        assembly(
          stack({
            A: role({ may: [allow('sts:AssumeRole', `arn:aws:iam::${OTHER_ACCOUNT}:role/theirs-B`)] }),
          }),
          stack({ B: role({ trusts }) }, { id: 'theirs', name: 'theirs', account: OTHER_ACCOUNT }),
        ),
      );
    const open = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    expect(techniquesTo(given(open), 'A', 'B')).toEqual(['assume-role']);
    expect(techniquesTo(given({ AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` }), 'A', 'B')).toBeUndefined();
  });

  it('prefers a technique that surely holds to a simpler one that holds perhaps', () => {
    const analysis = estate({
      Target: role({ trusts: { Service: 'lambda.amazonaws.com' } }),
      Function: resource('AWS::Lambda::Function', { Role: arnOf('Target') }),
      Attacker: role({
        may: [allow('lambda:UpdateFunctionCode')],
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/WhoKnowsWhat'],
      }),
    });
    expect(pathTo(analysis, 'Attacker', 'Target')).toMatchObject([
      { technique: { id: 'function-code' }, holds: 'yes' },
    ]);
  });
});

describe('who can make a role with any rights', () => {
  const boundary = (arn: string) => ({ Condition: { StringEquals: { 'iam:PermissionsBoundary': arn } } });
  const give = allow('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/*`);
  const make = allow('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/*`);
  const escalated = (...may: object[]) =>
    techniquesTo(
      estate({ Attacker: role({ Path: '/team/', may }), Other: role() }),
      'Attacker',
      ADMINISTRATOR,
    );

  it('is an administrator', () => {
    expect(escalated(make, give)).toEqual(['escalate']);
    expect(escalated(make, allow('iam:AttachRolePolicy', give.Resource))).toEqual(['escalate']);
  });

  it('is none who can make the role and give it nothing', () => {
    expect(escalated(make)).toBeUndefined();
  });

  it('is none where a boundary is demanded of every new role', () => {
    expect(escalated(allow('iam:CreateRole', '*', boundary('arn:aws:iam::aws:policy/ReadOnlyAccess')))).toBe(
      undefined,
    );
    const limited = allow('iam:*', `arn:aws:iam::${ACCOUNT}:role/new/*`, boundary('arn:aws:iam::1:policy/x'));
    expect(escalated(limited)).toBeUndefined();
    expect(escalated({ ...limited, Condition: {} })).toEqual(['escalate']);
  });

  it('is perhaps one where only some names are allowed', () => {
    const names = `arn:aws:iam::${ACCOUNT}:role/shop-workers-*`;
    const analysis = estate({
      Attacker: role({ may: [allow(['iam:CreateRole', 'iam:AttachRolePolicy'], names)] }),
    });
    expect(pathTo(analysis, 'Attacker', ADMINISTRATOR)).toMatchObject([
      { technique: { id: 'escalate' }, holds: 'in part' },
    ]);
  });
});

describe('who can change the own policies', () => {
  const own = (name: string) => allow('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/shop-${name}`);

  it('is an administrator, without a boundary', () => {
    const analysis = estate({ Attacker: role({ may: [own('Attacker')] }) });
    expect(techniquesTo(analysis, 'Attacker', ADMINISTRATOR)).toEqual(['escalate']);
  });

  it('is none when the policies are those of another role', () => {
    const analysis = estate({ Attacker: role({ may: [own('Other')] }), Other: role() });
    expect(techniquesTo(analysis, 'Attacker', ADMINISTRATOR)).toBeUndefined();
  });

  it('gains nothing under a boundary', () => {
    const analysis = estate({
      Attacker: role({ may: [own('Attacker')], PermissionsBoundary: { Ref: 'Boundary' } }),
      Boundary: managed([allow(['s3:*', 'iam:PutRolePolicy'])]),
    });
    expect(techniquesTo(analysis, 'Attacker', ADMINISTRATOR)).toBeUndefined();
  });

  it('does not do so with a role of Identity Center', () => {
    const analysis = estate({
      Person: permissionSet('Person', {
        InlinePolicy: { Version: '2012-10-17', Statement: [allow('iam:PutRolePolicy')] },
      }),
      Assignment: assignment('Person', ACCOUNT),
    });
    expect(techniquesTo(analysis, 'Person', ADMINISTRATOR)).toBeUndefined();
  });

  it.each(['iam:PutUserPolicy', 'iam:AttachUserPolicy'])(
    'is an administrator as a user with %s',
    (action) => {
      const user = (own: string) =>
        resource('AWS::IAM::User', {
          Policies: [{ PolicyName: 'own', PolicyDocument: { Statement: [allow(action, own)] } }],
        });
      const analysis = estate({
        Attacker: user(`arn:aws:iam::${ACCOUNT}:user/shop-Attacker`),
        Other: user(`arn:aws:iam::${ACCOUNT}:user/somebody-else`),
      });
      expect(techniquesTo(analysis, 'Attacker', ADMINISTRATOR)).toEqual(['escalate']);
      expect(techniquesTo(analysis, 'Other', ADMINISTRATOR)).toBeUndefined();
    },
  );
});
