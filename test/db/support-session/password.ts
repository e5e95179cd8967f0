/** Lets the support role log in by password, as on one machine. Roles are the cluster's: files that do so take turns. */
import { withAdvisoryLock } from '../../../sql/db/transaction';
import { clusterUrl, withClient } from '../../support/database';

export const PASSWORD = 'test-support';

export function setPassword(): Promise<void> {
  return withClient(`${clusterUrl()}/postgres`, (client) =>
    withAdvisoryLock(client, 'password of support_shell', async () => {
      await client.query(`alter role support_shell password '${PASSWORD}'`);
    }),
  );
}
