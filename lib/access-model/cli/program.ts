/** The commands as people type them. Options are parsed here; what they mean is the commands' business. */
import { Command, Option } from 'commander';
import { runAsk } from './commands/ask';
import { DECISIONS, PROMISES, runCheck } from './commands/check';
import { runDecisions } from './commands/decisions';
import { ACCEPTED, runDiff } from './commands/diff';
import { runExplain } from './commands/explain';
import { runMutate } from './commands/mutate';
import { runShow } from './commands/show';
import type { Io } from './io';

const EXIT_CODES = `
Exit codes: 0 nothing to say; 1 something is not as it should be; 2 the input is wrong, and nothing was answered.
`;

export interface Outcome {
  exitCode: number;
}

export function buildProgram(io: Io): { program: Command; outcome: Outcome } {
  const outcome: Outcome = { exitCode: 0 };
  const finish = async (code: Promise<number>) => {
    outcome.exitCode = await code;
  };
  const program = new Command('access')
    .description('Effective access, computed from synthesized templates: no account, no network.')
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .addHelpText(
      'after',
      `${EXIT_CODES}
Templates are synthesized first: npm run synth -- prod. Any other assembly is read with --assembly DIR.
The words, the model and what it does not know: docs/access.md.
`,
    );

  command(program, 'show', 'the matrix of who may do what', [
    'show',
    'show --format html --out access.html',
    'show --check docs/access-model.md',
  ])
    .addOption(formats('markdown', 'json', 'html'))
    .option('--out <file>', 'write to a file')
    .option('--check <file>', 'exit 1 if the file says something else')
    .action((options) => finish(runShow(options, io)));

  command(program, 'ask', 'answer questions: JSON lines in, JSON lines out', [
    'ask questions.jsonl',
    `ask - <<< '{"principal": "ProdEngineer", "action": "rds-data:ExecuteStatement", "resource": "*", "effective": "denied", "floor": "denied"}'`,
  ])
    .argument('[file]', 'JSON lines; - for standard input', '-')
    .addHelpText(
      'after',
      `
A line: principal, action, resource (ARN, logical id, path or name; default *), context (condition keys), effective and floor
(true: answer it; "allowed" or "denied": answer and compare), expected. Other members come back as they are.
`,
    )
    .action((file, options) => finish(runAsk({ ...options, file }, io)));

  command(program, 'explain', 'one question in words, or one capability', [
    'explain ProdEngineer ecs:ExecuteCommand arn:aws:ecs:eu-central-1:333333333333:task/tz-prod-main/any --context ecs:container-name=backend',
    'explain "any other administrator" trail:off',
  ])
    .argument('<principal>')
    .argument('<what>', 'an action, or the id of a capability (show --format json lists them)')
    .argument('[resource]')
    .option(
      '--context <key=value...>',
      'condition keys of the request',
      (each: string, all: string[]) => [...all, each],
      [],
    )
    .addOption(formats('text', 'json'))
    .action((principal, what, resource, options) =>
      finish(runExplain({ ...options, principal, what, resource }, io)),
    );

  command(program, 'check', 'hold the promises against the assembly', [
    'check',
    'check --stage staging --format json',
    'check --assembly cdk.out --promises promises.yaml',
  ])
    .option('--promises <file>', `what is promised (default: ${PROMISES}, unless --assembly is given)`)
    .option(
      '--decisions <file>',
      `what was decided when somebody last looked (default: ${DECISIONS} for prod)`,
    )
    .addOption(formats('text', 'json'))
    .action((options) => finish(runCheck(options, io)));

  command(program, 'diff', 'what a change does to access: gained and lost, accepted or not', [
    'diff main HEAD --format markdown',
    'diff cdk.out/base cdk.out/head --format sarif --out access.sarif',
    'diff HEAD WORKTREE',
  ])
    .argument('<base>', 'a git revision, which is synthesized, or the folder of an assembly')
    .argument('<head>', 'the same; WORKTREE is the checkout as it is')
    .addOption(formats('markdown', 'sarif', 'json'))
    .option('--changes <file>', `who accepted what, why, until when (default: ${ACCEPTED})`)
    .option('--out <file>', 'write to a file')
    .option('--today <date>', 'the day that entries lapse by (default: today, UTC)')
    .action((base, head, options) => finish(runDiff({ ...options, base, head }, io)));

  command(program, 'decisions', 'what every statement decides, as text that is kept', [
    `decisions --out ${DECISIONS}`,
  ])
    .option('--out <file>', 'write to a file')
    .action((options) => finish(runDecisions(options, io)));

  command(program, 'mutate', 'plant each fault in each policy, and see which check notices', [
    'mutate',
    'mutate --format json > mutants.json',
    'mutate --assembly cdk.out --promises promises.yaml --least 80',
  ])
    .option('--promises <file>', `what is promised (default: ${PROMISES}, unless --assembly is given)`)
    .option('--decisions <file>', `what was decided (default: ${DECISIONS} for prod)`)
    .option('--least <percent>', 'exit 1 if fewer are noticed', '95')
    .addOption(formats('text', 'json'))
    .action((options) => finish(runMutate(options, io)));

  return { program, outcome };
}

/** With what every command has. */
function command(program: Command, name: string, summary: string, examples: readonly string[]): Command {
  return program
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .addOption(
      new Option(
        '--assembly <dir>',
        'a synthesized assembly, or a folder of templates (default: cdk.out/<stage>)',
      ).hideHelp(name === 'diff'),
    )
    .option('--stage <name>', 'stage of this project; beside --assembly it says nothing', 'prod')
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((each) => `  npm run -s access -- ${each}`).join('\n')}\n${EXIT_CODES}`,
    );
}

function formats(first: string, ...others: readonly string[]): Option {
  return new Option('--format <format>', 'of the output').choices([first, ...others]).default(first);
}
