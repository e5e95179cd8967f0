/** All promises, as checks. */
import type { Vocabulary } from '../names/vocabulary';
import { assignmentsCheck } from './assignments';
import { boundedCheck } from './bounded';
import type { Check } from './check';
import { deputiesCheck } from './deputies';
import { endpointsCheck } from './endpoints';
import { floorCheck } from './floor';
import { outsideCheck } from './outside';
import type { Promises } from './promises';
import { refusedCheck } from './refused';
import { rowsCheck } from './rows';
import { soundChecks } from './sound';
import { strictnessCheck } from './strictness';
import { trustsCheck } from './trusts';

/** @param promises - undefined: of an assembly that nobody promised anything about, only whether the model can be believed */
export function checksOf(promises: Promises | undefined, vocabulary: Vocabulary): Check[] {
  if (!promises) return soundChecks(vocabulary);
  return [
    ...soundChecks(vocabulary),
    rowsCheck(promises),
    refusedCheck(promises),
    floorCheck(promises),
    boundedCheck(promises),
    trustsCheck(promises),
    outsideCheck(promises),
    assignmentsCheck(promises),
    deputiesCheck(promises),
    endpointsCheck(promises),
    strictnessCheck(promises),
  ];
}
