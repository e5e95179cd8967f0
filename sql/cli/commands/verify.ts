/** `rls verify` */
import { loadRegistry } from '../../registry';
import { withDatabase } from '../connection';
import type { CommandSpec } from '../context';
import { databaseUrl } from '../database-url';
import { EXIT } from '../exit-codes';
import { renderVerification } from '../render/verification';
import { PROBES_OPTION, type ProbeOption, verifyFromCommandLine } from '../verify-run';

export const verify: CommandSpec<ProbeOption> = {
  name: 'verify',
  summary:
    'Prove that the database is what the registry says: catalog rules, and probes that try to get through.',
  options: [PROBES_OPTION],
  formats: ['text', 'json', 'markdown', 'sarif', 'github'],
  examples: ['verify', 'verify --probes existing', 'verify --format sarif > rls.sarif'],
  findings: 'at least one finding fails (see fail_on in the registry)',
  async run(context, options) {
    const registry = await loadRegistry(context.registryFile);
    const url = await databaseUrl(context);
    const report = await withDatabase(url, { writes: true }, (client) =>
      verifyFromCommandLine(context, client, registry, options),
    );
    context.print(renderVerification(report, context.format));
    return report.failing.length === 0 ? EXIT.ok : EXIT.findings;
  },
};
