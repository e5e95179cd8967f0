/** Who may do what on one machine: the part of the stage's policies that the sensitive path needs. All else is refused. */
import { LEDGER_FOLDER } from '../lambda/approvals/contract';
import type { Rule } from './aws';
import { ACCOUNT, REGION } from './connect';
import { NAMES } from './names';

/** Any six characters follow a secret's name. */
const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-*`;
const bucket = `arn:aws:s3:::${NAMES.auditBucket}`;
const heads = `${bucket}/${LEDGER_FOLDER}/*`;

export const RULES: readonly Rule[] = [
  {
    actions: ['lambda:InvokeFunction'],
    resources: [NAMES.functionArn],
    who: ['ProdEngineer', 'BreakGlassAdmin', 'SensitiveApprover'],
  },
  {
    actions: [
      'secretsmanager:GetSecretValue',
      'secretsmanager:DescribeSecret',
      'secretsmanager:PutSecretValue',
    ],
    resources: [secret(`${NAMES.approverSecrets}*`)],
    who: ['function'],
  },
  { actions: ['secretsmanager:GetSecretValue'], resources: [secret(NAMES.tokenKeys)], who: ['function'] },
  { actions: ['sns:Publish'], resources: [NAMES.topic], who: ['function'] },
  {
    actions: ['ssm:TerminateSession'],
    resources: [`arn:aws:ssm:${REGION}:${ACCOUNT}:session/ecs-execute-command-*`],
    who: ['function'],
  },
  // Reads a head back only to see that the one of the same number says the same.
  { actions: ['s3:PutObject', 's3:GetObject'], resources: [heads], who: ['function'] },
  {
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    resources: [secret(NAMES.auditorSecret)],
    who: ['SecurityAuditor'],
  },
  { actions: ['rds-data:*'], resources: [NAMES.databaseArn], who: ['SecurityAuditor'] },
  {
    actions: ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetObject', 's3:GetObjectVersion'],
    resources: [bucket, `${bucket}/*`],
    who: ['SecurityAuditor'],
  },
];
