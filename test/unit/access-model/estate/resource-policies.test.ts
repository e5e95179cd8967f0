/** The policies of resources, wherever a template says them. */
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  arnOf,
  assembly,
  can,
  DELEGATING,
  deny,
  document,
  estate,
  HERE,
  key,
  letIn,
  OTHER_ACCOUNT,
  principal,
  type Resources,
  ref,
  resource,
  role,
  root,
  service,
  stack,
  surelyCan,
} from '../../../support/access-estate';

const FRIEND = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-Friend` };

/** A resource with a policy that lets the friend in, refused to the enemy who may do everything. */
interface Case {
  readonly type: string;
  readonly action: string;
  readonly arn: string;
  readonly resources: (policy: object) => Resources;
}

const CASES: readonly Case[] = [
  {
    type: 'AWS::SecretsManager::ResourcePolicy',
    action: 'secretsmanager:GetSecretValue',
    arn: `arn:aws:secretsmanager:${HERE}:secret:card-??????`,
    resources: (ResourcePolicy) => ({
      It: resource('AWS::SecretsManager::Secret', { Name: 'card' }),
      Policy: resource('AWS::SecretsManager::ResourcePolicy', { SecretId: ref('It'), ResourcePolicy }),
    }),
  },
  {
    type: 'AWS::S3::BucketPolicy',
    action: 's3:GetObject',
    arn: 'arn:aws:s3:::shop-it/x',
    resources: (PolicyDocument) => ({
      It: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::S3::BucketPolicy', { Bucket: ref('It'), PolicyDocument }),
    }),
  },
  {
    type: 'AWS::SNS::TopicPolicy',
    action: 'sns:Publish',
    arn: `arn:aws:sns:${HERE}:shop-It`,
    resources: (PolicyDocument) => ({
      It: resource('AWS::SNS::Topic'),
      Policy: resource('AWS::SNS::TopicPolicy', { Topics: [ref('It')], PolicyDocument }),
    }),
  },
  {
    type: 'AWS::SNS::TopicInlinePolicy',
    action: 'sns:Publish',
    arn: `arn:aws:sns:${HERE}:shop-It`,
    resources: (PolicyDocument) => ({
      It: resource('AWS::SNS::Topic'),
      Policy: resource('AWS::SNS::TopicInlinePolicy', { TopicArn: ref('It'), PolicyDocument }),
    }),
  },
  {
    type: 'AWS::SQS::QueuePolicy',
    action: 'sqs:SendMessage',
    arn: `arn:aws:sqs:${HERE}:shop-It`,
    resources: (PolicyDocument) => ({
      It: resource('AWS::SQS::Queue'),
      Policy: resource('AWS::SQS::QueuePolicy', { Queues: [ref('It')], PolicyDocument }),
    }),
  },
  {
    type: 'AWS::SQS::QueueInlinePolicy',
    action: 'sqs:SendMessage',
    arn: `arn:aws:sqs:${HERE}:shop-It`,
    resources: (PolicyDocument) => ({
      It: resource('AWS::SQS::Queue'),
      Policy: resource('AWS::SQS::QueueInlinePolicy', { Queue: ref('It'), PolicyDocument }),
    }),
  },
  {
    type: 'AWS::Kinesis::ResourcePolicy',
    action: 'kinesis:PutRecord',
    arn: `arn:aws:kinesis:${HERE}:stream/shop-It`,
    resources: (ResourcePolicy) => ({
      It: resource('AWS::Kinesis::Stream'),
      Policy: resource('AWS::Kinesis::ResourcePolicy', { ResourceArn: arnOf('It'), ResourcePolicy }),
    }),
  },
  {
    type: 'AWS::ECR::Repository',
    action: 'ecr:BatchGetImage',
    arn: `arn:aws:ecr:${HERE}:repository/shop-it`,
    resources: (RepositoryPolicyText) => ({ It: resource('AWS::ECR::Repository', { RepositoryPolicyText }) }),
  },
  {
    type: 'AWS::Backup::BackupVault',
    action: 'backup:DeleteBackupVault',
    arn: `arn:aws:backup:${HERE}:backup-vault:shop-It`,
    resources: (AccessPolicy) => ({ It: resource('AWS::Backup::BackupVault', { AccessPolicy }) }),
  },
  {
    type: 'AWS::EFS::FileSystem',
    action: 'elasticfilesystem:ClientMount',
    arn: `arn:aws:elasticfilesystem:${HERE}:file-system/fs-*`,
    resources: (FileSystemPolicy) => ({ It: resource('AWS::EFS::FileSystem', { FileSystemPolicy }) }),
  },
];

describe.each(CASES)('the policy of $type', ({ action, resources }) => {
  const analysed = (policy: object) =>
    estate({ ...resources(policy), Friend: role(), Enemy: role({ may: [allow('*')] }) });
  const asked = (analysis: ReturnType<typeof estate>) => {
    const { arn } = analysis.estate.targets.find(({ logicalId }) => logicalId === 'It') ?? {};
    return { action, resource: action === 's3:GetObject' ? `${arn}/x` : `${arn}` };
  };

  it('lets in whom it names, and nobody else without rights', () => {
    const analysis = analysed(document(letIn(FRIEND, action)));
    expect(surelyCan(analysis, 'Friend', asked(analysis))).toBe(true);
    const other = analysed(document(letIn({ AWS: OTHER_ACCOUNT }, action)));
    expect(can(other, 'Friend', asked(other))).toBe('no');
  });

  it('refuses whom it denies, whatever they may', () => {
    const open = analysed(document(letIn(FRIEND, action)));
    expect(can(open, 'Enemy', asked(open))).toBe('yes');
    const refusing = { StringNotEquals: { 'aws:PrincipalArn': FRIEND.AWS } };
    const closed = analysed(
      document(letIn(FRIEND, action), deny('*', '*', { Principal: '*', Condition: refusing })),
    );
    expect(can(closed, 'Enemy', asked(closed))).toBe('no');
    expect(can(closed, 'Friend', asked(closed))).toBe('yes');
  });
});

describe('several policies of one resource', () => {
  it('all count', () => {
    const policy = (...statements: object[]) =>
      resource('AWS::S3::BucketPolicy', { Bucket: ref('It'), PolicyDocument: document(...statements) });
    const analysis = estate({
      It: resource('AWS::S3::Bucket'),
      One: policy(letIn(FRIEND, 's3:*')),
      Two: policy(deny('s3:DeleteObject', '*', { Principal: '*' })),
      Friend: role(),
    });
    const on = (action: string) => can(analysis, 'Friend', { action, resource: 'arn:aws:s3:::shop-it/x' });
    expect([on('s3:GetObject'), on('s3:DeleteObject')]).toEqual(['yes', 'no']);
  });
});

describe('the policy of a key', () => {
  const asked = (analysis: ReturnType<typeof estate>) => ({
    action: 'kms:Decrypt',
    resource: analysis.estate.targets.find(({ logicalId }) => logicalId === 'Key')?.arn ?? '',
  });
  const decided = (...statements: object[]) => {
    const analysis = estate({
      Key: key(...statements),
      Friend: role(),
      Allowed: role({ may: [allow('kms:*')] }),
    });
    return ['Friend', 'Allowed'].map((name) => can(analysis, name, asked(analysis)));
  };

  it('that leaves it to the account opens it to whom their own policies allow it', () => {
    expect(decided(DELEGATING)).toEqual(['no', 'yes']);
  });

  it('that names somebody opens it to them alone', () => {
    expect(decided(letIn(FRIEND, 'kms:Decrypt'))).toEqual(['yes', 'no']);
  });

  it('is asked about where the request names an alias', () => {
    const analysis = estate({
      Key: key(letIn(FRIEND, 'kms:Decrypt')),
      Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/card', TargetKeyId: ref('Key') }),
      Friend: role(),
      Allowed: role({ may: [allow('kms:*')] }),
    });
    const asked = { action: 'kms:Decrypt', resource: `arn:aws:kms:${HERE}:alias/card` };
    expect(['Friend', 'Allowed'].map((name) => can(analysis, name, asked))).toEqual(['yes', 'no']);
  });

  it('may ask for the aliases of the key', () => {
    const when = { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/card' } } };
    const analysed = (AliasName: string) =>
      estate({
        Key: key(DELEGATING),
        Alias: resource('AWS::KMS::Alias', { AliasName, TargetKeyId: ref('Key') }),
        Somebody: role({ may: [allow('kms:Decrypt', '*', when)] }),
      });
    const ours = analysed('alias/card');
    const other = analysed('alias/other');
    expect([can(ours, 'Somebody', asked(ours)), can(other, 'Somebody', asked(other))]).toEqual(['yes', 'no']);
  });
});

describe('permissions of a function', () => {
  const FUNCTION = `arn:aws:lambda:${HERE}:function:shop-Function`;
  const invoked = { action: 'lambda:InvokeFunction', resource: FUNCTION };
  const permission = (properties: object) =>
    resource('AWS::Lambda::Permission', {
      FunctionName: ref('Function'),
      Action: 'lambda:InvokeFunction',
      ...properties,
    });
  const around = { Function: resource('AWS::Lambda::Function'), Friend: role(), Other: role() };

  it('are put together to its policy', () => {
    const analysis = estate({
      ...around,
      One: permission({ Principal: FRIEND.AWS }),
      Two: permission({ Principal: `arn:aws:iam::${ACCOUNT}:role/shop-Other` }),
      Third: role(),
    });
    expect(['Friend', 'Other', 'Third'].map((name) => can(analysis, name, invoked))).toEqual([
      'yes',
      'yes',
      'no',
    ]);
  });

  it('for a service are no permissions for roles', () => {
    const analysis = estate({ ...around, One: permission({ Principal: 's3.amazonaws.com' }) });
    expect(can(analysis, 'Friend', invoked)).toBe('no');
  });

  it('carry their conditions', () => {
    const given = (properties: object) =>
      estate({ ...around, One: permission({ Principal: '*', ...properties }) });
    const asked = (SourceAccount: string) => ({
      ...invoked,
      context: new Map([['aws:sourceaccount', [SourceAccount]]]),
    });
    expect(can(given({}), 'Friend', asked(OTHER_ACCOUNT))).toBe('yes');
    expect(can(given({ SourceAccount: ACCOUNT }), 'Friend', asked(ACCOUNT))).toBe('yes');
    expect(can(given({ SourceAccount: ACCOUNT }), 'Friend', asked(OTHER_ACCOUNT))).toBe('no');
  });

  it('may name the function by its ARN, its name, or a version of it', () => {
    for (const FunctionName of [arnOf('Function'), 'shop-Function', `${FUNCTION}:1`]) {
      const analysis = estate({ ...around, One: permission({ FunctionName, Principal: FRIEND.AWS }) });
      expect(can(analysis, 'Friend', invoked)).toBe('yes');
    }
  });

  it('are of no function of the same name in another account or region', () => {
    const named = resource('AWS::Lambda::Function', { FunctionName: 'same' });
    const analysis = analyse(
      assembly(
        stack({ Function: named, Friend: role() }),
        stack(
          {
            Function: named,
            One: permission({ FunctionName: 'same', Principal: FRIEND.AWS }),
          },
          { id: 'elsewhere', region: 'us-east-1' },
        ),
      ),
    );
    const at = (region: string) =>
      can(analysis, 'Friend', {
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:${region}:${ACCOUNT}:function:same`,
      });
    expect([at('us-east-1'), at('eu-central-1')]).toEqual(['yes', 'no']);
  });
});

describe('the policy of an endpoint', () => {
  const analysis = estate({
    Endpoint: resource('AWS::EC2::VPCEndpoint', {
      PolicyDocument: document(letIn('*', 's3:GetObject')),
    }),
    Somebody: role({ may: [allow('*')] }),
  });
  const [endpoint] = analysis.estate.targets.filter(({ logicalId }) => logicalId === 'Endpoint');
  const through = (action: string, id: string | undefined) => ({
    action,
    resource: 'arn:aws:s3:::somewhere/x',
    ...(id ? { context: new Map([['aws:sourcevpce', [id]]]) } : {}),
  });

  it('limits what passes it', () => {
    expect(can(analysis, 'Somebody', through('s3:GetObject', endpoint?.name))).toBe('yes');
    expect(can(analysis, 'Somebody', through('s3:PutObject', endpoint?.name))).toBe('no');
  });

  it('limits nothing that goes another way', () => {
    expect(can(analysis, 'Somebody', through('s3:PutObject', undefined))).toBe('yes');
    expect(can(analysis, 'Somebody', through('s3:PutObject', 'vpce-another'))).toBe('yes');
  });

  it('does not say who may change the endpoint', () => {
    const asked = { action: 'ec2:ModifyVpcEndpoint', resource: endpoint?.arn ?? '' };
    expect(can(analysis, 'Somebody', asked)).toBe('yes');
  });
});

describe('what is not resolved in the policy of a resource', () => {
  const bucket = (statement: object) =>
    estate({
      It: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::S3::BucketPolicy', {
        Bucket: ref('It'),
        PolicyDocument: document(statement),
      }),
      Friend: role(),
      Allowed: role({ may: [allow('s3:*')] }),
    });
  const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-it/x' };

  it('may let in everybody, as its principal', () => {
    const analysis = bucket(letIn({ AWS: ref('Nothing') }, 's3:*'));
    expect(can(analysis, 'Friend', asked)).toBe('perhaps');
    expect(surelyCan(analysis, 'Friend', asked)).toBe(false);
  });

  it('saves nobody, as the principal of a Deny', () => {
    const analysis = bucket(deny('s3:*', '*', { Principal: { AWS: ref('Nothing') } }));
    expect(can(analysis, 'Allowed', asked)).toBe('perhaps');
    expect(surelyCan(analysis, 'Allowed', asked)).toBe(false);
  });
});

describe('a resource of another account', () => {
  it('must be open to the account, and be allowed there', () => {
    const analysis = (trusts: object) =>
      analyse(
        assembly(
          stack({ Allowed: role({ may: [allow('s3:*')] }), Not: role() }),
          stack(
            {
              It: resource('AWS::S3::Bucket', { BucketName: 'theirs' }),
              Policy: resource('AWS::S3::BucketPolicy', {
                Bucket: ref('It'),
                PolicyDocument: document(letIn(trusts, 's3:*')),
              }),
            },
            { id: 'theirs', account: OTHER_ACCOUNT },
          ),
        ),
      );
    const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::theirs/x' };
    expect(['Allowed', 'Not'].map((name) => can(analysis(root()), name, asked))).toEqual(['yes', 'no']);
    expect(can(analysis(root(OTHER_ACCOUNT)), 'Allowed', asked)).toBe('no');
    expect(can(analysis(service('s3')), 'Allowed', asked)).toBe('no');
  });
});

it('a role is asked by its trust policy only about becoming it', () => {
  const analysis = estate({ Target: role({ trusts: FRIEND }), Friend: role() });
  const { arn } = principal(analysis, 'Target').caller;
  expect(can(analysis, 'Friend', { action: 'sts:AssumeRole', resource: arn })).toBe('yes');
  expect(can(analysis, 'Friend', { action: 'iam:DeleteRole', resource: arn })).toBe('no');
});
