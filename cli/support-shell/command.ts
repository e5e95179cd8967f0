/** Commands of `support-shell`. Sessions are those of `sensitive-access`: the same target, the same function. */
import { CommandError } from '../../sql/db/errors';
import { commandsOf } from '../approvals/command';
import type { Io } from '../approvals/io';

export { type CommonOptions, running, type Session, type Shell } from '../approvals/session';

export const command = commandsOf({
  program: 'support-shell',
  local: 'the endpoints and the database that npm start runs',
});

export const ACCOUNT_OPTION = [
  '--account <id>',
  'the account of AWS that the stage is in, twelve digits (default: TZ_ACCOUNT)',
] as const;

/** @throws {CommandError} when nobody said which: it is compared with the one of the credentials, never taken from them */
export function accountOf(given: string | undefined, { env }: Pick<Io, 'env'>): string {
  const account = given ?? env.TZ_ACCOUNT ?? '';
  if (/^\d{12}$/.test(account)) return account;
  throw new CommandError(
    'account-unknown',
    account ? `${account} is not the number of an account` : 'which account?',
    'name it with --account or TZ_ACCOUNT: twelve digits, as in the file of the stage',
  );
}
