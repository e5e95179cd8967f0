/** Verification between deploys: reads, measures, and fails so that the alarm on the function's errors rings. */
import { withApplyLock } from '../../sql/applier/lock';
import { loadRegistry } from '../../sql/registry';
import { verify } from '../../sql/verifier/verify';
import { withConnection } from '../connection/connect';
import { explained } from './deploy';
import type { Call } from './function';
import { GapsFound } from './gaps';
import { tablesProtected } from './handler';
import { DRIFT, judge } from './judge';

/** Here nothing is forgiven that a rollback forgives: sealed tables are gaps until a release speaks of them. */
export async function onSchedule(_event: unknown, call: Call): Promise<void> {
  const started = Date.now();
  const connector = call.connector();
  const { settings, deadline } = connector;
  const registry = await loadRegistry(settings.registryFile);
  await withConnection(connector, settings.applier, async (client, target) => {
    // Between the transactions of an apply the database is not yet what the registry says: that is no drift.
    const report = await withApplyLock(
      client,
      () => {
        deadline.doing = 'waiting for another applier';
      },
      () => {
        deadline.doing = 'verifying';
        return verify(client, registry, { probes: settings.probes });
      },
    ).catch((error: unknown) => {
      throw explained(error, settings.lockSeconds);
    });
    const { gaps, unproved } = judge(report, { probes: settings.probes, rollback: false });
    const durationMs = Date.now() - started;
    const { database } = target;
    const drift = gaps.filter((finding) => finding.rule === DRIFT).length;
    call.log.report(
      'report',
      {
        database,
        registryHash: report.registryHash,
        gaps: gaps.length,
        unproved: unproved.length,
        durationMs,
      },
      report.findings,
    );
    call.log.metrics({
      database,
      operation: 'verify',
      findings: gaps.length,
      drift,
      tablesProtected: tablesProtected({ report }),
      unproved: unproved.length,
      durationMs,
    });
    if (gaps.length > 0) throw new GapsFound(gaps);
  });
}
