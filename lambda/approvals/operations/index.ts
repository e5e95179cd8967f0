/** Every operation, each by one group. */
import type { Operation } from '../protocol';
import type { Operations } from '../work';
import { approvers } from './approvers';
import { glass } from './break-glass';
import { decisions } from './decisions';
import { requests } from './requests';
import { revocation } from './revocation';
import { shells } from './shells';

export const operations: Operations<Operation> = {
  ...requests,
  ...decisions,
  ...glass,
  ...revocation,
  ...approvers,
  ...shells,
};
