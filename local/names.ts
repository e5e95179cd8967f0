/** What is called how on one machine: as the stacks would name it for a stage `local`. */
import { ACCOUNT, FUNCTION_NAME, REGION, STAGE } from './connect';

const PREFIX = `tz-${STAGE}`;

export const NAMES = {
  functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION_NAME}`,
  approverSecrets: `${PREFIX}/sensitive/approver/`,
  tokenKeys: `${PREFIX}/sensitive/token-signing-keys`,
  auditorSecret: `${PREFIX}/sensitive/auditor-login`,
  topic: `arn:aws:sns:${REGION}:${ACCOUNT}:${PREFIX}-alerts`,
  auditBucket: `${PREFIX}-audit-${ACCOUNT}-${REGION}`,
  databaseArn: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:${PREFIX}-database`,
} as const;
