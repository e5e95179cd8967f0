/** What asks for a code is for approvers: whoever is none hears it before they type one. */
import { whoCalls } from './caller';
import { Refused } from './errors';
import type { Session } from './session';

/**
 * In the function's words, which refuses it as well.
 *
 * @param words - the command, as people type it
 * @throws {Refused} unless the credentials are those of a SensitiveApprover
 */
export async function requireApprover({ target }: Pick<Session, 'target'>, words: string): Promise<void> {
  const { persona, arn } = await whoCalls(target);
  if (persona === 'SensitiveApprover') return;
  throw new Refused(
    'access-refused',
    `${persona ?? arn} may not run \`${words}\``,
    'Sign in with the permission set that may; docs/sensitive-access.md says which.',
  );
}
