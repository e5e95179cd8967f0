/** `npm run -s bootstrap:template -- --stage dev --deployer platform`: the CDK's bootstrap template, narrowed. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { STACKS } from '../lib/bootstrap/stacks';
import { environmentsOf, parseStage } from '../lib/stage';
import { bootstrapStackName, bootstrapTemplate } from '../scripts/bootstrap-templates';
import { STAGES } from './stages';

const HELP = `Usage: npm run -s bootstrap:template -- --stage <stage> --deployer <platform|sensitive> [--out <file>]

Prints the bootstrap template of the pinned CDK, narrowed: its roles trust the pipeline's role of that deployer and the
sensitive administrators, not the account; CloudFormation can do what the deployer's stacks need, and is no administrator.
The command that deploys it is printed to standard error.

  npm run -s bootstrap:template -- --stage dev --deployer sensitive --out sensitive.yaml
  npm run -s bootstrap:template -- --stage dev --deployer platform > platform.yaml

Exit codes: 0 printed, 2 something is wrong with what was asked for.
`;

function read():
  | { stage: keyof typeof STAGES; deployer: keyof typeof STACKS; out: string | undefined }
  | undefined {
  const { values } = parseArgs({
    options: {
      stage: { type: 'string' },
      deployer: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const { stage, deployer, out } = values;
  const one = (name: string, given: string | undefined, known: readonly string[]) => {
    if (given === undefined || !known.includes(given)) {
      throw new Error(
        `--${name} is one of ${known.join(', ')}${given === undefined ? '' : `, not "${given}"`}`,
      );
    }
    return given;
  };
  return {
    stage: one('stage', stage, Object.keys(STAGES)) as keyof typeof STAGES,
    deployer: one('deployer', deployer, Object.keys(STACKS)) as keyof typeof STACKS,
    out,
  };
}

function main(): void {
  const given = read();
  if (!given) return void process.stdout.write(HELP);
  const stage = parseStage(STAGES[given.stage]);
  const template = bootstrapTemplate(stage, given.deployer);
  const text = stringify(template, { lineWidth: 0, aliasDuplicateObjects: false });
  const file = given.out ?? 'bootstrap.yaml';
  if (given.out) writeFileSync(given.out, text);
  else process.stdout.write(text);
  const { bootstrap } = stage;
  for (const { account, region } of environmentsOf(stage, given.deployer)) {
    process.stderr.write(
      `${[
        `npx cdk bootstrap aws://${account}/${region} --template ${file} --qualifier ${bootstrap[given.deployer]}`,
        `--toolkit-stack-name ${bootstrapStackName(stage, given.deployer)} --termination-protection`,
      ].join(' ')}\n`,
    );
  }
  process.stderr.write(
    'It will name AdministratorAccess as the default; this template attaches policies of its own instead.\n',
  );
}

try {
  main();
} catch (error) {
  process.stderr.write(`${(error as Error).message.split('\n')[0]}\n`);
  process.exitCode = 2;
}
