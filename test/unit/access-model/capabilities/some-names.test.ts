/** Access to some objects of a bucket, or to some streams of a log group, is access in part. */
import type { Holds } from '../../../../lib/access-model/capabilities/capability';
import {
  ACCOUNT,
  allow,
  deny,
  deployedWith,
  estate,
  HERE,
  holds,
  key,
  letIn,
  ref,
  resource,
  role,
  root,
  type Statement,
  techniquesTo,
} from '../../../support/access-estate';

const SOMEBODY = `arn:aws:iam::${ACCOUNT}:role/shop-Somebody`;
const TARGET = `arn:aws:iam::${ACCOUNT}:role/shop-Target`;
const RECORDS = 'arn:aws:s3:::records';
const GROUP = `arn:aws:logs:${HERE}:log-group:statements`;
const ORDINARY = `arn:aws:logs:${HERE}:log-group:requests`;

const around = (...may: Statement[]) =>
  estate(
    {
      Guarded: key(letIn(root(), 'kms:*', { Condition: { ArnEquals: { 'aws:PrincipalArn': SOMEBODY } } })),
      Records: resource('AWS::S3::Bucket', {
        BucketName: 'records',
        ObjectLockEnabled: true,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { KMSMasterKeyID: ref('Guarded') } },
          ],
        },
      }),
      Statements: resource('AWS::Logs::LogGroup', { LogGroupName: 'statements', KmsKeyId: ref('Guarded') }),
      Requests: resource('AWS::Logs::LogGroup', { LogGroupName: 'requests' }),
      Target: role({ trusts: { Service: 'cloudformation.amazonaws.com' } }),
      Somebody: role({ may: [allow('kms:Decrypt'), ...may] }),
    },
    { deployment: deployedWith({ executionRole: TARGET, assetBuckets: ['assets'] }) },
  );

interface Case {
  readonly id: string;
  readonly actions: readonly string[];
  readonly all: string;
  readonly some: string;
  readonly others: string;
}

const objects = (bucket: string) => ({
  all: `${bucket}/*`,
  some: `${bucket}/prefix/*`,
  others: `${bucket}-of-others/*`,
});
const streams = (group: string) => ({
  all: `${group}:log-stream:*`,
  some: `${group}:log-stream:backend/*`,
  others: `${group}-of-others:log-stream:*`,
});

const CASES: readonly Case[] = [
  { id: 'records:read:records', actions: ['s3:GetObject'], ...objects(RECORDS) },
  { id: 'records:delete:records', actions: ['s3:DeleteObject'], ...objects(RECORDS) },
  { id: 'records:write:records', actions: ['s3:PutObject'], ...objects(RECORDS) },
  {
    id: 'records:delete:records',
    actions: ['s3:PutObjectRetention', 's3:BypassGovernanceRetention'],
    ...objects(RECORDS),
  },
  { id: 'asset:write', actions: ['s3:PutObject'], ...objects('arn:aws:s3:::assets') },
  { id: 'records:read:statements', actions: ['logs:GetLogEvents'], ...streams(GROUP) },
  { id: 'records:delete:statements', actions: ['logs:DeleteLogStream'], ...streams(GROUP) },
  { id: 'logs:write', actions: ['logs:PutLogEvents'], ...streams(ORDINARY) },
];

describe.each(CASES)('$id with $actions', ({ id, actions, all, some, others }) => {
  const held = (...may: Statement[]): Holds => holds(around(...may), 'Somebody', id);

  it('is held where all of them are allowed', () => {
    expect(held(allow(actions, all))).toBe('yes');
  });

  it('is held in part where only some of them are', () => {
    expect(held(allow(actions, some))).toBe('in part');
  });

  it('is not held where those of another are', () => {
    expect(held(allow(actions, others))).toBe('no');
  });

  it('is not held where all of them are denied, though some are allowed', () => {
    expect(held(allow(actions, some), deny(actions, all))).toBe('no');
    expect(held(allow(actions, all), deny(actions, some))).toBe('yes');
  });

  it('is held in part where only some are left out of the denial', () => {
    const { Resource: _, ...denial } = deny(actions);
    const except = { ...denial, NotResource: some } as unknown as Statement;
    expect(held(allow(actions, all), except)).toBe('in part');
  });
});

describe('users and groups', () => {
  const changing = (action: string, of: string) =>
    holds(
      estate({
        User: resource('AWS::IAM::User', { Path: '/team/' }),
        Group: resource('AWS::IAM::Group', { Path: '/team/' }),
        Somebody: role({ may: [allow(action, `arn:aws:iam::${ACCOUNT}:${of}`)] }),
      }),
      'Somebody',
      'identity:change',
    );

  it('of the templates are changed by who may, under their path', () => {
    expect(changing('iam:PutUserPolicy', 'user/team/shop-User')).toBe('yes');
    expect(changing('iam:AddUserToGroup', 'group/team/shop-Group')).toBe('yes');
  });

  it('of the account that no template makes are changed perhaps', () => {
    expect(changing('iam:AttachUserPolicy', 'user/by-hand')).toBe('in part');
    expect(changing('iam:PutGroupPolicy', 'group/by-hand')).toBe('in part');
    expect(changing('iam:PutGroupPolicy', 'role/by-hand')).toBe('no');
  });
});

it('who writes some of the templates becomes perhaps who deploys them', () => {
  const written = (objects: string) => around(allow('s3:PutObject', objects));
  expect(techniquesTo(written('arn:aws:s3:::assets/prefix/*'), 'Somebody', 'Target')).toEqual(['assets']);
  expect(techniquesTo(written('arn:aws:s3:::others/*'), 'Somebody', 'Target')).toBeUndefined();
});
