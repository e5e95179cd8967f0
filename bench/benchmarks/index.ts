/** All benchmarks, in the order in which they run. Add one: a file here, and its line. */
import type { Benchmark } from '../benchmark';
import { access } from './access';
import { applyUnchanged } from './apply-unchanged';
import { approve } from './approve';
import { denormalised } from './denormalised';
import { liveGrant } from './live-grant';
import { organizationCount } from './organization-count';
import { search } from './search';
import { supportReads } from './support-reads';
import { synthesis } from './synth';
import { tenantTransaction } from './tenant-transaction';
import { textbook } from './textbook';
import { trafficStall } from './traffic-stall';

export const BENCHMARKS: readonly Benchmark[] = [
  supportReads,
  organizationCount,
  tenantTransaction,
  denormalised,
  search,
  liveGrant,
  applyUnchanged,
  trafficStall,
  textbook,
  synthesis,
  access,
  approve,
];
