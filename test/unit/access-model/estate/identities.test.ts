/** Roles, users and groups with the policies that stand at either end, and their boundaries. */
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  can,
  document,
  estate,
  managed,
  OTHER_ACCOUNT,
  principal,
  type Resources,
  ref,
  resource,
  role,
  service,
  stack,
  surelyCan,
} from '../../../support/access-estate';

const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::somewhere/x' };
const WRITE = { action: 's3:PutObject', resource: 'arn:aws:s3:::somewhere/x' };
const reading = document(allow('s3:GetObject'));

/** Of one who is allowed to read by one of the ways, and nothing else. */
function expectReader(resources: Resources, name = 'Reader') {
  const analysis = estate({ ...resources, Bystander: role() });
  const answers = [READ, WRITE].map((asked) => can(analysis, name, asked));
  expect({ answers, surely: surelyCan(analysis, name, READ) }).toEqual({
    answers: ['yes', 'no'],
    surely: true,
  });
  expect(can(analysis, 'Bystander', READ)).toBe('no');
}

describe('a role has the policies', () => {
  it('that are written into it', () => {
    expectReader({ Reader: role({ may: [allow('s3:GetObject')] }) });
  });

  it('of a policy that names it', () => {
    expectReader({
      Reader: role(),
      Policy: resource('AWS::IAM::Policy', {
        PolicyName: 'p',
        Roles: [ref('Reader')],
        PolicyDocument: reading,
      }),
    });
  });

  it('of a policy that is its own resource', () => {
    expectReader({
      Reader: role(),
      Policy: resource('AWS::IAM::RolePolicy', {
        PolicyName: 'p',
        RoleName: ref('Reader'),
        PolicyDocument: reading,
      }),
    });
  });

  it('of a managed policy that it names', () => {
    expectReader({
      Reader: role({ ManagedPolicyArns: [ref('Managed')] }),
      Managed: managed([allow('s3:GetObject')]),
    });
  });

  it('of a managed policy that names it', () => {
    expectReader({ Reader: role(), Managed: managed([allow('s3:GetObject')], { Roles: [ref('Reader')] }) });
  });

  it('once, where a managed policy and the role name each other', () => {
    const analysis = estate({
      Reader: role({ ManagedPolicyArns: [ref('Managed')], RoleName: 'reader' }),
      Managed: managed([allow('s3:GetObject')], { Roles: ['reader'] }),
    });
    expect(principal(analysis, 'Reader').identity.map(({ id }) => id)).toEqual(['shop.Managed']);
  });

  it('of AWS, as far as their text is known', () => {
    const analysis = estate({
      Admin: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
      Logger: role({
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      }),
      Reader: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
      Somebody: role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonNewThingFullAccess'] }),
    });
    const answers = (name: string) => [READ, WRITE].map((asked) => can(analysis, name, asked));
    expect(answers('Admin')).toEqual(['yes', 'yes']);
    expect(answers('Logger')).toEqual(['no', 'no']);
    expect(can(analysis, 'Logger', { action: 'logs:PutLogEvents', resource: '*' })).toBe('yes');
    expect(answers('Reader')).toEqual(['perhaps', 'no']);
    expect(answers('Somebody')).toEqual(['perhaps', 'perhaps']);
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('of others, which perhaps allow everything', () => {
    const analysis = estate({
      Somebody: role({ ManagedPolicyArns: [`arn:aws:iam::${ACCOUNT}:policy/made-by-hand`] }),
    });
    expect(can(analysis, 'Somebody', WRITE)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', WRITE)).toBe(false);
  });

  it('of its own account, and not of a role of the same name in another', () => {
    const named = { RoleName: 'worker' };
    const analysis = analyse(
      assembly(
        stack({
          Role: role(named),
          Policy: resource('AWS::IAM::Policy', {
            PolicyName: 'p',
            Roles: ['worker'],
            PolicyDocument: reading,
          }),
          Managed: managed([allow('s3:PutObject')], { Roles: ['worker'] }),
        }),
        stack({ Role: role(named) }, { id: 'other', account: OTHER_ACCOUNT }),
      ),
    );
    const answers = (name: string) => [READ, WRITE].map((asked) => can(analysis, name, asked));
    expect(answers(`worker in ${ACCOUNT}`)).toEqual(['yes', 'yes']);
    expect(answers(`worker in ${OTHER_ACCOUNT}`)).toEqual(['no', 'no']);
  });
});

describe('a user has the policies', () => {
  const user = (properties = {}) => resource('AWS::IAM::User', properties);

  it('that are written into it', () => {
    expectReader({ Reader: user({ Policies: [{ PolicyName: 'p', PolicyDocument: reading }] }) });
  });

  it('of a policy that is its own resource', () => {
    expectReader({
      Reader: user(),
      Policy: resource('AWS::IAM::UserPolicy', {
        PolicyName: 'p',
        UserName: ref('Reader'),
        PolicyDocument: reading,
      }),
    });
  });

  it('of its group', () => {
    expectReader({
      Reader: user({ Groups: [ref('Readers')] }),
      Readers: resource('AWS::IAM::Group', { Policies: [{ PolicyName: 'p', PolicyDocument: reading }] }),
    });
  });

  it('of a group that it is added to, attached from the other end', () => {
    expectReader({
      Reader: user(),
      Readers: resource('AWS::IAM::Group'),
      Addition: resource('AWS::IAM::UserToGroupAddition', {
        GroupName: ref('Readers'),
        Users: [ref('Reader')],
      }),
      Policy: resource('AWS::IAM::Policy', {
        PolicyName: 'p',
        Groups: [ref('Readers')],
        PolicyDocument: reading,
      }),
    });
  });

  it('of a resource that is the policy of its group', () => {
    expectReader({
      Reader: user({ Groups: [ref('Readers')] }),
      Readers: resource('AWS::IAM::Group'),
      Policy: resource('AWS::IAM::GroupPolicy', {
        PolicyName: 'p',
        GroupName: ref('Readers'),
        PolicyDocument: reading,
      }),
    });
  });

  it('of no group of the same name in another account', () => {
    const analysis = analyse(
      assembly(
        stack({ Reader: user({ Groups: ['readers'] }) }),
        stack(
          {
            Readers: resource('AWS::IAM::Group', {
              GroupName: 'readers',
              Policies: [{ PolicyName: 'p', PolicyDocument: reading }],
            }),
          },
          { id: 'other', account: OTHER_ACCOUNT },
        ),
      ),
    );
    expect(can(analysis, 'Reader', READ)).toBe('no');
  });
});

describe('a boundary', () => {
  const within = (PermissionsBoundary: unknown, resources: Resources = {}) =>
    estate({ ...resources, Somebody: role({ may: [allow('s3:*')], PermissionsBoundary }) });

  it('of the assembly limits to what it allows', () => {
    const analysis = within(ref('Boundary'), { Boundary: managed([allow('s3:GetObject')]) });
    expect([READ, WRITE].map((asked) => can(analysis, 'Somebody', asked))).toEqual(['yes', 'no']);
    expect(principal(analysis, 'Somebody').boundaryArn).toBe(`arn:aws:iam::${ACCOUNT}:policy/shop-Boundary`);
  });

  it('of AWS limits perhaps, where its text is not known', () => {
    const analysis = within('arn:aws:iam::aws:policy/ReadOnlyAccess');
    expect([READ, WRITE].map((asked) => can(analysis, 'Somebody', asked))).toEqual(['perhaps', 'no']);
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('whose text is not in the assembly perhaps limits nothing, and nothing is claimed to be within it', () => {
    const analysis = within(`arn:aws:iam::${ACCOUNT}:policy/made-by-hand`);
    expect([READ, WRITE].map((asked) => can(analysis, 'Somebody', asked))).toEqual(['perhaps', 'perhaps']);
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('gives nothing by itself', () => {
    const analysis = estate({
      Somebody: role({ PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    });
    expect(can(analysis, 'Somebody', READ)).toBe('no');
  });
});

describe('the kind of a role', () => {
  it.each([
    [service('ecs-tasks'), 'task'],
    [service('lambda'), 'function'],
    [service('cloudformation'), 'deployment'],
    [service('states'), 'service'],
    [{ Federated: 'token.actions.githubusercontent.com' }, 'pipeline'],
    [{ AWS: '777777777777' }, 'role'],
  ])('that trusts %j is %s', (trusts, kind) => {
    expect(principal(estate({ It: role({ trusts }) }), 'It').kind).toBe(kind);
  });

  it('is deployment where the CDK gave it its name', () => {
    const analysis = estate({ It: role({ RoleName: 'cdk-hnb659fds-deploy-role-1-eu-central-1' }) });
    expect(principal(analysis, 'It').kind).toBe('deployment');
  });
});

describe('the tags of a role', () => {
  it('are keys of its requests', () => {
    const when = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'data' } } };
    const tagged = (Value: string) =>
      role({ may: [allow('s3:GetObject', '*', when)], Tags: [{ Key: 'team', Value }] });
    const analysis = estate({ Data: tagged('data'), Web: tagged('web') });
    expect(['Data', 'Web'].map((name) => can(analysis, name, READ))).toEqual(['yes', 'no']);
  });
});

describe('what is not resolved', () => {
  const somewhere = { 'Fn::GetAtt': ['Nothing', 'Arn'] };

  it('in an Allow, is perhaps meant for a claim that somebody cannot, and never for a claim that somebody can', () => {
    const analysis = estate({ Somebody: role({ may: [allow('s3:GetObject', somewhere)] }) });
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(can(analysis, 'Somebody', WRITE)).toBe('no');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('in a Deny, saves nobody in a claim that somebody cannot, and is no access in a claim that somebody can', () => {
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: somewhere };
    const analysis = estate({
      Somebody: role({ may: [allow('s3:GetObject'), deny] }),
      Refused: role({ may: [allow('s3:GetObject'), { ...deny, Resource: '*' }] }),
    });
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
    expect(can(analysis, 'Refused', READ)).toBe('no');
  });

  it('in a condition of an Allow, holds perhaps', () => {
    const when = { Condition: { StringEquals: { 'aws:PrincipalTag/team': ref('Nothing') } } };
    const analysis = estate({
      Somebody: role({
        may: [allow('s3:GetObject', '*', when)],
        Tags: [{ Key: 'team', Value: 'data' }],
      }),
    });
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('in the list of managed policies, is perhaps a policy that allows everything', () => {
    const analysis = estate({ Somebody: role({ ManagedPolicyArns: [somewhere] }), Other: role() });
    expect(['Somebody', 'Other'].map((name) => can(analysis, name, READ))).toEqual(['perhaps', 'no']);
  });

  it('in a boundary, is perhaps one that limits nothing', () => {
    const analysis = estate({ Somebody: role({ may: [allow('s3:*')], PermissionsBoundary: somewhere }) });
    expect(can(analysis, 'Somebody', WRITE)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', WRITE)).toBe(false);
  });

  it('in the roles of a policy, is perhaps each of them', () => {
    const analysis = estate({
      Somebody: role(),
      Policy: resource('AWS::IAM::Policy', {
        PolicyName: 'p',
        Roles: [somewhere],
        PolicyDocument: reading,
      }),
    });
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(can(analysis, 'Somebody', WRITE)).toBe('no');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });
});

describe('a key that whoever asks chooses', () => {
  const variable = (name: string) => `\${${name}}`;
  const choosing = (value: string) =>
    estate({
      Somebody: role({
        may: [allow('s3:ListBucket', '*', { Condition: { StringLike: { 's3:prefix': value } } })],
        Tags: [{ Key: 'team', Value: 'data' }],
      }),
    });
  const LIST = { action: 's3:ListBucket', resource: 'arn:aws:s3:::somewhere' };

  it('may have any value that the policy names, or makes of what it knows of them', () => {
    for (const value of ['public/*', `${variable('aws:PrincipalTag/team')}/*`, variable('*')]) {
      expect(can(choosing(value), 'Somebody', LIST)).toBe('yes');
    }
  });

  it('has none where the policy makes it of what they do not have', () => {
    expect(can(choosing(`${variable('aws:PrincipalTag/nothing')}/*`), 'Somebody', LIST)).toBe('no');
  });
});
