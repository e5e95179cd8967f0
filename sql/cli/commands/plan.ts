/** `rls plan` */
import { plan as makePlan } from '../../planner/plan';
import { loadRegistry } from '../../registry';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderPlan } from '../render/plan';

export const plan: CommandSpec = {
  name: 'plan',
  summary: 'Show what apply would change, and who gains and who loses by it. Changes nothing.',
  options: [],
  formats: ['text', 'json', 'markdown'],
  examples: [
    'plan',
    'plan --format markdown > plan.md',
    'plan --database-url postgres://deployer@db.example/app',
  ],
  findings: 'the database differs from the registry',
  async run(context) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    context.progress.show('comparing the catalog with the registry');
    const plan = await withDatabase(url, { writes: true }, (client) => makePlan(client, registry));
    context.print(renderPlan(plan, context.format));
    return plan.changes.length === 0 ? EXIT.ok : EXIT.findings;
  },
};
