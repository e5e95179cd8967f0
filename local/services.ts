/** The services of one machine, over what the cluster and the folder of `npm start` hold. */
import type { Home } from '../sql/local/home';
import {
  folderObjects,
  type Handler,
  lambda,
  rdsDataService,
  type SecretStore,
  type Services,
  s3,
  secretsManager,
  sns,
  ssm,
  sts,
} from './aws';
import { ACCOUNT, FUNCTION_NAME, REGION } from './connect';
import { NAMES } from './names';
import type { RdsData } from './rds-data';

export interface LocalServicesOptions {
  readonly home: Home;
  readonly store: SecretStore;
  readonly dataApi: RdsData;
  /** Of the approval function. */
  readonly handler: Handler;
  /** Keeps a message to people. */
  readonly notify: (text: string) => Promise<void>;
}

export function localServices({ home, store, dataApi, handler, notify }: LocalServicesOptions): Services {
  const place = { region: REGION, account: ACCOUNT };
  return {
    sts: sts(),
    lambda: lambda({ ...place, functions: { [FUNCTION_NAME]: handler } }),
    secretsmanager: secretsManager({ ...place, store }),
    sns: sns({
      topics: [NAMES.topic],
      deliver: ({ subject, message }) =>
        notify(`${new Date().toISOString()} ${subject ?? '(no subject)'}\n${message}\n`),
    }),
    // No shell of one machine has a channel: it ends with its session of the database.
    ssm: ssm(place),
    s3: s3({ buckets: { [NAMES.auditBucket]: folderObjects(home.audit) } }),
    'rds-data': rdsDataService(dataApi),
  };
}
