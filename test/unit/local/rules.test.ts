/** Who may do what on one machine: every line of the table once by whoever may, and by everybody who may not. */
import { authorize, functionItself, PEOPLE, type PersonName, person } from '../../../local/aws';
import { ACCOUNT, FUNCTION_NAME } from '../../../local/connect';
import { NAMES } from '../../../local/names';
import { RULES } from '../../../local/rules';

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${name}-0a1b2c`;
const heads = `arn:aws:s3:::${NAMES.auditBucket}/ledger/000000000001.json`;
const ENGINEERS = ['uma', 'sam'] as const;
const APPROVERS = ['ada', 'grace', 'ivo'] as const;

type Who = PersonName | 'function';
const CASES: readonly [action: string, resource: string, who: readonly Who[]][] = [
  ['lambda:InvokeFunction', NAMES.functionArn, [...ENGINEERS, ...APPROVERS, 'bea']],
  ['lambda:InvokeFunction', `${NAMES.functionArn}-2`, []],
  ['secretsmanager:GetSecretValue', secret('tz-local/sensitive/approver/ada'), ['function']],
  ['secretsmanager:PutSecretValue', secret('tz-local/sensitive/approver/ada'), ['function']],
  ['secretsmanager:GetSecretValue', secret(NAMES.tokenKeys), ['function']],
  ['secretsmanager:PutSecretValue', secret(NAMES.tokenKeys), []],
  ['secretsmanager:GetSecretValue', secret(NAMES.auditorSecret), ['aud']],
  ['secretsmanager:GetSecretValue', secret('tz-local/sensitive/break-glass-login'), []],
  ['rds-data:ExecuteStatement', NAMES.databaseArn, ['aud']],
  ['rds-data:ExecuteStatement', `${NAMES.databaseArn}-2`, []],
  ['sns:Publish', NAMES.topic, ['function']],
  [
    'ssm:TerminateSession',
    'arn:aws:ssm:eu-central-1:000000000000:session/ecs-execute-command-1',
    ['function'],
  ],
  ['ssm:TerminateSession', 'arn:aws:ssm:eu-central-1:000000000000:session/uma-1', []],
  ['s3:PutObject', heads, ['function']],
  ['s3:PutObject', `arn:aws:s3:::${NAMES.auditBucket}/other.json`, []],
  ['s3:GetObject', heads, ['aud', 'function']],
  ['s3:DeleteObject', heads, []],
  ['s3:ListBucket', `arn:aws:s3:::${NAMES.auditBucket}`, ['aud']],
  ['ecs:ExecuteCommand', 'arn:aws:ecs:eu-central-1:000000000000:task/tz-local-support/1', []],
];

const everybody = new Map<Who, ReturnType<typeof person>>([
  ...Object.entries(PEOPLE).map(([name, persona]) => [name as Who, person(name, persona, ACCOUNT)] as const),
  ['function', functionItself(FUNCTION_NAME, ACCOUNT)],
]);

test.each(CASES)('%s on %s: %j', (action, resource, who) => {
  const allowed = [...everybody.keys()].filter((name) => {
    try {
      authorize(RULES, everybody.get(name) as ReturnType<typeof person>, [{ action, resource }]);
      return true;
    } catch {
      return false;
    }
  });
  expect(allowed.sort()).toEqual([...who].sort());
});

test('all that is needed must be allowed, and a refusal says who, what and where', () => {
  const aud = everybody.get('aud') as ReturnType<typeof person>;
  const may = { action: 'rds-data:ExecuteStatement', resource: NAMES.databaseArn };
  const mayNot = { action: 'secretsmanager:GetSecretValue', resource: secret(NAMES.tokenKeys) };
  expect(() => authorize(RULES, aud, [may])).not.toThrow();
  expect(() => authorize(RULES, aud, [may, mayNot])).toThrow(
    `User: ${aud.arn} is not authorized to perform: ${mayNot.action} on resource: ${mayNot.resource}`,
  );
  expect(() => authorize([], aud, [may])).toThrow('is not authorized');
});
