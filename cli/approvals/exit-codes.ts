/** Of `sensitive-access` and `support-shell`, for scripts. */
export const EXIT = {
  ok: 0,
  /** It was refused, is not proved, or there is a finding. */
  refused: 1,
  /** It could not run: wrong input, no connection. */
  couldNotRun: 2,
  /** Ctrl-C, as shells report it: 128 + 2. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES =
  'Exit codes: 0 done; 1 refused, not proved, or a finding; 2 could not run; 130 interrupted.';
