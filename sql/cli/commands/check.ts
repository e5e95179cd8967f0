/** `rls check` */
import { loadRegistry } from '../../registry';
import { type ApplyOptions, applyFromCommandLine, PATIENCE_OPTIONS } from '../apply-run';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderApply } from '../render/apply';
import { renderVerification } from '../render/verification';
import { PROBES_OPTION, type ProbeOption, verifyFromCommandLine } from '../verify-run';

export const check: CommandSpec<ApplyOptions & ProbeOption> = {
  name: 'check',
  summary: 'apply, then verify: the step for a pipeline with a fresh, migrated database.',
  options: [PROBES_OPTION, ...PATIENCE_OPTIONS],
  formats: ['text', 'json', 'markdown', 'sarif', 'github'],
  examples: ['check', 'check --format github', 'check --probes existing --patience 600'],
  findings: 'at least one finding fails; what apply could not do is among them (TZ100)',
  async run(context, options) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    return withDatabase(url, { writes: true }, async (client) => {
      const { report: applied, interrupted } = await applyFromCommandLine(context, url, client, registry, {
        ...options,
        thorough: true,
      });
      if (interrupted) {
        context.print(renderApply(applied, 'text'));
        return EXIT.interrupted;
      }
      const report = await verifyFromCommandLine(context, client, registry, options);
      context.print(renderVerification(report, context.format, applied));
      return report.failing.length === 0 ? EXIT.ok : EXIT.findings;
    });
  },
};
