/** Waits until every condition holds, as long as what does not hold may come right by itself. */
import type { ProgressLine } from '../../sql/cli/progress';
import type { Facts } from './facts';
import { conditionLines, failing, notReady } from './readiness';

export interface Waiting {
  /** Seconds; 0: look once. */
  readonly seconds: number;
  readonly name: string;
  readonly progress: ProgressLine;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const PAUSE_MS = 5000;

/**
 * Returns the facts of the moment in which everything held.
 * @throws {Refused} at once when something is wrong; after `seconds` when something is still not there
 */
export async function waitUntilReady(gather: () => Promise<Facts>, waiting: Waiting): Promise<Facts> {
  const { seconds, name, progress, now, sleep } = waiting;
  const began = now();
  for (;;) {
    progress.show(`looking at ${name} ...`);
    const facts = await gather();
    const list = failing(facts);
    if (list.length === 0) {
      progress.clear();
      return facts;
    }
    const waited = Math.round((now() - began) / 1000);
    if (list.some(({ passing }) => !passing) || now() - began + PAUSE_MS > seconds * 1000) {
      for (const line of conditionLines(list)) progress.note(line);
      throw notReady(name, list, waited);
    }
    progress.show(
      `waiting, ${waited} s: ${list.map(({ condition, found }) => `${condition.id} (${found})`).join(', ')}`,
    );
    await sleep(PAUSE_MS);
  }
}
