/** `rls init` */
import { readFile, writeFile } from 'node:fs/promises';
import { CommandError } from '../../db/errors';
import type { Proposal } from '../../discovery/propose';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderInit } from '../render/init';

export interface InitOptions {
  readonly organizations?: string;
  readonly id?: string;
  readonly answers?: string;
  readonly force?: boolean;
}

export const init: CommandSpec<InitOptions> = {
  name: 'init',
  summary: 'Propose a registry from the foreign keys of a database, with the reason for every line.',
  options: [
    {
      flags: '--organizations <table>',
      description: 'the table with one row per organization, as in SQL (default: guessed)',
    },
    { flags: '--id <column>', description: 'its key (default: the one that most foreign keys point at)' },
    { flags: '--answers <file>', description: 'a piece of a registry that decides what init would ask' },
    { flags: '--force', description: 'overwrite the file' },
  ],
  formats: ['text', 'json'],
  examples: [
    `init --organizations '"Core"."Workspace"' --registry registry.yaml`,
    'init --database-url postgres://me@localhost/shop --registry shop.yaml',
    'init --answers answers.yaml --registry registry.yaml --force',
  ],
  findings: undefined,
  async run(context, options) {
    const url = await databaseUrl(context);
    const { readSchema } =
      require('../../discovery/read-schema') as typeof import('../../discovery/read-schema');
    const { proposeRegistry } =
      require('../../discovery/propose') as typeof import('../../discovery/propose');
    context.progress.show('reading the catalog');
    const proposal = await withDatabase(url, { writes: false }, async (client) =>
      proposeRegistry(await readSchema(client), {
        ...(options.organizations !== undefined && { organizations: options.organizations }),
        ...(options.id !== undefined && { id: options.id }),
      }),
    );
    const answered = options.answers === undefined ? proposal : await answer(proposal, options.answers);
    await write(context.registryFile, answered.yaml, options.force ?? false);
    context.print(renderInit(context.registryFile, answered, context.format));
    return EXIT.ok;
  },
};

/** The proposal with what the file of answers decides: the same answers serve the next schema version, too. */
async function answer(proposal: Proposal, file: string): Promise<Proposal> {
  const { answerProposal } = require('../../discovery/answer') as typeof import('../../discovery/answer');
  let answers: string;
  try {
    answers = await readFile(file, 'utf8');
  } catch (cause) {
    throw new CommandError(
      'answers-unreadable',
      `cannot read ${file}: ${(cause as Error).message}`,
      'name a readable file',
      'user',
      cause,
    );
  }
  const { yaml, undecided } = answerProposal(proposal.yaml, answers);
  const open = new Set(undecided);
  return { ...proposal, yaml, undecided: proposal.undecided.filter(({ table }) => open.has(table)) };
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    // "wx" asks and writes in one step: nobody's file is lost between the two.
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CommandError(
        'file-exists',
        `${file} exists already`,
        'name another file with --registry, or overwrite it with --force',
      );
    }
    throw new CommandError(
      'file-unwritable',
      `cannot write ${file}: ${message}`,
      'name a file in a folder that exists',
      'user',
      cause,
    );
  }
}
