/** How a process of the image ends. */

/** Shorter than a task is given (75 s): whoever is killed closes nothing. */
const END_MS = 70_000;

export interface Process {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
  exit(code: number): void;
}

/** The first signal ends gracefully: 0. The second, a stop that fails, or one that takes too long: 1. */
export function endOnSignal(stop: () => Promise<void>, process: Process, withinMs = END_MS): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return process.exit(1);
      stopping = true;
      setTimeout(() => process.exit(1), withinMs).unref();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
}
