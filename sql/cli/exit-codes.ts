/** What the exit codes of every command mean. Documented in `docs/cli.md`. */
export const EXIT = {
  /** Everything is as wanted; commands that only tell something always end like this. */
  ok: 0,
  /** The command ran, and found something: changes, remaining changes, failing findings. */
  findings: 1,
  /** The command could not run. Nothing was changed, or what was changed is complete and said. */
  couldNotRun: 2,
  /** Ctrl-C, as shells report it: 128 + 2. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
