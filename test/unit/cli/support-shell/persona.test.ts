/** Whose shell is whose: exact names, exact account, and nothing for anybody else. */
import { callerOf } from '../../../../cli/approvals/caller';
import type { Service } from '../../../../cli/support-shell/expected';
import { shellOf } from '../../../../cli/support-shell/persona';
import { arnOf } from './world';

const ACCOUNT = '111122223333';
const opened = (arn: string, service?: Service, account = ACCOUNT) =>
  shellOf(callerOf(arn, arn.split(':')[4] ?? ''), account, service);
const engineer = arnOf('ProdEngineer', 'Uma@example.com');
const admin = arnOf('BreakGlassAdmin', 'bea@example.com');

test.each([
  [engineer, undefined, { persona: 'ProdEngineer', login: 'uma@example.com', service: 'support-shell' }],
  [
    engineer,
    'support-shell',
    { persona: 'ProdEngineer', login: 'uma@example.com', service: 'support-shell' },
  ],
  [admin, undefined, { persona: 'BreakGlassAdmin', login: 'bea@example.com', service: 'backend' }],
  [
    admin,
    'support-shell',
    { persona: 'BreakGlassAdmin', login: 'bea@example.com', service: 'support-shell' },
  ],
] as const)('%s, asked for %s', (arn, service, expected) => {
  expect(opened(arn, service)).toEqual(expected);
});

test('an engineer does not open the backend', () => {
  expect(() => opened(engineer, 'backend')).toThrow(/ProdEngineer does not open backend/);
});

const role = (name: string, session = '/uma@example.com') =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/${name}${session}`;

test.each([
  ['a name that begins so', role('AWSReservedSSO_ProdEngineerPlus_0123456789abcdef')],
  ['a name that ends so', role('AWSReservedSSO_NotProdEngineer_0123456789abcdef')],
  ['another case', role('AWSReservedSSO_prodengineer_0123456789abcdef')],
  ['a property of every object', role('AWSReservedSSO_constructor_0123456789abcdef')],
  ['fifteen digits', role('AWSReservedSSO_ProdEngineer_0123456789abcde')],
  ['seventeen digits', role('AWSReservedSSO_ProdEngineer_0123456789abcdef0')],
  ['digits that are none', role('AWSReservedSSO_ProdEngineer_0123456789abcdeg')],
  ['no digits', role('AWSReservedSSO_ProdEngineer')],
  ['a role that somebody named so', role('Fake-AWSReservedSSO_ProdEngineer_0123456789abcdef')],
  ['a path in the name', role('aws-reserved/AWSReservedSSO_ProdEngineer_0123456789abcdef')],
  ['an ordinary role', role('ProdEngineer')],
  ['no session', role('AWSReservedSSO_ProdEngineer_0123456789abcdef', '')],
  ['more behind the session', `${engineer}/more`],
  ['a line of its own', `${engineer}\n`],
  [
    'the role itself',
    `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_ProdEngineer_0123456789abcdef`,
  ],
  ['another partition', engineer.replace('arn:aws:', 'arn:aws-cn:')],
  ['root', `arn:aws:iam::${ACCOUNT}:root`],
  ['an IAM user', `arn:aws:iam::${ACCOUNT}:user/ProdEngineer`],
  ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/ProdEngineer`],
  ['nothing', `::::${ACCOUNT}`],
  ['an approver', arnOf('SensitiveApprover', 'ada@example.com')],
  ['an auditor', arnOf('SecurityAuditor', 'aud@example.com')],
])('%s opens nothing', (_, arn) => {
  expect(() => opened(arn)).toThrow(expect.objectContaining({ code: 'persona-refused' }));
});

test.each(['999999999999', '1111222233330', '', '*'])('the account is compared exactly: %s', (account) => {
  expect(() => opened(engineer, undefined, account)).toThrow(
    expect.objectContaining({ code: 'account-other' }),
  );
});

test('an ARN of one account under the number of another is nobody', () => {
  expect(() => shellOf(callerOf(engineer, '999999999999'), '999999999999')).toThrow(/no persona/);
});
