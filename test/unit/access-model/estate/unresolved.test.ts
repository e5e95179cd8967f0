/** Documents that are a mark instead of a text, and policies of which nobody knows where they stand. */
import {
  ACCOUNT,
  allow,
  assignment,
  can,
  deny,
  document,
  estate,
  HERE,
  letIn,
  managed,
  permissionSet,
  type Resources,
  ref,
  resource,
  role,
  type Statement,
  surelyCan,
} from '../../../support/access-estate';

type Asked = Parameters<typeof can>[2];

const FRIEND = { AWS: `arn:aws:iam::${ACCOUNT}:role/shop-Friend` };
const READ = { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-it/x' };
/** A macro, which nobody here carries out. */
const UNREAD = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: {} } };

/** `perhaps` where nobody may claim either. */
function answered(resources: Resources, name: string, asked: Asked = READ): string {
  const analysis = estate(resources);
  const possible = can(analysis, name, asked);
  return possible === 'yes' && !surelyCan(analysis, name, asked) ? 'not surely' : possible;
}
const listed = (resources: Resources): string[] =>
  estate(resources).estate.unresolved.map(({ where }) => where.replace('shop.', ''));

describe('a document that is not resolved', () => {
  const policy = (Type: string, properties: object) =>
    resource(Type, { PolicyName: 'p', PolicyDocument: UNREAD, ...properties });
  const inline = (PolicyDocument: unknown) => ({ Policies: [{ PolicyName: 'p', PolicyDocument }] });

  it.each<[string, Resources, string]>([
    ['of a role', { It: role(inline(UNREAD)) }, 'It.Properties.Policies.0.PolicyDocument'],
    ['of a role, with all of its policies', { It: role({ Policies: UNREAD }) }, 'It.Properties.Policies'],
    [
      'of a policy',
      { It: role(), P: policy('AWS::IAM::Policy', { Roles: [ref('It')] }) },
      'P.Properties.PolicyDocument',
    ],
    [
      'of a role policy',
      { It: role(), P: policy('AWS::IAM::RolePolicy', { RoleName: ref('It') }) },
      'P.Properties.PolicyDocument',
    ],
    [
      'of a managed policy',
      { It: role(), P: policy('AWS::IAM::ManagedPolicy', { Roles: [ref('It')] }) },
      'P.Properties.PolicyDocument',
    ],
    [
      'of a user',
      { It: resource('AWS::IAM::User', inline(UNREAD)) },
      'It.Properties.Policies.0.PolicyDocument',
    ],
    [
      'of a permission set',
      { It: permissionSet('It', { InlinePolicy: UNREAD }), A: assignment('It', ACCOUNT) },
      'It.Properties.InlinePolicy',
    ],
    [
      'of a permission set, as a text that is put together',
      {
        It: permissionSet('It', {
          InlinePolicy: { 'Fn::Join': ['', ['{"Statement":', ref('Nothing'), '}']] },
        }),
        A: assignment('It', ACCOUNT),
      },
      'It.Properties.InlinePolicy',
    ],
  ])('%s allows perhaps everything, and is listed', (_, resources, where) => {
    const around = { ...resources, Other: role() };
    expect(answered(around, 'It')).toBe('perhaps');
    expect(answered(around, 'Other')).toBe('no');
    expect(listed(around)).toEqual([where]);
  });

  it('leaves alone what other policies surely say', () => {
    const its = (...may: Statement[]) => ({
      It: role({
        Policies: [
          ...[UNREAD, document(...may)].map((PolicyDocument) => ({ PolicyName: 'p', PolicyDocument })),
        ],
      }),
    });
    expect(answered(its(allow('s3:GetObject')), 'It')).toBe('yes');
    expect(answered(its(deny('s3:GetObject')), 'It')).toBe('no');
  });

  it('is known in all the rest where only a value of it is not', () => {
    const text = {
      'Fn::Join': [
        '',
        ['{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"', ref('Nothing'), '"}}'],
      ],
    };
    const set = { It: permissionSet('It', { InlinePolicy: text }), A: assignment('It', ACCOUNT) };
    expect(answered(set, 'It')).toBe('perhaps');
    expect(answered(set, 'It', { ...READ, action: 's3:PutObject' })).toBe('no');
  });

  it('as who is trusted lets in perhaps everybody', () => {
    const assumed = (AssumeRolePolicyDocument: unknown) => {
      const resources = { Target: resource('AWS::IAM::Role', { AssumeRolePolicyDocument }), Anyone: role() };
      const asked = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/shop-Target` };
      return [answered(resources, 'Anyone', asked), listed(resources)];
    };
    expect(assumed(UNREAD)).toEqual(['perhaps', ['Target.Properties.AssumeRolePolicyDocument']]);
    expect(assumed(document(letIn(FRIEND, 'sts:AssumeRole')))).toEqual(['no', []]);
  });

  it('of a key opens it perhaps to everybody, and guards it', () => {
    const resources = { Key: resource('AWS::KMS::Key', { KeyPolicy: UNREAD }), Anyone: role() };
    const { targets } = estate(resources).estate;
    const asked = { action: 'kms:Decrypt', resource: targets[0]?.arn ?? '' };
    expect(answered(resources, 'Anyone', asked)).toBe('perhaps');
    expect(listed(resources)).toEqual(['Key.Properties.KeyPolicy']);
  });

  it('of a bucket opens it perhaps to everybody', () => {
    const resources = (PolicyDocument: unknown) => ({
      It: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::S3::BucketPolicy', { Bucket: ref('It'), PolicyDocument }),
      Anyone: role(),
    });
    expect(answered(resources(UNREAD), 'Anyone')).toBe('perhaps');
    expect(answered(resources(document(letIn(FRIEND, 's3:*'))), 'Anyone')).toBe('no');
  });

  it('as a boundary limits perhaps nothing, and nothing is claimed to be within it', () => {
    const within = (Boundary: Resources[string]) =>
      answered({ It: role({ may: [allow('s3:*')], PermissionsBoundary: ref('Boundary') }), Boundary }, 'It');
    expect(within(resource('AWS::IAM::ManagedPolicy', { PolicyDocument: UNREAD }))).toBe('perhaps');
    expect(within(managed([allow('s3:GetObject')]))).toBe('yes');
    expect(within(managed([allow('s3:PutObject')]))).toBe('no');
  });

  it('as the boundary of a permission set does so too', () => {
    const set = (PermissionsBoundary: unknown) =>
      answered(
        {
          It: permissionSet('It', { InlinePolicy: document(allow('s3:*')), PermissionsBoundary }),
          A: assignment('It', ACCOUNT),
        },
        'It',
      );
    expect(set(UNREAD)).toBe('perhaps');
    expect(set({ ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })).toBe('yes');
  });

  it('of the organization limits perhaps', () => {
    const under = (Content: unknown) =>
      answered(
        {
          It: role({ may: [allow('s3:*')] }),
          Policy: resource('AWS::Organizations::Policy', {
            Type: 'SERVICE_CONTROL_POLICY',
            TargetIds: [ACCOUNT],
            Content,
          }),
        },
        'It',
      );
    expect(under(UNREAD)).toBe('perhaps');
    expect(under(document(deny('s3:GetObject')))).toBe('no');
    expect(under(document(deny('s3:PutObject')))).toBe('yes');
  });
});

describe('a statement that is not resolved', () => {
  const its = (...may: unknown[]) => ({ It: role({ may: may as object[] }) });

  it('allows perhaps everything, beside the others', () => {
    const resources = its(UNREAD, allow('s3:GetObject'));
    expect(answered(resources, 'It')).toBe('yes');
    expect(answered(resources, 'It', { ...READ, action: 's3:PutObject' })).toBe('perhaps');
  });

  it('by its effect allows perhaps, and denies perhaps', () => {
    const open = { ...allow('s3:GetObject'), Effect: UNREAD };
    expect(answered(its(open), 'It')).toBe('perhaps');
    expect(answered(its(open, allow('s3:*')), 'It')).toBe('perhaps');
  });

  it('by a condition allows perhaps', () => {
    expect(answered(its({ ...allow('s3:GetObject'), Condition: UNREAD }), 'It')).toBe('perhaps');
    expect(answered(its({ ...allow('s3:GetObject'), Condition: { StringEquals: UNREAD } }), 'It')).toBe(
      'perhaps',
    );
  });

  it('by one of its actions allows perhaps what fits, and surely the others', () => {
    const resources = its({
      ...allow([]),
      Action: ['s3:GetObject', { 'Fn::Join': ['', ['s3:Put', ref('Nothing')]] }],
    });
    const answers = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) =>
      answered(resources, 'It', { ...READ, action }),
    );
    expect(answers).toEqual(['yes', 'perhaps', 'no']);
  });

  it('by one of its exceptions allows perhaps what may be excepted', () => {
    const except = (NotAction: unknown) => its({ Effect: 'Allow', NotAction, Resource: '*' });
    expect(answered(except([ref('Nothing')]), 'It')).toBe('perhaps');
    expect(answered(except(['s3:GetObject', ref('Nothing')]), 'It')).toBe('no');
  });
});

describe('a policy of a resource that nobody knows', () => {
  interface Case {
    readonly policy: string;
    readonly kind: string;
    readonly names: string;
    readonly asked: Asked;
    readonly document?: string;
  }
  const CASES: readonly Case[] = [
    { policy: 'AWS::S3::BucketPolicy', kind: 'AWS::S3::Bucket', names: 'Bucket', asked: READ },
    {
      policy: 'AWS::SNS::TopicPolicy',
      kind: 'AWS::SNS::Topic',
      names: 'Topics',
      asked: { action: 'sns:Publish', resource: `arn:aws:sns:${HERE}:shop-It` },
    },
    {
      policy: 'AWS::SQS::QueuePolicy',
      kind: 'AWS::SQS::Queue',
      names: 'Queues',
      asked: { action: 'sqs:SendMessage', resource: `arn:aws:sqs:${HERE}:shop-It` },
    },
    {
      policy: 'AWS::SecretsManager::ResourcePolicy',
      kind: 'AWS::SecretsManager::Secret',
      names: 'SecretId',
      asked: { action: 'secretsmanager:GetSecretValue', resource: '' },
      document: 'ResourcePolicy',
    },
  ];

  describe.each(CASES)('$policy', ({ policy, kind, names, asked, document: element = 'PolicyDocument' }) => {
    const around = (name: unknown, ...statements: Statement[]): Resources => ({
      It: resource(kind),
      Policy: resource(policy, { [names]: name, [element]: document(...statements) }),
      Friend: role(),
      Allowed: role({ may: [allow('*')] }),
    });
    const answer = (resources: Resources, name: string) => {
      const found = estate(resources).estate.targets.find(({ logicalId }) => logicalId === 'It');
      return answered(resources, name, { ...asked, resource: asked.resource || `${found?.arn}` });
    };

    it('lets in perhaps, and surely nobody, wherever it stands', () => {
      const named = around(names.endsWith('s') ? [ref('It')] : ref('It'), letIn(FRIEND, asked.action));
      const unknown = around(UNREAD, letIn(FRIEND, asked.action));
      expect([answer(named, 'Friend'), answer(unknown, 'Friend')]).toEqual(['yes', 'perhaps']);
      expect(listed(unknown)).toEqual([`Policy.Properties.${names}`]);
    });

    it('refuses perhaps', () => {
      const refusing = deny('*', '*', { Principal: '*' });
      expect(answer(around(UNREAD, refusing), 'Allowed')).toBe('perhaps');
    });

    it('leaves what others say of the resource as sure as it is', () => {
      const both = (own: Statement) => ({
        ...around(UNREAD, letIn(FRIEND, '*')),
        Own: resource(policy, {
          [names]: names.endsWith('s') ? [ref('It')] : ref('It'),
          [element]: document(own),
        }),
      });
      expect(answer(both(letIn(FRIEND, asked.action)), 'Friend')).toBe('yes');
      expect(answer(both(deny('*', '*', { Principal: '*' })), 'Allowed')).toBe('no');
      expect(answer(both(letIn({ AWS: ACCOUNT }, asked.action)), 'Friend')).toBe('perhaps');
    });
  });

  it('is of none whose name does not fit what is known of it', () => {
    const named = (prefix: string) =>
      answered(
        {
          It: resource('AWS::S3::Bucket'),
          Policy: resource('AWS::S3::BucketPolicy', {
            Bucket: { 'Fn::Join': ['', [prefix, ref('Nothing')]] },
            PolicyDocument: document(letIn(FRIEND, 's3:*')),
          }),
          Friend: role(),
        },
        'Friend',
      );
    expect([named('shop-'), named('others-')]).toEqual(['perhaps', 'no']);
  });

  it('is of no other kind of resource', () => {
    const resources = {
      It: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::SNS::TopicPolicy', {
        Topics: UNREAD,
        PolicyDocument: document(letIn(FRIEND, 's3:*')),
      }),
      Friend: role(),
    };
    expect(answered(resources, 'Friend')).toBe('no');
  });

  it('is perhaps of a function that a permission does not name', () => {
    const resources = {
      Function: resource('AWS::Lambda::Function'),
      Permission: resource('AWS::Lambda::Permission', {
        FunctionName: UNREAD,
        Action: 'lambda:InvokeFunction',
        Principal: FRIEND.AWS,
      }),
      Friend: role(),
      Other: role(),
    };
    const asked = {
      action: 'lambda:InvokeFunction',
      resource: `arn:aws:lambda:${HERE}:function:shop-Function`,
    };
    expect(['Friend', 'Other'].map((name) => answered(resources, name, asked))).toEqual(['perhaps', 'no']);
  });
});

describe('what runs as a role that is not resolved', () => {
  it.each([
    ['AWS::Lambda::Function', 'Role'],
    ['AWS::ECS::TaskDefinition', 'TaskRoleArn'],
    ['AWS::ECS::TaskDefinition', 'ExecutionRoleArn'],
  ])('is listed: %s by its %s', (type, property) => {
    expect(listed({ It: resource(type, { [property]: ref('Nothing') }) })).toEqual([
      `It.Properties.${property}`,
    ]);
    expect(
      listed({ It: resource(type, { [property]: { 'Fn::GetAtt': ['Role', 'Arn'] } }), Role: role() }),
    ).toEqual([]);
  });
});
