/** Answers requests with a one-time code, and does nothing else: the function checks the code, not this role. */
import type { Names } from '../../names';
import type { Row } from '../row';

export function sensitiveApprover({ functions }: Names): Row {
  return [
    { sid: 'Answer', actions: ['lambda:InvokeFunction'], resources: [functions.approvals.arn] },
    { sid: 'WhoAmI', actions: ['sts:GetCallerIdentity'] },
  ];
}
