/** All capabilities that there are in an estate. One is added to the file of its subject. */
import type { Estate } from '../estate/estate';
import type { Capability } from './capability';
import { classesOf } from './classes';
import { dataCapabilities } from './data';
import { dailyCapabilities } from './day-to-day';
import { identityCapabilities } from './identities';
import { recordCapabilities } from './records';
import { runCapabilities } from './runs';
import { secretCapabilities } from './secrets';
import { unique } from './unique';

export function catalog(estate: Estate): Capability[] {
  const classes = classesOf(estate);
  const all = [
    ...dataCapabilities(estate, classes),
    ...secretCapabilities(estate, classes),
    ...recordCapabilities(estate, classes),
    ...identityCapabilities(estate),
    ...runCapabilities(estate),
    ...dailyCapabilities(estate, classes),
  ];
  return unique(all.filter(({ ways }) => ways.length > 0));
}
