/** What every command has: options that say where and as whom, and help with examples. */
import { Command, Option } from 'commander';
import { EXIT_CODES } from '../approvals/exit-codes';

export { type CommonOptions, running, type Session, type Shell } from '../approvals/session';

export interface Spec {
  readonly name: string;
  readonly summary: string;
  /** What stands behind `sensitive-access `. */
  readonly examples: readonly string[];
  readonly more?: string;
}

export function command({ name, summary, examples, more }: Spec): Command {
  return new Command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(new Option('--format <format>', 'of the result').choices(['table', 'json']).default('table'))
    .option('--local', 'the endpoints that npm start runs, instead of AWS')
    .option('--profile <name>', 'whose credentials: a profile of AWS; with --local, somebody of the demo')
    .option('--stage <name>', 'which stage (default: TZ_STAGE)')
    .option('--region <name>', 'where it is (default: AWS_REGION, or the region of the profile)')
    .addHelpText(
      'after',
      [
        ...(more === undefined ? [] : ['', more]),
        '',
        'Examples:',
        ...examples.map((each) => `  npm run -s sensitive-access -- ${each}`),
        '',
        EXIT_CODES,
      ].join('\n'),
    );
}
