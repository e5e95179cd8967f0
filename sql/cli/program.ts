/** The commands as commander knows them. Everything here is declaration; a command's own file does the work. */
import { Command, Option } from 'commander';
import { CommandError } from '../db/errors';
import { commands } from './commands';
import { type CommandSpec, type Context, FORMATS, type Format, type OptionSpec } from './context';
import { EXIT, type ExitCode } from './exit-codes';

export interface Outcome {
  exitCode: ExitCode;
  /** Set as soon as the options are read. */
  context?: Context;
}

type Shared = Pick<Context, 'print' | 'progress' | 'interrupts'> & { env: NodeJS.ProcessEnv };

export function buildProgram(shared: Shared): {
  program: Command;
  outcome: Outcome & { context?: Context & Shared };
} {
  const outcome: Outcome & { context?: Context & Shared } = { exitCode: EXIT.ok };
  const program = new Command('rls')
    .description('Tenant isolation from a registry: plans, applies and proves row security in PostgreSQL.')
    .option('--database-url <url>', 'default: TENANT_ZERO_DATABASE_URL, else the server that npm start runs')
    .option('--registry <file>', 'the registry', 'sql/registry.yaml')
    .addOption(new Option('--format <format>', 'how results are printed').choices(FORMATS).default('text'));
  prepare(program);
  program.addHelpText('after', '\nExit codes: 0 as wanted, 1 findings, 2 could not run, 130 interrupted.');
  for (const spec of commands) {
    const command = program.command(spec.name).description(spec.summary);
    prepare(command);
    if (spec.argument) command.argument(spec.argument.name, spec.argument.description);
    for (const option of spec.options) command.addOption(toOption(option));
    command.addHelpText('after', help(spec));
    command.action(async (...given: unknown[]) => {
      const argument = spec.argument ? String(given[0]) : '';
      const options = command.opts();
      const global = program.opts<{ databaseUrl?: string; registry: string; format: Format }>();
      const context = {
        ...shared,
        databaseUrl: global.databaseUrl,
        registryFile: global.registry,
        format: global.format,
      };
      outcome.context = context;
      requireFormat(spec, global.format);
      outcome.exitCode = await spec.run(context, options, argument);
    });
  }
  return { program, outcome };
}

/** Errors are thrown, not printed: `main` prints them, once. */
function prepare(command: Command): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined })
    .allowExcessArguments(false);
}

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description);
  if (spec.choices) option.choices(spec.choices);
  if (spec.parse) option.argParser(spec.parse);
  if (spec.default !== undefined) option.default(spec.default);
  return option;
}

function requireFormat(spec: CommandSpec, format: Format): void {
  if (spec.formats.includes(format)) return;
  throw new CommandError(
    'format-unsupported',
    `rls ${spec.name} does not print ${format}`,
    `it prints ${spec.formats.join(', ')}`,
  );
}

function help(spec: CommandSpec): string {
  const examples = spec.examples.map((example) => `  npm run -s rls -- ${example}`);
  return [
    '',
    `Formats: ${spec.formats.join(', ')}.`,
    '',
    'Examples:',
    ...examples,
    '',
    'Exit codes:',
    '  0    as wanted',
    ...(spec.findings ? [`  1    ${spec.findings}`] : []),
    '  2    could not run: bad input, no connection, a missing privilege',
    '  130  interrupted',
  ].join('\n');
}
