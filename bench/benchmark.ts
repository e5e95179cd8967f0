/** What a benchmark is given and what it gives back. */
import type { Sizes } from './sizes';
import type { BenchServer } from './world/server';
import type { Worlds } from './world/worlds';

/** What a figure may not exceed. `none`: shown for information. */
export type Limit =
  /** Times as long as the baseline. */
  | { readonly kind: 'ratio'; readonly most: number }
  /** Microseconds, whatever the baseline takes. */
  | { readonly kind: 'time'; readonly most: number }
  /** How often something may happen that must not: 0. */
  | { readonly kind: 'count'; readonly most: number }
  | { readonly kind: 'none' };

export const NONE: Limit = { kind: 'none' };
export const times = (most: number): Limit => ({ kind: 'ratio', most });
export const milliseconds = (most: number): Limit => ({ kind: 'time', most: most * 1000 });

/** One line of the report. */
export interface Figure {
  readonly name: string;
  /** What it is compared with, measured in the same rounds. */
  readonly baseline: string;
  /** Median of the measured side, in microseconds; for a `count` limit: the count. */
  readonly median: number;
  /** Median of the baseline, in microseconds. */
  readonly baselineMedian: number;
  /** Measurements per side. */
  readonly rounds: number;
  readonly limit: Limit;
}

export interface BenchContext {
  readonly server: BenchServer;
  readonly sizes: Sizes;
  /** Databases that several benchmarks share, made when the first one asks. */
  readonly worlds: Worlds;
  /** For people who wait. */
  say(line: string): void;
}

export interface Benchmark {
  /** `--only` takes this. */
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly title: string;
  run(context: BenchContext): Promise<Figure[]>;
}

export function ratioOf(figure: Figure): number {
  return figure.median / figure.baselineMedian;
}

export function isOver({ limit, ...figure }: Figure): boolean {
  switch (limit.kind) {
    case 'ratio':
      return ratioOf({ limit, ...figure }) > limit.most;
    case 'time':
    case 'count':
      return figure.median > limit.most;
    case 'none':
      return false;
  }
}
