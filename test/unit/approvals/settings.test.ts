/** The environment, all problems at once, and no password in any message. */
import path from 'node:path';
import { ENVIRONMENT } from '../../../lambda/approvals/contract';
import { parseSettings } from '../../../lambda/approvals/settings';

const GIVEN: Record<string, string | undefined> = {
  AWS_REGION: 'eu-central-1',
  [ENVIRONMENT.stage]: 'test',
  [ENVIRONMENT.functionName]: 'tz-test-approvals',
  [ENVIRONMENT.account]: '000000000000',
  [ENVIRONMENT.host]: 'database.internal',
  [ENVIRONMENT.port]: '5432',
  [ENVIRONMENT.database]: 'platform',
  [ENVIRONMENT.gateUser]: 'sensitive_gate',
  [ENVIRONMENT.supportUser]: 'support_shell',
  [ENVIRONMENT.consoleUser]: 'staff_admin',
  [ENVIRONMENT.tokenKeys]: 'tz-test/sensitive/token-signing-keys',
  [ENVIRONMENT.approverSecrets]: 'tz-test/sensitive/approver/',
  [ENVIRONMENT.approvers]: 'ada, grace,ivo',
  [ENVIRONMENT.topic]: 'arn:aws:sns:eu-central-1:000000000000:tz-test-people',
  [ENVIRONMENT.auditBucket]: 'tz-test-audit',
  [ENVIRONMENT.officeHours]: '6-20',
};
const parse = (change: Record<string, string | undefined> = {}) =>
  parseSettings({ ...GIVEN, ...change }, '/package');

test('in AWS every login is by token, and the database shows a certificate', () => {
  expect(parse()).toMatchObject({
    gate: { kind: 'iam', user: 'sensitive_gate', region: 'eu-central-1' },
    support: { kind: 'iam', user: 'support_shell' },
    console: { kind: 'iam', user: 'staff_admin' },
    approvers: ['ada', 'grace', 'ivo'],
    officeHours: { from: 6, to: 20 },
    caFile: path.join('/package', 'database-ca.pem'),
  });
});

const PASSWORDS = { sensitive_gate: 'pw-1', support_shell: 'pw-2', staff_admin: 'pw-3' };

test('on one machine they are by password, and there is no certificate', () => {
  const settings = parse({
    [ENVIRONMENT.login]: 'password',
    [ENVIRONMENT.passwords]: JSON.stringify(PASSWORDS),
  });
  expect(settings.gate).toEqual({ kind: 'password', user: 'sensitive_gate', password: 'pw-1' });
  expect(settings.caFile).toBeUndefined();
});

test.each<[string, string | undefined, RegExp]>([
  [ENVIRONMENT.account, '12', /not an account/],
  [ENVIRONMENT.approvers, 'ada,Bad Name', /none of an approver/],
  [ENVIRONMENT.approverSecrets, 'tz-test/sensitive/approver', /does not end with a slash/],
  [ENVIRONMENT.officeHours, '20-6', /does not begin before it ends/],
  [ENVIRONMENT.officeHours, 'day', /not two hours/],
  [ENVIRONMENT.topic, 'people', /not the ARN/],
  [ENVIRONMENT.login, 'secret', /iam/],
  [ENVIRONMENT.gateUser, 'x; drop', /not the name of a login/],
  [ENVIRONMENT.auditBucket, undefined, /TZ_AUDIT_BUCKET/],
  ['AWS_REGION', undefined, /AWS_REGION: is missing/],
])('%s = %s is refused', (variable, value, why) => {
  expect(() => parse({ [variable]: value })).toThrow(why);
});

test.each([
  ['not JSON', 'pw-secret{'],
  ['a list', '["pw-secret"]'],
  ['one too few', JSON.stringify({ sensitive_gate: 'pw-secret' })],
])('passwords that are %s are refused, and not repeated', (_, passwords) => {
  const broken = () => parse({ [ENVIRONMENT.login]: 'password', [ENVIRONMENT.passwords]: passwords });
  expect(broken).toThrow(/TZ_DATABASE_PASSWORDS/);
  expect(broken).not.toThrow(/pw-secret/);
});
