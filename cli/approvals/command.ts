/** What every command of both programs has: options that say where and as whom, and help with examples. */
import { Command, Option } from 'commander';
import { EXIT_CODES } from './exit-codes';

export interface Spec {
  readonly name: string;
  readonly summary: string;
  /** What stands behind the name of the program. */
  readonly examples: readonly string[];
  readonly more?: string;
}

export interface ProgramSpec {
  /** As people type it behind `npm run -s`. */
  readonly program: 'sensitive-access' | 'support-shell';
  /** What `--local` talks to. */
  readonly local: string;
}

export function commandsOf({ program, local }: ProgramSpec): (spec: Spec) => Command {
  return ({ name, summary, examples, more }) =>
    new Command(name)
      .summary(summary)
      .description(sentence(summary))
      .addOption(new Option('--format <format>', 'of the result').choices(['table', 'json']).default('table'))
      .option('--local', `${local}, instead of AWS`)
      .option('--profile <name>', 'whose credentials: a profile of AWS; with --local, somebody of the demo')
      .option('--stage <name>', 'which stage (default: TZ_STAGE)')
      .option('--region <name>', 'where it is (default: AWS_REGION, or the region of the profile)')
      .addHelpText(
        'after',
        [...(more === undefined ? [] : ['', more]), helpEnd(program, examples)].join('\n'),
      );
}

/** Of a summary: as the description of the command has it. */
export function sentence(summary: string): string {
  return `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
}

/** Examples and exit codes, under everything else. */
export function helpEnd(program: ProgramSpec['program'], examples: readonly string[]): string {
  const lines = examples.map((each) => `  npm run -s ${program} -- ${each}`);
  return ['', 'Examples:', ...lines, '', EXIT_CODES].join('\n');
}
