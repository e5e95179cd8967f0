/** `rls apply` */
import { loadRegistry } from '../../registry';
import { type ApplyOptions, applyFromCommandLine, PATIENCE_OPTIONS } from '../apply-run';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderApply } from '../render/apply';

export const apply: CommandSpec<ApplyOptions> = {
  name: 'apply',
  summary:
    'Bring the database to what the registry says: one short transaction per table, resumable at any point.',
  options: [
    { flags: '--only <table...>', description: 'these tables, and what they depend on' },
    ...PATIENCE_OPTIONS,
    {
      flags: '--thorough',
      description: 'compare expressions anew instead of believing what the last apply wrote down',
    },
  ],
  formats: ['text', 'json', 'markdown'],
  examples: [
    'apply',
    'apply --only public.employees public.payslips',
    'apply --lock-timeout 20 --patience 600',
  ],
  findings: 'something remains: changes for an administrator, or tables that --only left out',
  async run(context, options) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    const { report, interrupted } = await withDatabase(url, { writes: true }, (client) =>
      applyFromCommandLine(context, url, client, registry, options),
    );
    context.print(renderApply(report, context.format));
    if (interrupted) return EXIT.interrupted;
    return report.remaining.length === 0 ? EXIT.ok : EXIT.findings;
  },
};
