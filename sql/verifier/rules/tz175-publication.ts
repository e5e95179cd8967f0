import type { Rule } from '../rule';
import { GIVEN } from './given';

export const rule: Rule = {
  id: 'TZ175',
  name: 'publication',
  severity: 'warning',
  title: 'A publication sends rows of every organization to whoever subscribes.',
  sql: `${GIVEN}
select quote_ident(p.pubname) as key,
  format('publication %s sends %s protected table(s), %s among them; policies do not apply to it', p.pubname, count(*),
    min(r.text)) as message,
  format('DROP PUBLICATION %I', p.pubname) as fix
from pg_publication_tables p join relation r on r.nspname = p.schemaname and r.relname = p.tablename
join (select oid from guarded union select oid from relation where nspname in ('guard', 'vault')) g on g.oid = r.oid
group by p.pubname`,
};
