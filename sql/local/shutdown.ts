/** Signals of `npm start`. Each of them means the same, also the second time: npm passes on what the terminal sent. */

/** Thrown in place of what was waited for. */
class Signalled extends Error {
  override readonly name = 'Signalled';
}

export interface Shutdown {
  /** 128 + the signal's number, as soon as one has come. */
  readonly code: number | undefined;
  /** Everything is up: from now on a signal is the ordinary end. */
  ready: boolean;
  /** What `work` brings, unless a signal comes first; then this throws. */
  orUntil<T>(work: Promise<T>): Promise<T>;
  /** Stops listening. */
  forget(): void;
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

export function shutdown(): Shutdown {
  let code: number | undefined;
  let interrupt: (error: Error) => void = () => undefined;
  const signalled = new Promise<never>((_, reject) => {
    interrupt = reject;
  });
  signalled.catch(() => undefined);
  const handlers = Object.entries(NUMBERS).map(([signal, number]) => {
    const handler = () => {
      code ??= 128 + number;
      interrupt(new Signalled(signal));
    };
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  return {
    get code() {
      return code;
    },
    ready: false,
    orUntil(work) {
      // Whoever loses the race may fail later, when the server is gone.
      work.catch(() => undefined);
      return Promise.race([work, signalled]);
    },
    forget() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}
