/** Answers the load balancer: seldom asks the database, and never says yes for longer than that. */
import type { Readiness } from './database/readiness';

/** Several probes a second come from several zones. */
const KEEP_MS = 2000;

/** Below the five seconds that the load balancer waits: it shall hear a reason. */
const ANSWER_MS = 4000;

export interface Verdict {
  readonly ready: boolean;
  readonly problems: readonly string[];
}

interface Kept {
  readonly until: number;
  readonly readiness: Promise<Readiness>;
  answered: boolean;
}

export class ReadinessGate {
  private kept: Kept | undefined;
  private wasReady = false;
  private ending = false;

  constructor(
    private readonly check: () => Promise<Readiness>,
    private readonly now: () => number = Date.now,
    private readonly answerMs = ANSWER_MS,
  ) {}

  /** From now on nobody is to send anything here. */
  stop(): void {
    this.ending = true;
  }

  get stopping(): boolean {
    return this.ending;
  }

  /** Whether anybody should send requests here: see `serving`, and not while it ends. */
  async verdict(acceptSuperseded: boolean): Promise<Verdict> {
    if (this.ending) return { ready: false, problems: ['stopping'] };
    return this.serving(acceptSuperseded);
  }

  /**
   * Whether a request that came may be answered. A load balancer with no healthy target left sends to all of them, so
   * being taken out of service is not enough.
   *
   * `acceptSuperseded`: a process that was ready once stays so when a deploy has applied the next state, until the
   * deploy replaces it. Never one that starts with the wrong state, and never when something is unprotected.
   */
  async serving(acceptSuperseded: boolean): Promise<Verdict> {
    try {
      const { safe, current, problems } = await this.latest();
      if (safe && current) this.wasReady = true;
      return { ready: safe && (current || (acceptSuperseded && this.wasReady)), problems };
    } catch (error) {
      return { ready: false, problems: [`the database does not answer: ${(error as Error).message}`] };
    }
  }

  /** One question at a time; its answer, also a failure, holds for two seconds after it was asked. */
  private latest(): Promise<Readiness> {
    if (this.kept === undefined || (this.kept.answered && this.now() >= this.kept.until)) {
      const kept: Kept = {
        until: this.now() + KEEP_MS,
        answered: false,
        readiness: inTime(this.check(), this.answerMs).finally(() => {
          kept.answered = true;
        }),
      };
      this.kept = kept;
    }
    return this.kept.readiness;
  }
}

async function inTime<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
