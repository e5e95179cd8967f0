/** The custom resource that prepares a database: CloudFormation's events in, a database with roles or a reason out. */
import type { CdkCustomResourceEvent, CdkCustomResourceResponse } from 'aws-lambda';
import { atEdge, type Dependencies } from '../connection/edge';
import { prepare } from './prepare';
import { parseSettings, type Settings } from './settings';

/** Always the same: an update prepares again, and replaces nothing. */
const PHYSICAL_ID = 'database-bootstrap';

export function createFunction(dependencies: Dependencies) {
  const onEvent = atEdge<Settings, CdkCustomResourceEvent, CdkCustomResourceResponse>(
    dependencies,
    'database-bootstrap',
    parseSettings,
    async (event, { log, connector }) => {
      if (event.RequestType === 'Delete') {
        log.line('info', 'deleted', { note: 'the roles stay: they own what is in the database' });
        return { PhysicalResourceId: event.PhysicalResourceId };
      }
      const started = Date.now();
      await prepare(connector());
      log.line('info', 'prepared', { durationMs: Date.now() - started });
      return { PhysicalResourceId: PHYSICAL_ID };
    },
  );
  return { onEvent };
}
