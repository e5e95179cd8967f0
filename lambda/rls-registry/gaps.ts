/** A deploy or a verification that found something. */
import type { Finding } from '../../sql/verifier/types';
import { shorten } from '../cloudformation/reason';

/** The message names the first findings and fits into the reason of a failed resource; the log has them all. */
export class GapsFound extends Error {
  override readonly name = 'GapsFound';

  constructor(readonly gaps: readonly Finding[]) {
    const many = gaps.length === 1 ? 'a gap' : `${gaps.length} gaps`;
    super(
      shorten(
        `Row security has ${many}:`,
        gaps.map((gap) => `${gap.rule} ${gap.message}. ${gap.fix}`),
      ),
    );
  }
}
