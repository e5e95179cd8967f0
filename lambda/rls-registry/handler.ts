/** The custom resource: CloudFormation's events in, a protected database or a reason out. */
import type { CdkCustomResourceEvent, CdkCustomResourceResponse } from 'aws-lambda';
import { ATTRIBUTES, PROPERTIES } from './contract';
import { type Deployed, deploy } from './deploy';
import type { Call } from './function';
import { GapsFound } from './gaps';
import { DRIFT } from './judge';
import { stateHash } from './state-hash';

/** A deletion touches nothing: the rows outlive the stack, and so does what protects them. */
export async function onEvent(event: CdkCustomResourceEvent, call: Call): Promise<CdkCustomResourceResponse> {
  if (event.RequestType === 'Delete') {
    call.log.line('info', 'deleted', { note: 'the protection stays in place' });
    return { PhysicalResourceId: event.PhysicalResourceId };
  }
  const started = Date.now();
  const update = event.RequestType === 'Update';
  const deployed = await deploy(call.connector(), call.log, {
    update,
    stamp: event.ResourceProperties[PROPERTIES.release] as string | undefined,
  });
  const durationMs = Date.now() - started;
  record(call, deployed, durationMs);
  if (deployed.judgement.gaps.length > 0) throw new GapsFound(deployed.judgement.gaps);
  return {
    // Never another one in an update: CloudFormation would take it for a replacement, and delete the old.
    PhysicalResourceId: update ? event.PhysicalResourceId : physicalId(deployed),
    Data: attributes(deployed, durationMs),
  };
}

function record({ log }: Call, { target, applied, report, judgement }: Deployed, durationMs: number): void {
  const gaps = judgement.gaps.length;
  log.report(
    'report',
    {
      database: target.database,
      registryHash: report.registryHash,
      changes: applied.applied.length,
      gaps,
      sealed: judgement.sealed.map((finding) => finding.key),
      unproved: judgement.unproved.length,
      durationMs,
    },
    report.findings,
  );
  log.metrics({
    database: target.database,
    operation: 'deploy',
    findings: gaps,
    drift: judgement.gaps.filter((finding) => finding.rule === DRIFT).length,
    tablesProtected: tablesProtected({ report }),
    unproved: judgement.unproved.length,
    durationMs,
  });
}

function attributes(deployed: Deployed, durationMs: number): Record<string, unknown> {
  const { applied, report, judgement } = deployed;
  return {
    [ATTRIBUTES.tables]: report.plan.bound.tables.length,
    [ATTRIBUTES.protected]: tablesProtected(deployed),
    [ATTRIBUTES.changes]: applied.applied.length,
    [ATTRIBUTES.findings]: report.findings.filter((each) => each.severity !== 'info' && !each.acknowledged)
      .length,
    [ATTRIBUTES.sealedTables]: judgement.sealed.length,
    [ATTRIBUTES.durationMs]: durationMs,
    [ATTRIBUTES.stateHash]: stateHash(report.registryHash, report.plan.desired),
  };
}

/** As the catalog says it, of those that should be. */
export function tablesProtected({ report }: Pick<Deployed, 'report'>): number {
  return report.plan.desired.relations.filter(
    ({ rowSecurity, relation }) => rowSecurity && relation.rowSecurity && relation.forceRowSecurity,
  ).length;
}

/** CloudFormation allows 1 KB; a host name has at most 253 characters, a database 63. */
function physicalId({ target }: Deployed): string {
  return `rls-registry/${target.host}:${target.port}/${target.database}`;
}
