/** Policies of the organization, and what limits an account only perhaps. */
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  can,
  deny,
  document,
  estate,
  letIn,
  OTHER_ACCOUNT,
  ref,
  resource,
  role,
  stack,
  surelyCan,
} from '../../../support/access-estate';

const MANAGEMENT = '777777777777';
const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-it/x' };

type Kind = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY';

/** A role that may do everything in an account, under a policy that is managed in another. */
const under = (
  TargetIds: unknown,
  statements: object[],
  Type: Kind = 'SERVICE_CONTROL_POLICY',
  principal: object = {},
) =>
  analyse(
    assembly(
      stack(
        {
          Policy: resource('AWS::Organizations::Policy', {
            Type,
            TargetIds,
            Content: document(...statements),
          }),
        },
        { id: 'organization', account: MANAGEMENT },
      ),
      stack({ It: resource('AWS::S3::Bucket'), Somebody: role({ may: [allow('*')], ...principal }) }),
    ),
  );

const NO_READING = deny('s3:GetObject');

describe('a service control policy', () => {
  it('limits the accounts that it is attached to, and no other', () => {
    const attached = under([ACCOUNT], [NO_READING]);
    expect(can(attached, 'Somebody', READ)).toBe('no');
    expect(can(attached, 'Somebody', { ...READ, action: 's3:PutObject' })).toBe('yes');
    expect(can(under([OTHER_ACCOUNT], [NO_READING]), 'Somebody', READ)).toBe('yes');
  });

  it.each(['ou-ab12-34567890', 'r-ab12'])('attached to %s limits perhaps', (target) => {
    const analysis = under([target], [NO_READING]);
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
    expect(surelyCan(analysis, 'Somebody', { ...READ, action: 's3:PutObject' })).toBe(true);
  });

  it('attached to what is not resolved limits perhaps', () => {
    const analysis = under([ref('Nothing')], [NO_READING]);
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('limits no role of a service', () => {
    const Path = '/aws-service-role/thing.amazonaws.com/';
    expect(can(under([ACCOUNT], [NO_READING], 'SERVICE_CONTROL_POLICY', { Path }), 'Somebody', READ)).toBe(
      'yes',
    );
  });

  it('gives nothing that no policy gives', () => {
    const analysis = under([ACCOUNT], [allow('s3:*')], 'SERVICE_CONTROL_POLICY', { may: undefined });
    expect(can(analysis, 'Somebody', READ)).toBe('no');
  });
});

describe('a resource control policy', () => {
  const closed = { ...NO_READING, Principal: '*' };

  it('limits what is done to the resources of the account, by whomever', () => {
    const analysis = under([ACCOUNT], [closed], 'RESOURCE_CONTROL_POLICY');
    expect(can(analysis, 'Somebody', READ)).toBe('no');
    expect(can(under([OTHER_ACCOUNT], [closed], 'RESOURCE_CONTROL_POLICY'), 'Somebody', READ)).toBe('yes');
  });
});

describe('another kind of policy', () => {
  it('limits nothing', () => {
    const analysis = under([ACCOUNT], [NO_READING], 'TAG_POLICY' as Kind);
    expect(can(analysis, 'Somebody', READ)).toBe('yes');
  });
});

describe('the organization itself', () => {
  const perimeter = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } };

  it('is not known: what is refused outside of it saves nobody, and is no access that is claimed', () => {
    const analysis = under([ACCOUNT], [deny('*', '*', { Condition: perimeter })]);
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });

  it('is not known: what is open to all of it is perhaps open to everybody', () => {
    const inside = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } } };
    const analysis = estate({
      It: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::S3::BucketPolicy', {
        Bucket: ref('It'),
        PolicyDocument: document(letIn('*', 's3:GetObject', inside)),
      }),
      Somebody: role(),
    });
    expect(can(analysis, 'Somebody', READ)).toBe('perhaps');
    expect(surelyCan(analysis, 'Somebody', READ)).toBe(false);
  });
});
