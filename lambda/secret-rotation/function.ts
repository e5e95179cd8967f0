/** One handler: Secrets Manager sends steps of a rotation, CloudFormation events of the resource that wants keys. */
import type { CdkCustomResourceEvent, CdkCustomResourceResponse } from 'aws-lambda';
import { atEdge, type Dependencies } from '../connection/edge';
import { ensureKeys } from './ensure';
import { type RotationEvent, rotate } from './rotate';
import { parseSettings, type Settings } from './settings';
import type { Store } from './store';

const PHYSICAL_ID = 'signing-keys';

export function createFunction(dependencies: Dependencies, store: Store) {
  const handler = atEdge<
    Settings,
    RotationEvent | CdkCustomResourceEvent,
    CdkCustomResourceResponse | undefined
  >(dependencies, 'secret-rotation', parseSettings, async (event, { log, connector }) => {
    if ('Step' in event) {
      const { Step: step, SecretId: secret, ClientRequestToken: version } = event;
      await rotate(connector(), store, event);
      log.line('info', 'rotated', { step, secret, version });
      return undefined;
    }
    if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId };
    await ensureKeys(connector(), store);
    log.line('info', 'keys-ensured');
    return { PhysicalResourceId: PHYSICAL_ID };
  });
  return { handler };
}
