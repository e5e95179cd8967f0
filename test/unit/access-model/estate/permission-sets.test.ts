/** Permission sets as the roles that Identity Center makes of them. */
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  assignment,
  can,
  document,
  estate,
  managed,
  OTHER_ACCOUNT,
  permissionSet,
  principal,
  ref,
  stack,
  surelyCan,
} from '../../../support/access-estate';

const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::somewhere/x' };
const WRITE = { action: 's3:PutObject', resource: 'arn:aws:s3:::somewhere/x' };
const reading = document(allow('s3:GetObject'));

const assigned = (properties: object, rest = {}) =>
  estate({
    Set: permissionSet('Support', { ...properties }),
    Assignment: assignment('Set', ACCOUNT),
    ...rest,
  });
const answers = (analysis: ReturnType<typeof estate>, name = 'Support') =>
  [READ, WRITE].map((asked) => can(analysis, name, asked));

describe('a permission set gives', () => {
  it.each([
    ['as an object', reading],
    ['as JSON text', JSON.stringify(reading)],
    ['as JSON that CloudFormation writes', { 'Fn::ToJsonString': reading }],
  ])('what its inline policy says, %s', (_, InlinePolicy) => {
    const analysis = assigned({ InlinePolicy });
    expect(answers(analysis)).toEqual(['yes', 'no']);
    expect(surelyCan(analysis, 'Support', READ)).toBe(true);
  });

  it('nothing without a policy', () => {
    expect(answers(assigned({}))).toEqual(['no', 'no']);
    expect(answers(assigned({ InlinePolicy: '' }))).toEqual(['no', 'no']);
  });

  it('what a policy of AWS says, as far as its text is known', () => {
    const AWS = 'arn:aws:iam::aws:policy/';
    expect(answers(assigned({ ManagedPolicies: [`${AWS}AdministratorAccess`] }))).toEqual(['yes', 'yes']);
    expect(answers(assigned({ ManagedPolicies: [`${AWS}ReadOnlyAccess`] }))).toEqual(['perhaps', 'no']);
    expect(answers(assigned({ ManagedPolicies: [`${AWS}AmazonS3FullAccess`] }))).toEqual([
      'perhaps',
      'perhaps',
    ]);
  });
});

describe('a customer-managed policy', () => {
  const referring = (Name: string, Path?: string) => ({
    CustomerManagedPolicyReferences: [{ Name, ...(Path ? { Path } : {}) }],
  });

  it('is found by its name', () => {
    const Policy = managed([allow('s3:GetObject')], { ManagedPolicyName: 'reading' });
    expect(answers(assigned(referring('reading'), { Policy }))).toEqual(['yes', 'no']);
  });

  it('is found by its path too', () => {
    const Policy = managed([allow('s3:GetObject')], { ManagedPolicyName: 'reading', Path: '/team/' });
    expect(answers(assigned(referring('reading', '/team/'), { Policy }))).toEqual(['yes', 'no']);
  });

  it('at another path is another policy, which perhaps allows everything', () => {
    const Policy = managed([allow('s3:GetObject')], { ManagedPolicyName: 'reading', Path: '/team/' });
    const analysis = assigned(referring('reading'), { Policy });
    expect(answers(analysis)).toEqual(['perhaps', 'perhaps']);
    expect(surelyCan(analysis, 'Support', READ)).toBe(false);
  });

  it('is the one of the account of the assignment', () => {
    const Policy = (action: string) => managed([allow(action)], { ManagedPolicyName: 'working' });
    const analysis = analyse(
      assembly(
        stack({
          Set: permissionSet('Support', referring('working')),
          Here: assignment('Set', ACCOUNT),
          There: assignment('Set', OTHER_ACCOUNT),
          Policy: Policy('s3:GetObject'),
        }),
        stack({ Policy: Policy('s3:PutObject') }, { id: 'other', account: OTHER_ACCOUNT }),
      ),
    );
    const theirs = { action: 's3:PutObject', resource: 'arn:aws:s3:::theirs/x' };
    expect(answers(analysis, `Support in ${ACCOUNT}`)).toEqual(['yes', 'no']);
    expect(answers(analysis, `Support in ${OTHER_ACCOUNT}`)).toEqual(['no', 'yes']);
    expect(can(analysis, `Support in ${OTHER_ACCOUNT}`, theirs)).toBe('yes');
  });

  it('that is not in the assembly perhaps allows everything', () => {
    expect(answers(assigned(referring('made-by-hand')))).toEqual(['perhaps', 'perhaps']);
  });
});

describe('the boundary of a permission set', () => {
  const writing = { InlinePolicy: document(allow('s3:*')) };
  const customer = (Name: string) => ({
    PermissionsBoundary: { CustomerManagedPolicyReference: { Name, Path: '/' } },
  });

  it('is a policy of AWS', () => {
    const analysis = assigned({
      ...writing,
      PermissionsBoundary: { ManagedPolicyArn: 'arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess' },
    });
    expect(answers(analysis)).toEqual(['no', 'no']);
  });

  it('is a policy of the account, by its name', () => {
    const Boundary = managed([allow('s3:GetObject')], { ManagedPolicyName: 'boundary' });
    const analysis = assigned({ ...writing, ...customer('boundary') }, { Boundary });
    expect(answers(analysis)).toEqual(['yes', 'no']);
    expect(principal(analysis, 'Support').boundaryArn).toBe(`arn:aws:iam::${ACCOUNT}:policy/boundary`);
  });

  it('limits perhaps, where it is not in the assembly', () => {
    const analysis = assigned({ ...writing, ...customer('made-by-hand') });
    expect(answers(analysis)).toEqual(['perhaps', 'perhaps']);
    expect(surelyCan(analysis, 'Support', READ)).toBe(false);
  });
});

describe('the role of a permission set', () => {
  const arnIn = (region: string) =>
    principal(
      estate({ Set: permissionSet('Support'), Assignment: assignment('Set', ACCOUNT) }, { region }),
      'Support',
    ).caller;

  it('has the region of Identity Center in its path', () => {
    expect(arnIn('eu-central-1').arn).toMatch(
      /^arn:aws:iam::111111111111:role\/aws-reserved\/sso\.amazonaws\.com\/eu-central-1\/AWSReservedSSO_Support_[0-9a-f]{16}$/,
    );
  });

  it('has no region in its path where that is us-east-1', () => {
    expect(arnIn('us-east-1').arn).toMatch(
      /^arn:aws:iam::111111111111:role\/aws-reserved\/sso\.amazonaws\.com\/AWSReservedSSO_Support_[0-9a-f]{16}$/,
    );
  });

  it('has sessions without that path', () => {
    expect(arnIn('eu-central-1').session).toMatch(
      /^arn:aws:sts::111111111111:assumed-role\/AWSReservedSSO_Support_[0-9a-f]{16}\/session$/,
    );
  });

  it('is one in each account that it is assigned to, however many groups are', () => {
    const analysis = estate({
      Set: permissionSet('Support'),
      One: assignment('Set', ACCOUNT, 'one'),
      Two: assignment('Set', ACCOUNT, 'two'),
      There: assignment('Set', OTHER_ACCOUNT),
    });
    const people = analysis.estate.principals.filter(({ kind }) => kind === 'person');
    expect(people.map(({ name, caller }) => [name, caller.account])).toEqual([
      [`Support in ${ACCOUNT}`, ACCOUNT],
      [`Support in ${OTHER_ACCOUNT}`, OTHER_ACCOUNT],
    ]);
  });

  it('is there before anybody is assigned, in the account of the stack', () => {
    const analysis = estate({ Set: permissionSet('Support') });
    expect(principal(analysis, 'Support').caller.account).toBe(ACCOUNT);
  });

  it('is found by the ARN of a session, in the account that the ARN names', () => {
    const analysis = estate({
      Set: permissionSet('Support'),
      Here: assignment('Set', ACCOUNT),
      There: assignment('Set', OTHER_ACCOUNT),
    });
    const session = `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/AWSReservedSSO_Support_0123456789abcdef/ann@example.com`;
    expect(analysis.model.find(session).map(({ name }) => name)).toEqual([`Support in ${OTHER_ACCOUNT}`]);
  });

  it('trusts Identity Center and nobody else', () => {
    const analysis = estate({
      Set: permissionSet('Support'),
      Other: permissionSet('Other', { InlinePolicy: document(allow('sts:*')) }),
    });
    const resource = principal(analysis, 'Support').caller.arn;
    expect(can(analysis, 'Other', { action: 'sts:AssumeRole', resource })).toBe('no');
  });
});

describe('a session of a permission set', () => {
  it.each([
    ['PT1H', 60],
    ['PT8H', 480],
    ['PT1H30M', 90],
    ['PT45M', 45],
    [undefined, 60],
  ])('of %s lasts %s minutes', (SessionDuration, minutes) => {
    const analysis = assigned(SessionDuration ? { SessionDuration } : {});
    expect(principal(analysis, 'Support').sessionMinutes).toBe(minutes);
  });

  it('of a duration that is not resolved is not known', () => {
    const analysis = assigned({ SessionDuration: ref('Nothing') });
    expect(principal(analysis, 'Support').sessionMinutes).toBeUndefined();
  });
});
