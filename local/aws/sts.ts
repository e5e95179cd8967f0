/** STS: who somebody is. */
import { createHash } from 'node:crypto';
import { parseQuery, queryReply } from './query-protocol';
import type { Service } from './service';

const VERSION = '2011-06-15';

export function sts(): Service {
  return {
    protocol: 'query',
    read: (request) => parseQuery(request, VERSION, { GetCallerIdentity: () => [] }),
    answer: ({ operation }, { arn, account, name }) =>
      queryReply(operation, `https://sts.amazonaws.com/doc/${VERSION}/`, {
        Arn: arn,
        UserId: `AROA${createHash('sha256').update(arn).digest('hex').slice(0, 16).toUpperCase()}:${name}`,
        Account: account,
      }),
  };
}
