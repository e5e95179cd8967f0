/** What even an administrator of the account may not do, and who may. */
import { Template } from 'aws-cdk-lib/assertions';
import { namesOf } from '../../../lib/names';
import { OrganizationStack } from '../../../lib/stacks/organization';
import { decide, type Statement } from '../../support/policy-decision';
import { stageNamed, testApp } from '../../support/stages';

const organization = { account: '999999999999', region: 'eu-central-1', targets: ['ou-abcd-11112222'] };
const stage = stageNamed('prod', { organization });
const names = namesOf(stage);
let statements: Statement[];
let template: Template;

beforeAll(() => {
  template = Template.fromStack(new OrganizationStack(testApp(), 'Organization', { stage }));
  statements = Object.values(template.findResources('AWS::Organizations::Policy')).flatMap(
    ({ Properties }) => Properties.Content.Statement,
  );
});

const denied = (principal: string, action: string, resource: string, context = {}) =>
  decide(statements, { action, resource, context: { 'aws:PrincipalArn': principal, ...context } }) === 'deny';

const admin = 'arn:aws:iam::333333333333:role/Admin';
const deployer = names.execution.sensitive;
const key = 'arn:aws:kms:eu-central-1:333333333333:key/k';

test.each<[string, string, object]>([
  ['cloudtrail:StopLogging', names.trail.arn, {}],
  ['secretsmanager:PutResourcePolicy', names.secrets.breakGlass.arn.replaceAll('?', 'x'), {}],
  ['kms:PutKeyPolicy', key, { 'kms:ResourceAliases': ['alias/tz-prod-sensitive'] }],
  ['kms:PutKeyPolicy', key, { 'kms:ResourceAliases': ['alias/tz-prod-audit'] }],
  ['iam:CreatePolicyVersion', names.boundary.arn, {}],
  ['s3:PutBucketPolicy', `arn:aws:s3:::${names.buckets.audit}`, {}],
  ['logs:DeleteLogGroup', `${names.logGroups.transcripts.arn}:*`, {}],
])('%s on %s is for the sensitive deployer', (action, resource, context) => {
  expect(denied(admin, action, resource, context)).toBe(true);
  expect(denied(deployer, action, resource, context)).toBe(false);
});

test.each<[string, string]>([
  ['s3:DeleteObjectVersion', `arn:aws:s3:::${names.buckets.audit}/x`],
  ['s3:BypassGovernanceRetention', `arn:aws:s3:::${names.buckets.transcripts}/x`],
  ['iam:CreateUser', '*'],
  ['organizations:LeaveOrganization', '*'],
  ['iam:DeleteRolePermissionsBoundary', names.roles.backendTask.arn],
  ['iam:PutRolePolicy', names.personaRole('ProdEngineer').replaceAll('?', '0')],
])('%s on %s is for nobody', (action, resource) => {
  expect(denied(admin, action, resource)).toBe(true);
  expect(denied(deployer, action, resource)).toBe(true);
});

test('what is not of the class is left alone', () => {
  expect(denied(admin, 'kms:PutKeyPolicy', key, { 'kms:ResourceAliases': ['alias/tz-prod-logs'] })).toBe(
    false,
  );
  expect(denied(admin, 's3:DeleteObject', 'arn:aws:s3:::another/x')).toBe(false);
});

test('applies where the stage says, within the limit of a policy', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::Organizations::Policy'))) {
    expect(Properties.TargetIds).toEqual(['ou-abcd-11112222']);
    expect(JSON.stringify(Properties.Content).length).toBeLessThan(5120);
  }
});

test('a stage without an organization has no such stack', () => {
  expect(() => new OrganizationStack(testApp(), 'Organization', { stage: stageNamed('prod') })).toThrow(
    'stage prod manages no organization',
  );
});
