/** The time a call has. Whatever is under way fails with a reason before Lambda ends the process without one. */

/** Kept for closing connections, writing the log and answering: a tenth, and never more than this. */
const RESERVE_MS = 10_000;

export class Deadline {
  /** What is being done, for the reason when time is up. */
  doing = 'starting';
  private readonly at: number;

  constructor(remainingMs: number) {
    this.at = Date.now() + remainingMs - Math.min(RESERVE_MS, remainingMs / 10);
  }

  /** Milliseconds, at least 1: nothing takes zero for "no limit". */
  remaining(): number {
    return Math.max(1, Math.floor(this.at - Date.now()));
  }

  passed(): boolean {
    return Date.now() >= this.at;
  }
}
