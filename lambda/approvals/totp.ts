/** One-time codes (RFC 6238: SHA-1, six digits, 30 seconds), checked by otplib. Pure: whoever calls stores the step. */
import { verify } from 'otplib';

/** A clock that is wrong by up to one step, either way. */
const TOLERANCE_SECONDS = 30;

export interface CodeCheck {
  /** Base32. */
  readonly seed: string;
  readonly code: string;
  /** The last one that was accepted. */
  readonly lastStep: number | null;
  readonly now: Date;
}

export type CodeResult =
  | { readonly ok: true; readonly step: number; readonly drift: number }
  | { readonly ok: false; readonly why: 'wrong' | 'used' | 'malformed' };

/**
 * `used`: right, but of a step that is not later than the last one; also when our clock went back.
 * `drift`: in steps; 1 when the approver's clock is ahead.
 *
 * @throws {Error} when the seed itself is no seed: that is not the approver's fault
 */
export async function checkCode({ seed, code, lastStep, now }: CodeCheck): Promise<CodeResult> {
  if (!/^\d{6}$/.test(code)) return { ok: false, why: 'malformed' };
  const epoch = Math.floor(now.getTime() / 1000);
  const options = { secret: seed, token: code, epoch, epochTolerance: TOLERANCE_SECONDS };
  // Two questions, because the answer to the second alone does not tell a used code from a wrong one.
  const right = await steps(options);
  if (right === undefined) return { ok: false, why: 'wrong' };
  if (lastStep === null || right.step > lastStep) return { ok: true, ...right };
  const later = await steps({ ...options, afterTimeStep: lastStep });
  return later ? { ok: true, ...later } : { ok: false, why: 'used' };
}

type Options = Parameters<typeof verify>[0];

async function steps(options: Options): Promise<{ step: number; drift: number } | undefined> {
  try {
    const result = await verify(options);
    if (!result.valid || !('timeStep' in result)) return undefined;
    return { step: result.timeStep, drift: result.delta };
  } catch (error) {
    // The last step lies further ahead than any code of now: our clock went back.
    if ((error as Error).name === 'AfterTimeStepRangeExceededError') return undefined;
    // otplib's errors about a seed do not hold it, but for the letter that is no Base32: not to be repeated.
    throw new Error(`a code could not be checked: ${(error as Error).name}`);
  }
}
