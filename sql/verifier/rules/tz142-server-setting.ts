import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ142',
  name: 'server-setting',
  severity: 'error',
  title: 'The server runs with a setting that weakens ownership or triggers.',
  sql: `${GIVEN}
select s.name as key, format('%s is %s', s.name, s.setting) as message,
  format('ALTER SYSTEM RESET %s, and find out who set it', s.name) as fix
from pg_settings s
where (s.name, s.setting) in (('lo_compat_privileges', 'on'), ('allow_system_table_mods', 'on'),
  ('session_replication_role', 'replica'), ('session_replication_role', 'local'))`,
};
