/** `rls explain` */
import { explainTable, renderExplanation } from '../../explain';
import { plan } from '../../planner/plan';
import { loadRegistry } from '../../registry';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { json } from '../render/json';

export const explain: CommandSpec<{ readonly as?: string }> = {
  name: 'explain',
  summary: 'Say how a table belongs to an organization, and what each role sees of it and why.',
  argument: { name: '<table>', description: 'as in SQL: public.employees' },
  options: [{ flags: '--as <role>', description: 'one role of the registry only' }],
  formats: ['text', 'json', 'markdown'],
  examples: ['explain public.legacy_notes', 'explain public.payslips --as support_shell'],
  findings: undefined,
  async run(context, options, table) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    context.progress.show('reading the catalog');
    const difference = await withDatabase(url, { writes: true }, (client) => plan(client, registry));
    const explanation = explainTable(difference, table, options.as);
    const text = renderExplanation(explanation);
    if (context.format === 'json') context.print(json(explanation));
    else context.print(context.format === 'markdown' ? `\`\`\`\n${text}\n\`\`\`` : text);
    return EXIT.ok;
  },
};
