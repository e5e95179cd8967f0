/** `rls status` */
import { plan } from '../../planner/plan';
import { loadRegistry } from '../../registry';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderStatus } from '../render/status';
import { tableStates } from '../table-states';

export const status: CommandSpec = {
  name: 'status',
  summary: 'Say of every table whether it is protected, has pending changes, or is a gap.',
  options: [],
  formats: ['text', 'json', 'markdown'],
  examples: ['status', 'status --format json'],
  findings: undefined,
  async run(context) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    context.progress.show('comparing the catalog with the registry');
    const difference = await withDatabase(url, { writes: true }, (client) => plan(client, registry));
    context.print(renderStatus(tableStates(difference), context.format));
    return EXIT.ok;
  },
};
