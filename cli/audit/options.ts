/** Options that say where the ledger is: on this machine, behind an address, or in a stage of AWS. */
import { type Command, Option } from 'commander';
import { CommandError } from '../../sql/db/errors';
import { FORMATS, type Format } from './render/audit';

export interface PlaceOptions {
  readonly local?: boolean;
  readonly databaseUrl?: string;
  readonly stage?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly account?: string;
  readonly clusterArn?: string;
  readonly secretArn?: string;
  readonly database?: string;
  readonly format?: Format;
}

export function withPlace(command: Command): Command {
  return command
    .option('--stage <name>', 'a stage in AWS, through the Data API (default: TZ_STAGE)')
    .option('--region <name>', 'default: AWS_REGION, or the profile says')
    .option(
      '--profile <name>',
      'profile of the AWS configuration; with --local, somebody of the demo, through the endpoints',
    )
    .option('--account <id>', 'default: the account that the credentials belong to')
    .option('--cluster-arn <arn>', 'default: the cluster tz-<stage>-database')
    .option('--secret-arn <arn>', 'default: the secret tz-<stage>/sensitive/auditor-login')
    .option('--database <name>', 'default: tenant_zero')
    .option('--database-url <url>', 'a connection of your own, as the login auditor')
    .option('--local', 'the server that npm start runs on this machine')
    .addOption(new Option('--format <format>', 'how results are printed (default: table)').choices(FORMATS));
}

/**
 * What was written on the command line, for this command or for one above it; the nearest wins.
 *
 * @throws {CommandError} for what was written above, and means nothing here: nobody shall think that it did
 */
export function given<T extends object>(command: Command): T {
  const chain: Command[] = [];
  for (let each: Command | null = command; each; each = each.parent) chain.unshift(each);
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const each of chain) {
    const strange = Object.keys(written(each)).find((name) => !known.has(name));
    const flag = each.options.find((option) => option.attributeName() === strange)?.long;
    if (flag)
      throw new CommandError(
        'option-unused',
        `unknown option '${flag}' of ${command.name()}`,
        `leave it out: ${command.name()} has no such thing`,
      );
  }
  return Object.assign({}, ...chain.map(written)) as T;
}

function written(command: Command): object {
  return Object.fromEntries(
    Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) !== 'default'),
  );
}
