/** Ctrl-C and SIGTERM. Most commands just end; one that changes something first comes to a point where it may. */
import { EXIT } from './exit-codes';

export interface Interrupts {
  /** While `work` runs, `handle` is called instead of ending the process; with 1 for the first signal, then 2, ... */
  during<T>(handle: (count: number) => void, work: () => Promise<T>): Promise<T>;
}

/** Listens to the process's signals. `last` runs before the process ends by one. */
export function processInterrupts(last: () => void): Interrupts {
  let handler: ((count: number) => void) | undefined;
  let count = 0;
  const interrupted = (code: number) => () => {
    count += 1;
    if (handler) return handler(count);
    last();
    // The server rolls back what a connection leaves behind.
    process.exit(code);
  };
  process.on('SIGINT', interrupted(EXIT.interrupted));
  process.on('SIGTERM', interrupted(128 + 15));
  return {
    async during(handle, work) {
      handler = handle;
      try {
        return await work();
      } finally {
        handler = undefined;
      }
    },
  };
}
