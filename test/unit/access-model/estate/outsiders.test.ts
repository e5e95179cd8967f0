/** Who is there without being made by a template: those whom policies name, administrators, and who deploys. */
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  can,
  deny,
  deployedWith,
  document,
  estate,
  key,
  letIn,
  OTHER_ACCOUNT,
  principal,
  type Resources,
  ref,
  resource,
  role,
  stack,
  techniquesTo,
} from '../../../support/access-estate';

const names = (analysis: ReturnType<typeof estate>, kind: string) =>
  analysis.estate.principals.filter((each) => each.kind === kind).map(({ name }) => name);
const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::anything/x' };

describe('a role that a policy names', () => {
  const breakGlass = `arn:aws:iam::${ACCOUNT}:role/team/break-glass`;

  it.each<[string, Resources]>([
    ['as the principal of a resource', { Key: key(letIn({ AWS: breakGlass }, 'kms:Decrypt')) }],
    [
      'as an exception of a resource',
      {
        Key: key(
          deny('kms:*', '*', {
            Principal: '*',
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': breakGlass } },
          }),
        ),
      },
    ],
    ['as one who is trusted', { Role: role({ trusts: { AWS: breakGlass } }) }],
  ])('%s is somebody who may do what an account can give', (_, resources) => {
    const analysis = estate(resources);
    expect(names(analysis, 'named')).toEqual(['break-glass']);
    expect(can(analysis, 'break-glass', READ)).toBe('yes');
  });

  describe('in a policy of the organization', () => {
    const exempting = (arn: string, more: Resources = {}) =>
      estate({
        ...more,
        It: role(),
        Policy: resource('AWS::Organizations::Policy', {
          Type: 'SERVICE_CONTROL_POLICY',
          TargetIds: [ACCOUNT],
          Content: document(
            deny('s3:GetObject', '*', { Condition: { ArnNotLike: { 'aws:PrincipalArn': [arn] } } }),
          ),
        }),
      });

    it.each([breakGlass, 'arn:aws:iam::*:role/team/break-glass'])('as %s is somebody too', (arn) => {
      const analysis = exempting(arn);
      expect(names(analysis, 'named')).toEqual(['break-glass']);
      expect(principal(analysis, 'break-glass').caller.arn).toBe(breakGlass);
      expect(can(analysis, 'break-glass', READ)).toBe('yes');
      expect(can(analysis, 'any other administrator', READ)).toBe('no');
    });

    it('is nobody more where a template makes it, or a pattern names it', () => {
      const made = { Role: role({ RoleName: 'known' }) };
      expect(names(exempting(`arn:aws:iam::${ACCOUNT}:role/known`, made), 'named')).toEqual([]);
      expect(names(exempting('arn:aws:iam::*:role/team/*'), 'named')).toEqual([]);
    });
  });

  it('is nobody more where a template makes it, or a pattern names it', () => {
    const analysis = estate({
      Role: role({ RoleName: 'known' }),
      Key: key(
        letIn({ AWS: `arn:aws:iam::${ACCOUNT}:role/known` }, 'kms:Decrypt'),
        letIn('*', 'kms:Decrypt', {
          Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/any-*` } },
        }),
      ),
    });
    expect(names(analysis, 'named')).toEqual([]);
  });

  it('is become by nobody of the templates but by changing its trust', () => {
    const analysis = estate({
      Key: key(letIn({ AWS: breakGlass }, 'kms:Decrypt')),
      Assuming: role({ may: [allow('sts:AssumeRole')] }),
      Changing: role({ may: [allow('iam:UpdateAssumeRolePolicy')] }),
    });
    expect(techniquesTo(analysis, 'Assuming', 'break-glass')).toBeUndefined();
    expect(techniquesTo(analysis, 'Changing', 'break-glass')).toEqual(['change-trust']);
  });
});

describe('any other administrator', () => {
  it('is one for each account that holds something', () => {
    expect(names(estate({ It: role() }), 'administrator')).toEqual(['any other administrator']);
    const several = analyse(
      assembly(stack({ It: role() }), stack({ It: role() }, { id: 'other', account: OTHER_ACCOUNT })),
    );
    expect(names(several, 'administrator')).toEqual([
      `any other administrator of ${ACCOUNT}`,
      `any other administrator of ${OTHER_ACCOUNT}`,
    ]);
  });

  it('is none of an account that holds only policies of the organization', () => {
    const Policy = resource('AWS::Organizations::Policy', {
      Type: 'SERVICE_CONTROL_POLICY',
      TargetIds: [ACCOUNT],
      Content: document(allow('*')),
    });
    const analysis = analyse(
      assembly(stack({ It: role() }), stack({ Policy }, { id: 'organization', account: '777777777777' })),
    );
    expect(names(analysis, 'administrator')).toEqual(['any other administrator']);
  });

  it('may do everything that no policy of a resource refuses', () => {
    const analysis = estate({
      Guarded: key(letIn({ AWS: `arn:aws:iam::${ACCOUNT}:role/shop-Friend` }, 'kms:*')),
      Friend: role(),
    });
    const guarded = analysis.estate.targets.find(({ logicalId }) => logicalId === 'Guarded');
    const asked = { action: 'kms:Decrypt', resource: guarded?.arn ?? '' };
    expect(can(analysis, 'any other administrator', READ)).toBe('yes');
    expect(can(analysis, 'any other administrator', asked)).toBe('no');
    expect(can(analysis, 'Friend', asked)).toBe('yes');
  });
});

describe('the roles that a stack is deployed with', () => {
  const arn = (name: string) =>
    `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-${name}-role-${ACCOUNT}-eu-central-1`;
  const deployment = deployedWith({
    deployRole: arn('deploy'),
    executionRole: arn('cfn-exec'),
    lookupRole: arn('lookup'),
    publishingRoles: [arn('file-publishing'), arn('image-publishing')],
    assetBuckets: ['assets'],
    assetRepositories: ['images'],
  });
  const analysis = estate(
    { Outside: role({ may: [allow('sts:AssumeRole')] }), Nobody: role() },
    { deployment },
  );
  const named = (name: string) => arn(name).split('/').at(-1) ?? '';
  const stacks = `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:stack/shop/1`;

  it('are those of the CDK', () => {
    expect(names(analysis, 'deployment')).toEqual(
      ['cfn-exec', 'deploy', 'lookup', 'file-publishing', 'image-publishing'].map(named),
    );
  });

  it('are once there, however many stacks name them', () => {
    const two = analyse(
      assembly(
        stack({ It: role() }, { deployment }),
        stack({ It: resource('AWS::S3::Bucket') }, { id: 'two', name: 'two', deployment }),
      ),
    );
    expect(names(two, 'deployment')).toHaveLength(5);
  });

  it('may do what the default ones may', () => {
    const asked = (action: string, resource: string) => ({ action, resource });
    expect(can(analysis, named('cfn-exec'), READ)).toBe('yes');
    expect(can(analysis, named('deploy'), asked('cloudformation:CreateChangeSet', stacks))).toBe('yes');
    expect(can(analysis, named('deploy'), READ)).toBe('no');
    expect(can(analysis, named('lookup'), READ)).toBe('perhaps');
    expect(can(analysis, named('lookup'), asked('kms:Decrypt', '*'))).toBe('no');
    const asset = asked('s3:PutObject', 'arn:aws:s3:::assets/x');
    expect(can(analysis, named('file-publishing'), asset)).toBe('yes');
    expect(can(analysis, named('file-publishing'), READ)).toBe('no');
    const image = asked('ecr:PutImage', `arn:aws:ecr:eu-central-1:${ACCOUNT}:repository/images`);
    expect(can(analysis, named('image-publishing'), image)).toBe('yes');
  });

  it('make whoever assumes the deploy role an administrator', () => {
    expect(techniquesTo(analysis, 'Outside', named('deploy'))).toEqual(['assume-role']);
    expect(techniquesTo(analysis, named('deploy'), named('cfn-exec'))).toEqual(['stack']);
    expect(techniquesTo(analysis, 'Outside', 'any other administrator')).toBeDefined();
    expect(techniquesTo(analysis, 'Nobody', named('deploy'))).toBeUndefined();
    expect(techniquesTo(analysis, 'Nobody', 'any other administrator')).toBeUndefined();
  });

  it('are those of the bootstrap stack, where that is in the assembly', () => {
    const narrow = analyse(
      assembly(
        stack({ It: role() }, { deployment }),
        stack(
          {
            Exec: role({
              RoleName: named('cfn-exec'),
              trusts: { Service: 'cloudformation.amazonaws.com' },
              may: [allow('sqs:*')],
            }),
          },
          { id: 'bootstrap/CDKToolkit', name: 'CDKToolkit' },
        ),
      ),
    );
    expect(names(narrow, 'deployment').filter((each) => each === named('cfn-exec'))).toHaveLength(1);
    expect(principal(narrow, named('cfn-exec')).id).toBe('bootstrap/CDKToolkit.Exec');
    expect(can(narrow, named('cfn-exec'), READ)).toBe('no');
  });
});

describe('a name in an inline policy', () => {
  it('makes nobody', () => {
    const analysis = estate({
      Role: role({ may: [allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/somebody`)] }),
      It: resource('AWS::S3::Bucket'),
      Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/x', TargetKeyId: ref('It') }),
    });
    expect(names(analysis, 'named')).toEqual([]);
  });
});
