/** What every command is given: where to look, how to print, and how to hear of Ctrl-C. */
import type { ExitCode } from './exit-codes';
import type { Interrupts } from './interrupts';
import type { ProgressLine } from './progress';

export const FORMATS = ['text', 'json', 'markdown', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export interface Context {
  /** From `--database-url`; see `databaseUrl` for what comes after it. */
  readonly databaseUrl: string | undefined;
  readonly registryFile: string;
  readonly format: Format;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results: the only thing that reaches stdout. Ends with a newline, once. */
  print(text: string): void;
  readonly progress: ProgressLine;
  readonly interrupts: Interrupts;
}

/** A command as the command line knows it. One file per command in `commands/`. */
export interface CommandSpec<O = Record<string, unknown>> {
  readonly name: string;
  readonly summary: string;
  /** `<table>`, as commander writes it. */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly OptionSpec[];
  readonly formats: readonly Format[];
  /** What stands behind `rls `. */
  readonly examples: readonly string[];
  /** When the command ends with 1; undefined: never. */
  readonly findings: string | undefined;
  run(context: Context, options: O, argument: string): Promise<ExitCode>;
}

export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly parse?: (text: string) => unknown;
}
