/** Interleaved measuring: every side runs in every round, so what disturbs the machine disturbs all of them. */
import { performance } from 'node:perf_hooks';

export interface Side {
  readonly name: string;
  /** Does the work once. The number is the round's, the same for all sides: use it to pick the same row. */
  run(round: number): Promise<unknown>;
  /** Clears up behind a run; not timed. */
  after?(): Promise<unknown>;
}

export interface Measured {
  /** Microseconds, in the order of the sides. */
  readonly medians: readonly number[];
  readonly rounds: number;
}

export interface MeasureOptions {
  /** Time to spend on all sides together, in milliseconds. */
  readonly budget: number;
  /** Default: 9. Slow work is measured at least so often. */
  readonly least?: number;
  /** Default: 20,000. */
  readonly most?: number;
}

/**
 * Work of microseconds is done this often in a turn, and the first time is not counted: a server process that just
 * woke up finds the other side's data in the processor's caches, which says nothing about either side.
 */
const TURN = { often: 6, upTo: 2_000 };

/** Caches, prepared plans and the JIT of Node settle in the first rounds, which are not counted. */
const WARM_UP = { rounds: 30, share: 0.15 };

/** A B B A A B B A ...: whoever goes second finds warmer caches, so they take turns. */
export async function measure(sides: readonly Side[], options: MeasureOptions): Promise<Measured> {
  const { budget, least = 9, most = 20_000 } = options;
  const begin = performance.now();
  let slowest = 0;
  for (let round = 0; round < WARM_UP.rounds; round++) {
    slowest = 0;
    for (const side of sides) slowest = Math.max(slowest, await timed(side, round));
    if (performance.now() - begin > budget * WARM_UP.share) break;
  }
  const turn = slowest < TURN.upTo ? TURN.often : 1;
  const samples = sides.map((): number[] => []);
  const order = sides.map((side, index) => ({ side, own: samples[index] as number[] }));
  const started = performance.now();
  let rounds = 0;
  while (rounds < least || (rounds < most && performance.now() - started < budget)) {
    for (const { side, own } of rounds % 2 === 0 ? order : order.toReversed()) {
      for (let i = 0; i < turn; i++) {
        const time = await timed(side, rounds * turn + i);
        if (i > 0 || turn === 1) own.push(time);
      }
    }
    rounds++;
  }
  return { medians: samples.map(median), rounds: samples[0]?.length ?? 0 };
}

/** Microseconds. */
async function timed(side: Side, round: number): Promise<number> {
  const from = performance.now();
  await side.run(round);
  const time = (performance.now() - from) * 1000;
  await side.after?.();
  return time;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('the median of nothing');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}
