/** What every command has, and help with examples. Sessions are those of `sensitive-access`: the same target, the same function. */
import { Command, Option } from 'commander';
import { CommandError } from '../../sql/db/errors';
import { EXIT_CODES } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';

export { type CommonOptions, running, type Session, type Shell } from '../approvals/session';

export interface Spec {
  readonly name: string;
  readonly summary: string;
  /** What stands behind `support-shell `. */
  readonly examples: readonly string[];
  readonly more?: string;
}

export function command({ name, summary, examples, more }: Spec): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(new Option('--format <format>', 'of the result').choices(['table', 'json']).default('table'))
    .option('--local', 'the endpoints and the database that npm start runs, instead of AWS')
    .option('--profile <name>', 'whose credentials: a profile of AWS; with --local, somebody of the demo')
    .option('--stage <name>', 'which stage (default: TZ_STAGE)')
    .option('--region <name>', 'where it is (default: AWS_REGION, or the region of the profile)')
    .addHelpText(
      'after',
      [
        ...(more === undefined ? [] : ['', more]),
        '',
        'Examples:',
        ...examples.map((each) => `  npm run -s support-shell -- ${each}`),
        '',
        EXIT_CODES,
      ].join('\n'),
    );
}

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
