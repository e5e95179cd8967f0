/** Answers the load balancer: seldom asks the database, and never says yes for longer than that. */
import type { Readiness } from './database/readiness';

/** Several probes a second come from several zones. */
const KEEP_MS = 2000;

export interface Verdict {
  readonly ready: boolean;
  readonly problems: readonly string[];
}

export class ReadinessGate {
  private kept: { readonly until: number; readonly readiness: Promise<Readiness> } | undefined;
  private wasReady = false;
  private ending = false;

  constructor(
    private readonly check: () => Promise<Readiness>,
    private readonly now: () => number = Date.now,
  ) {}

  /** From now on nobody is to send anything here. */
  stop(): void {
    this.ending = true;
  }

  get stopping(): boolean {
    return this.ending;
  }

  /**
   * `acceptSuperseded`: a process that was ready stays so when a deploy has applied the next state, until the deploy
   * replaces it. Never one that starts with the wrong state, and never when something is unprotected.
   */
  async verdict(acceptSuperseded: boolean): Promise<Verdict> {
    if (this.ending) return { ready: false, problems: ['stopping'] };
    if (this.kept === undefined || this.now() >= this.kept.until) {
      this.kept = { until: this.now() + KEEP_MS, readiness: this.check() };
    }
    try {
      const { safe, current, problems } = await this.kept.readiness;
      if (safe && current) this.wasReady = true;
      const ready = safe && (current || (acceptSuperseded && this.wasReady));
      return { ready, problems };
    } catch (error) {
      this.kept = undefined;
      return { ready: false, problems: [`the database does not answer: ${(error as Error).message}`] };
    }
  }
}
