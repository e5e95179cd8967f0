/** `rls advise` */
import { bind } from '../../compiler/bind';
import { loadRegistry, RegistryInvalid } from '../../registry';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';

export const advise: CommandSpec = {
  name: 'advise',
  summary:
    'Measure what tables without an organization column cost, and write the migration that gives them one.',
  options: [],
  formats: ['text', 'json', 'markdown'],
  examples: ['advise', 'advise --format json'],
  findings: undefined,
  async run(context) {
    const advisor = require('../../advisor') as typeof import('../../advisor');
    const { readSchema } =
      require('../../discovery/read-schema') as typeof import('../../discovery/read-schema');
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    // Measures on made-up rows in tables of its own, rolled back.
    const advices = await withDatabase(url, { writes: true }, async (client) => {
      context.progress.show('reading the catalog');
      const result = await bind(client, registry);
      if ('problems' in result) throw new RegistryInvalid(result.problems);
      const { bound } = result;
      const schema = await readSchema(client);
      context.progress.show('measuring derived tables against direct ones');
      return advisor.advise(client, schema, {
        organizations: { oid: bound.organizations.relation.oid, idColumn: bound.key.name },
        belongings: advisor.belongingsOfBound(bound),
      });
    });
    if (context.format === 'json') context.print(advisor.adviceJson(advices));
    else if (context.format === 'markdown') context.print(`\`\`\`sql\n${advisor.adviceText(advices)}\`\`\``);
    else context.print(advisor.adviceText(advices));
    return EXIT.ok;
  },
};
