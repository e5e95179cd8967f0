import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * Minor releases of all branches come out on one day; the number of the fix is known for 18.
 */
export const rule: Rule = {
  id: 'TZ143',
  name: 'server-version',
  severity: 'info',
  title: 'The server may run plans that were cached before a privilege was revoked.',
  sql: `${GIVEN}
select 'server' as key,
  format('PostgreSQL %s: CVE-2026-14666, plans cached before a revocation, is fixed in 18.6 and the minor releases of that day',
    current_setting('server_version')) as message,
  'install the latest minor release, and end sessions after a revocation until then' as fix
where current_setting('server_version_num')::int < 180006`,
};
