/** In China and GovCloud ARNs begin otherwise: nothing here takes the common beginning for granted. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { analyse } from '../../../../lib/access-model/matrix/analysis';
import {
  ACCOUNT,
  allow,
  assembly,
  assignment,
  deployedWith,
  document,
  holds,
  letIn,
  permissionSet,
  principal,
  resource,
  role,
  service,
  stack,
  techniquesTo,
} from '../../../support/access-estate';

const REGION = 'cn-north-1';
const arn = (name: string) => `arn:aws-cn:iam::${ACCOUNT}:role/${name}`;
const analysis = analyse(
  assembly(
    stack(
      {
        Code: resource('AWS::Lambda::Function', { Role: arn('shop-Runs'), Code: { S3Bucket: 'code' } }),
        Runs: role({ trusts: service('lambda') }),
        Key: resource('AWS::KMS::Key', { KeyPolicy: document(letIn({ AWS: arn('break-glass') }, 'kms:*')) }),
        Writer: role({
          may: [allow('s3:PutObject', ['arn:aws-cn:s3:::assets/*', 'arn:aws-cn:s3:::code/*'])],
        }),
        Foreign: role({ may: [allow('s3:PutObject', ['arn:aws:s3:::assets/*', 'arn:aws:s3:::code/*'])] }),
        Monitoring: role({
          ManagedPolicyArns: ['arn:aws-cn:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole'],
        }),
        Group: resource('AWS::Logs::LogGroup', { LogGroupName: 'RDSOSMetrics' }),
        Set: permissionSet('Support'),
        Assignment: assignment('Set', ACCOUNT),
        Joining: role({
          may: [allow('identitystore:CreateGroupMembership', 'arn:aws-cn:identitystore:::group/*')],
        }),
      },
      {
        region: REGION,
        deployment: deployedWith({
          deployRole: arn('deploy'),
          executionRole: arn('cfn-exec'),
          lookupRole: arn('lookup'),
          publishingRoles: [arn('publishing')],
          assetBuckets: ['assets'],
          assetRepositories: ['images'],
        }),
      },
    ),
  ),
);

it('buckets of assets are those of the partition', () => {
  expect(['Writer', 'Foreign'].map((name) => holds(analysis, name, 'asset:write'))).toEqual(['yes', 'no']);
  expect(techniquesTo(analysis, 'Writer', 'cfn-exec')).toEqual(['assets']);
  expect(techniquesTo(analysis, 'Writer', 'Runs')).toEqual(['assets']);
  expect(techniquesTo(analysis, 'Foreign', 'cfn-exec')).toBeUndefined();
});

it('the roles that are there without a template are so too', () => {
  expect(holds(analysis, 'publishing', 'asset:write')).toBe('yes');
  const { trust } = principal(analysis, 'deploy');
  expect(trust?.statements[0]?.principals?.AWS).toEqual([`arn:aws-cn:iam::${ACCOUNT}:root`]);
  expect(principal(analysis, 'break-glass').caller.arn).toBe(arn('break-glass'));
});

it('what a policy of AWS is about lies there', () => {
  expect(holds(analysis, 'Monitoring', 'logs:write')).toBe('yes');
});

it('groups of people are there too', () => {
  expect(holds(analysis, 'Joining', 'permission-set:change')).toBe('yes');
  expect(techniquesTo(analysis, 'Joining', 'Support')).toEqual(['assign-permission-set']);
});

it('nowhere else is the common one written down', () => {
  const root = path.join(__dirname, '../../../../lib/access-model');
  const folders = ['policy', 'evaluate', 'estate', 'questions', 'capabilities', 'reach', 'matrix'];
  const code = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder)).flatMap((file) =>
      readFileSync(path.join(root, folder, file), 'utf8')
        .split('\n')
        .filter((line) => line.includes('arn:aws:') && !/^\s*(\/?\*|\/\/)/.test(line))
        .map((line) => `${folder}/${file}: ${line.trim()}`),
    ),
  );
  // The text of policies of AWS, as it is in the common partition, and where that is replaced.
  expect(code.filter((line) => !/^estate\/managed-policies/.test(line))).toEqual([]);
  expect(code.length).toBeGreaterThan(0);
});
