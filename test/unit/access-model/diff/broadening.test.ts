/** Each kind of change that opens something, and beside it the like that opens nothing. */
import {
  ACCOUNT,
  allow,
  broadens,
  bucket,
  changesBetween,
  deny,
  idsOf,
  key,
  ROOT,
  role,
  trusts,
} from './given';

const PHOTO = 'arn:aws:s3:::photos/x';
const photos = { Photos: bucket('photos') };
const app = (...statements: Parameters<typeof role>[1]) => ({ ...photos, App: role('app', statements) });
const read = allow('s3:GetObject', 'arn:aws:s3:::photos/*', { Sid: 'Read' });

test('a statement that is added, with the request that it opens', async () => {
  const changes = await changesBetween(app(), app(read));
  expect(idsOf(changes)).toEqual([`app may s3:GetObject on ${PHOTO}`]);
  expect(changes.statements).toEqual([
    expect.objectContaining({
      layer: 'identity',
      policy: 'Shop.App own',
      statement: 'Read',
      change: 'added',
      at: ['app'],
      where: 'Shop.App',
    }),
  ]);
  expect(await broadens(app(allow('s3:*')), app(allow('s3:*'), read))).toEqual([]);
});

test('a statement that is removed narrows, and is told', async () => {
  const changes = await changesBetween(app(read), app());
  expect(idsOf(changes)).toEqual([]);
  expect(changes.requests.map(({ change, resource }) => [change, resource])).toEqual([['narrowed', PHOTO]]);
  expect(changes.statements.map(({ change }) => change)).toEqual(['removed']);
});

test('a denial that is removed: what it alone refused', async () => {
  const no = deny('s3:DeleteObject', 'arn:aws:s3:::photos/*');
  expect(await broadens(app(allow('s3:*'), no), app(allow('s3:*')))).toEqual([
    `app may s3:DeleteObject on ${PHOTO}`,
  ]);
  expect(await broadens(app(allow('s3:*')), app(allow('s3:*'), no))).toEqual([]);
});

test('a denial that is removed where nothing is allowed lowers the floor', async () => {
  const no = deny('s3:DeleteObject', 'arn:aws:s3:::photos/*');
  expect(await broadens(app(no), app())).toEqual([`app may be given s3:DeleteObject on ${PHOTO}`]);
  expect(await broadens(app(no, { ...no, Sid: 'Again' }), app(no))).toEqual([]);
});

test('a condition that is dropped, though the request was possible with the right keys', async () => {
  const condition = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
  const guarded = { ...read, ...condition };
  const opened = [
    `app may s3:GetObject on ${PHOTO}, when aws:multifactorauthpresent is absent`,
    `app may s3:GetObject on ${PHOTO}, when aws:multifactorauthpresent is false`,
  ];
  expect(await broadens(app(guarded), app(read))).toEqual(opened);
  // The same by a second statement, and by a denial that goes.
  expect(await broadens(app(guarded), app(guarded, { ...read, Sid: 'Also' }))).toEqual(opened);
  const unless = deny('s3:GetObject', '*', {
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  });
  expect(await broadens(app(read, unless), app(read))).toEqual(expect.arrayContaining(opened));
  expect(await broadens(app(read), app(guarded))).toEqual([]);
});

test.each<[string, object, object, string]>([
  [
    'a network',
    { IpAddress: { 'aws:SourceIp': '10.0.0.0/16' } },
    { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    'aws:sourceip is 10.1.0.0',
  ],
  [
    'a number',
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '600' } },
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
    'aws:multifactorauthage is 601',
  ],
  [
    'a pattern',
    { StringLike: { 's3:prefix': 'a/b*' } },
    { StringLike: { 's3:prefix': 'a/*' } },
    's3:prefix is a/',
  ],
  [
    'a value',
    { StringEquals: { 's3:prefix': 'a' } },
    { StringEquals: { 's3:prefix': ['a', 'b'] } },
    's3:prefix is b',
  ],
  [
    'a day',
    { DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } },
    { DateLessThan: { 'aws:CurrentTime': '2028-01-01T00:00:00Z' } },
    'aws:currenttime is 2027-01-01',
  ],
  [
    'a key of two',
    { StringEquals: { 's3:prefix': 'a', 'aws:RequestTag/x': 'y' } },
    { StringEquals: { 's3:prefix': 'a' } },
    'aws:requesttag/x is absent',
  ],
])('a condition that is widened: %s', async (_, narrow, wide, when) => {
  const before = app({ ...read, Condition: narrow });
  const after = app({ ...read, Condition: wide });
  expect((await broadens(before, after)).join('\n')).toContain(
    `app may s3:GetObject on ${PHOTO}, when ${when}`,
  );
  expect(await broadens(after, before)).toEqual([]);
});

test('a resource that is widened, by a pattern and by a name', async () => {
  const one = allow('sqs:SendMessage', `arn:aws:sqs:eu-central-1:${ACCOUNT}:a`);
  const like = allow('sqs:SendMessage', `arn:aws:sqs:eu-central-1:${ACCOUNT}:*`);
  expect(await broadens(app(one), app(like))).toEqual([
    `app may sqs:SendMessage on arn:aws:sqs:eu-central-1:${ACCOUNT}:any-other`,
    `app may sqs:SendMessage on arn:aws:sqs:eu-central-1:${ACCOUNT}:x`,
  ]);
  expect(await broadens(app(like), app(one))).toEqual([]);
});

test('an exception that is made to a denial of everything else', async () => {
  const before = app(allow('s3:*'), {
    Effect: 'Deny',
    Action: 's3:GetObject',
    NotResource: ['arn:aws:s3:::a/*'],
  });
  const after = app(allow('s3:*'), {
    Effect: 'Deny',
    Action: 's3:GetObject',
    NotResource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::photos/*'],
  });
  expect(await broadens(before, after)).toEqual([`app may s3:GetObject on ${PHOTO}`]);
  expect(await broadens(after, before)).toEqual([]);
});

test('a new principal broadens by all that it can do; one that is gone by nothing', async () => {
  const both = { ...app(), Other: role('other', [read, allow('kms:Decrypt')]) };
  const changes = await changesBetween(app(), both);
  expect(changes.principals).toContainEqual(expect.objectContaining({ name: 'other', change: 'added' }));
  expect(idsOf(changes)).toContain(`other may s3:GetObject on ${PHOTO}`);
  // Who can become it does; the service that it is made for is no news.
  expect(idsOf(changes)).toContain('any other administrator becomes other');
  expect(idsOf(changes).join()).not.toContain('lambda.amazonaws.com');
  expect(await broadens(both, app())).toEqual([]);
});

test('a trust that is opened to another account, to everyone, to a service', async () => {
  const trusted = (...principals: object[]) => ({
    App: role('app', [], {
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: principals.map((each) => trusts(each)) },
    }),
  });
  const own = { Service: 'lambda.amazonaws.com' };
  const arn = `arn:aws:iam::${ACCOUNT}:role/app`;
  expect(await broadens(trusted(own), trusted(own, { AWS: 'arn:aws:iam::222222222222:root' }))).toEqual([
    `anyone of account 222222222222 may sts:AssumeRole on ${arn}`,
  ]);
  expect(await broadens(trusted(own), trusted(own, { AWS: '*' }))).toContain(
    'anyone of another account becomes app',
  );
  expect(await broadens(trusted(own), trusted(own, { Service: 'ec2.amazonaws.com' }))).toEqual([
    `ec2.amazonaws.com may sts:AssumeRole on ${arn}`,
  ]);
  expect(await broadens(trusted(own, { AWS: '*' }), trusted(own))).toEqual([]);
});

test('a trust whose claim is widened', async () => {
  const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
  const of = (sub: string) => ({
    App: role('app', [], {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Federated: provider },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': sub } },
        },
      },
    }),
  });
  const [narrow, wide] = [of('repo:us/shop:environment:prod'), of('repo:us/shop:*')];
  expect((await broadens(narrow, wide)).join()).toContain(
    `${provider} may sts:AssumeRoleWithWebIdentity on arn:aws:iam::${ACCOUNT}:role/app, when token.actions`,
  );
  expect(await broadens(wide, narrow)).toEqual([]);
});

test('a policy of a key that starts to delegate to the account', async () => {
  const named = {
    Effect: 'Allow',
    Principal: { AWS: { 'Fn::GetAtt': ['App', 'Arn'] } },
    Action: 'kms:Decrypt',
    Resource: '*',
  };
  const root = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
  const closed = { ...app(), Other: role('other', []), Key: key(named) };
  const opened = { ...closed, Key: key(named, root) };
  const ids = await broadens(closed, opened);
  expect(ids.filter((id) => id.includes('kms:Decrypt')).map((id) => id.replace(/ on .*/, ''))).toEqual([
    'any other administrator may kms:Decrypt',
    'other may be given kms:Decrypt',
  ]);
  expect(await broadens(opened, closed)).toEqual([]);
});

test('a resource policy that lets everyone in', async () => {
  const policy = (...Statement: object[]) => ({
    ...app(),
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: 'photos', PolicyDocument: { Version: '2012-10-17', Statement } },
    },
  });
  const tls = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' };
  expect(await broadens(policy(tls), policy(tls, open))).toEqual([
    `anyone of another account may s3:GetObject on ${PHOTO}`,
    `app may s3:GetObject on ${PHOTO}`,
  ]);
  expect(await broadens(policy(tls, open), policy(tls))).toEqual([]);
});

test('a boundary that is lost, by what it had kept back', async () => {
  const boundary = {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: 'limit',
      PolicyDocument: { Version: '2012-10-17', Statement: allow('logs:*') },
    },
  };
  const limited = (more: object) => ({
    ...photos,
    Limit: boundary,
    App: role('app', [read], more as never),
  });
  const within = limited({ PermissionsBoundary: { Ref: 'Limit' } });
  const ids = await broadens(within, limited({}));
  expect(ids).toContain(`app may s3:GetObject on ${PHOTO}`);
  expect(ids.filter((id) => id.startsWith('app may be given')).length).toBeGreaterThan(0);
  expect(await broadens(limited({}), within)).toEqual([]);
});

test('a new path by handing a role to a service', async () => {
  const guarded = { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'vault' } } };
  const base = {
    ...guarded,
    Strong: role('strong', [allow('secretsmanager:GetSecretValue')]),
    Weak: role('weak', [allow('lambda:CreateFunction')]),
  };
  const head = { ...base, Weak: role('weak', [allow('lambda:CreateFunction'), allow('iam:PassRole')]) };
  const changes = await changesBetween(base, head);
  expect(idsOf(changes)).toContain('weak becomes strong');
  expect(idsOf(changes)).toContain('weak gains secret:vault');
  const gained = changes.principals.find(({ name }) => name === 'weak')?.capabilities;
  expect(gained).toContainEqual(
    expect.objectContaining({
      capability: 'secret:vault',
      from: 'no',
      to: 'yes',
      path: [{ from: 'weak', verb: 'passes to a service that acts as it', to: 'strong', certain: true }],
    }),
  );
  expect(await broadens(head, base)).toEqual([]);
});

test('a policy that is attached to somebody else too', async () => {
  const shared = (Roles: string[]) => ({
    ...photos,
    App: role('app', []),
    Other: role('other', []),
    Shared: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: 'shared',
        Roles,
        PolicyDocument: { Version: '2012-10-17', Statement: read },
      },
    },
  });
  expect(await broadens(shared(['app']), shared(['app', 'other']))).toEqual([
    `other may s3:GetObject on ${PHOTO}`,
  ]);
  expect(await broadens(shared(['app', 'other']), shared(['app']))).toEqual([]);
});

test('a tag that opens what no statement changed for', async () => {
  const tagged = (Value: string) => ({
    ...photos,
    App: role('app', [{ ...read, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'photos' } } }], {
      Tags: [{ Key: 'team', Value }],
    }),
  });
  expect(await broadens(tagged('books'), tagged('photos'))).toEqual([`app may s3:GetObject on ${PHOTO}`]);
  expect(await broadens(tagged('photos'), tagged('books'))).toEqual([]);
});

test('what nobody can judge counts as opened', async () => {
  const unknown = { 'Fn::ImportValue': 'somewhere-else' };
  const ids = await broadens(app(), app(allow('s3:GetObject', unknown)));
  expect(ids).toContain(`app may s3:GetObject on ${PHOTO}`);
  const managed = (arns: string[]) => ({ ...photos, App: role('app', [], { ManagedPolicyArns: arns }) });
  expect(
    (await broadens(managed([]), managed([`arn:aws:iam::${ACCOUNT}:policy/of-somebody`]))).length,
  ).toBeGreaterThan(0);
});

test('a policy of the organization that is loosened, attached elsewhere, or gone', async () => {
  const guard = (TargetIds: string[], ...statements: object[]) => ({
    ...app(allow('s3:*')),
    Guard: {
      Type: 'AWS::Organizations::Policy',
      Properties: {
        Type: 'SERVICE_CONTROL_POLICY',
        TargetIds,
        Content: { Version: '2012-10-17', Statement: statements },
      },
    },
  });
  const no = deny('s3:DeleteBucket');
  const gained = 'app may s3:DeleteBucket on arn:aws:s3:::photos';
  const tight = guard([ACCOUNT], no);
  expect(await broadens(tight, guard([ACCOUNT], { ...no, Resource: 'arn:aws:s3:::books' }))).toContain(
    gained,
  );
  expect(await broadens(tight, guard(['222222222222'], no))).toContain(gained);
  expect(await broadens(tight, app(allow('s3:*')))).toContain(gained);
  // Whether the account lies in that unit, nobody knows.
  expect(await broadens(tight, guard(['ou-abcd-12345678'], no))).toContain(gained);
  expect(await broadens(app(allow('s3:*')), tight)).toEqual([]);
});

test('the policy of an endpoint, by what passes it', async () => {
  const endpoint = (policy: object) => ({
    ...app(allow('s3:*')),
    Endpoint: { Type: 'AWS::EC2::VPCEndpoint', Properties: { ServiceName: 's3', VpcId: 'vpc-1', ...policy } },
  });
  const only = endpoint({
    PolicyDocument: { Version: '2012-10-17', Statement: { ...read, Principal: '*' } },
  });
  const ids = await broadens(only, endpoint({}));
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.every((id) => id.includes('aws:sourcevpce is vpce-'))).toBe(true);
  expect(await broadens(endpoint({}), only)).toEqual([]);
});

test('a new secret that somebody can read already by a pattern', async () => {
  const secret = { Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'vault' } } };
  const reader = app(allow('secretsmanager:GetSecretValue'));
  expect(await broadens(reader, { ...reader, ...secret })).toContain('app gains secret:vault');
  expect(await broadens(app(), { ...app(), ...secret })).not.toContain('app gains secret:vault');
});

test('what is allowed of resources whose policy nobody here sees: perhaps they let it in', async () => {
  const partner = 'arn:aws:iam::222222222222:role/partner';
  const queue = 'arn:aws:sqs:eu-central-1:222222222222:theirs';
  const out = app(allow('sts:AssumeRole', partner), allow('sqs:SendMessage', queue));
  const ids = await broadens(app(), out);
  expect(ids).toContain(`app may sts:AssumeRole on ${partner}`);
  expect(ids).toContain(`app may sqs:SendMessage on ${queue}`);
  expect(await broadens(out, app())).toEqual([]);
});

test('a policy that demanded TLS and no longer does', async () => {
  const topic = (...Statement: object[]) => ({
    ...app(allow('sns:Publish')),
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } },
    Policy: {
      Type: 'AWS::SNS::TopicPolicy',
      Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument: { Version: '2012-10-17', Statement } },
    },
  });
  const tls = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const ids = await broadens(topic(tls), topic());
  expect(ids.join('\n')).toMatch(/^app may sns:Publish on .*, when aws:securetransport is false$/m);
  expect(await broadens(topic(), topic(tls))).toEqual([]);
});
