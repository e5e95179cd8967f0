/** Of `access`, for scripts. */
export const EXIT = {
  ok: 0,
  /** Something is not as it should be: a promise broken, an answer not as expected, a document that is stale. */
  findings: 1,
  /** Nothing was answered: the input is wrong. */
  couldNotRun: 2,
} as const;
