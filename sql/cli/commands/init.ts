/** `rls init` */
import { writeFile } from 'node:fs/promises';
import { CommandError } from '../../db/errors';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderInit } from '../render/init';

export interface InitOptions {
  readonly organizations?: string;
  readonly id?: string;
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
    { flags: '--force', description: 'overwrite the file' },
  ],
  formats: ['text', 'json'],
  examples: [
    `init --organizations '"Core"."Workspace"' --registry registry.yaml`,
    'init --database-url postgres://me@localhost/shop --registry shop.yaml',
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
    await write(context.registryFile, proposal.yaml, options.force ?? false);
    context.print(renderInit(context.registryFile, proposal, context.format));
    return EXIT.ok;
  },
};

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
