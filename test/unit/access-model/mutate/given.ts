/** A small estate with one policy of each place, and checks over it. */
import type { Assembly } from '../../../../lib/access-model/assembly/assembly';
import type { Analysis } from '../../../../lib/access-model/matrix/analysis';
import { matrix } from '../../../../lib/access-model/matrix/matrix';
import { loadVocabulary, type Vocabulary } from '../../../../lib/access-model/names/vocabulary';
import type { Check } from '../../../../lib/access-model/promises/check';
import {
  ACCOUNT,
  allow,
  arnOf,
  deny,
  document,
  estate,
  key,
  letIn,
  managed,
  type Resources,
  ref,
  resource,
  role,
  root,
  service,
} from '../../../support/access-estate';

export type { Assembly };

const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/shop-${name}`;
const except = (...names: string[]) => ({
  Condition: { ArnNotLike: { 'aws:PrincipalArn': names.map(roleArn) } },
});

export const SMALL: Resources = {
  Limit: managed([
    allow('*'),
    deny('secretsmanager:*', '*', except('Reader', 'Writer')),
    deny(['iam:CreateRole', 'iam:PutRolePolicy']),
  ]),
  Reader: role({
    PermissionsBoundary: ref('Limit'),
    may: [
      allow('secretsmanager:GetSecretValue', ref('Secret')),
      allow(['s3:GetObject', 's3:ListBucket'], '*', {
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      }),
    ],
  }),
  Writer: role({
    PermissionsBoundary: ref('Limit'),
    may: [allow('secretsmanager:PutSecretValue', ref('Secret'))],
  }),
  Curious: role({ trusts: { AWS: roleArn('Reader') }, may: [allow('*')] }),
  Worker: role({
    trusts: service('lambda'),
    may: [{ Effect: 'Deny', NotAction: ['s3:GetObject'], Resource: '*' }],
  }),
  Key: key(letIn(root(), 'kms:Put*'), letIn({ AWS: roleArn('Reader') }, 'kms:Decrypt')),
  Secret: resource('AWS::SecretsManager::Secret', { Name: 'a-secret', KmsKeyId: arnOf('Key') }),
  SecretPolicy: resource('AWS::SecretsManager::ResourcePolicy', {
    SecretId: ref('Secret'),
    ResourcePolicy: document({
      Sid: 'Others',
      ...deny('secretsmanager:GetSecretValue', '*', except('Reader')),
      Principal: '*',
    }),
  }),
  Bucket: resource('AWS::S3::Bucket', { BucketName: 'a-bucket' }),
  BucketPolicy: resource('AWS::S3::BucketPolicy', {
    Bucket: ref('Bucket'),
    PolicyDocument: document({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      NotResource: 'arn:aws:s3:::a-bucket/public/*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  }),
  Function: resource('AWS::Lambda::Function', { FunctionName: 'a-function', Role: arnOf('Worker') }),
  ByRule: resource('AWS::Lambda::Permission', {
    FunctionName: ref('Function'),
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  }),
  ByQueue: resource('AWS::Lambda::Permission', {
    FunctionName: ref('Function'),
    Action: 'lambda:InvokeFunction',
    Principal: roleArn('Reader'),
  }),
};

export const small = (): Analysis => estate(SMALL);

export const vocabulary = (): Promise<Vocabulary> =>
  loadVocabulary(['iam', 'kms', 'lambda', 's3', 'secretsmanager', 'sts', 'rds', 'logs', 'sns']);

/** Everything that the matrix says, as it is in the base. */
export function rowsAsIn(base: Analysis): Check {
  const expected = new Set(cellsOf(base));
  return {
    id: 'rows',
    title: 'rows are as they were',
    run: (analysis) => {
      const found = cellsOf(analysis);
      const lost = [...expected].filter((each) => !found.includes(each));
      return [...lost, ...found.filter((each) => !expected.has(each))].map((id) => ({ id, message: id }));
    },
  };
}

function cellsOf(analysis: Analysis): string[] {
  return matrix(analysis).flatMap(({ principal, cells, becomes }) => [
    ...cells.map(({ capability, direct, holds }) => {
      const floor = analysis.holder.hold(principal, capability, true).holds;
      return `${principal.name} ${capability.id} ${direct.holds} ${holds} ${floor}`;
    }),
    ...becomes.map((each) => `${principal.name} becomes ${each.principal.name} in ${each.path.length}`),
  ]);
}
