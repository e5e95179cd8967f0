import type { Rule } from '../rule';
import { GIVEN } from './given';

/**
 * TRUNCATE and MAINTAIN do not ask row security, REFERENCES tells which keys exist, TRIGGER runs code as others.
 * Column privileges survive nobody's reading of the table's grants; the gate's own, on the flag, are meant.
 */
export const rule: Rule = {
  id: 'TZ150',
  name: 'privilege-beyond-verbs',
  severity: 'error',
  title: 'A role holds more on a registered or excluded table than SELECT, INSERT, UPDATE and DELETE.',
  sql: `${GIVEN}, held as (
  select g.oid, g.text, g.name, g.registry or g.public as wide, g.privilege_type as what,
    format('REVOKE %s ON %s FROM %s', g.privilege_type, g.text, g.name) as fix, false as mild
  from relation_grant g where g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  union all
  select g.oid, g.text, g.name, g.registry or g.public, g.privilege_type || ' with grant option',
    format('REVOKE GRANT OPTION FOR %s ON %s FROM %s', g.privilege_type, g.text, g.name), false
  from relation_grant g where g.is_grantable
  union all
  select g.oid, g.text, g.name, g.registry or g.public, format('%s (%I)', g.privilege_type, g.attname),
    format('REVOKE %s (%I) ON %s FROM %s', g.privilege_type, g.attname, g.text, g.name), g.privilege_type <> 'REFERENCES'
  from column_grant g
  where not (g.gate and g.privilege_type in ('SELECT', 'UPDATE') and g.oid in (select oid from organization))
)
select h.text || ' to ' || h.name as key,
  format('%s holds %s on %s', h.name, string_agg(h.what, ', ' order by h.what), h.text) as message,
  string_agg(h.fix, '; ' order by h.fix) as fix,
  case when bool_or(h.wide and not h.mild) then 'error' else 'warning' end as severity
from held h join (select oid from guarded union select oid from excluded) t on t.oid = h.oid
group by h.text, h.name`,
};
