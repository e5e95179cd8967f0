/**
 * What a relation is, as one short text: taken before a plan is made, compared under the lock. A table that somebody
 * dropped and made again meanwhile has the planned name and none of the planned protection; a grant would open it.
 */
import type { ClientBase } from 'pg';
import { OUR_PREFIXES } from '../compiler/our-names';
import { Moved } from './lock';

export interface Mark {
  readonly text: string;
  readonly rowSecurity: boolean;
}

export type Marks = Map<number, Mark>;

const OURS = OUR_PREFIXES.map((prefix) => `pg_catalog.starts_with(t.tgname::text, '${prefix}')`).join(' OR ');

/** Not the grants: our own first step takes some away, and a grant alone shows nothing past policies. */
const MARK = `pg_catalog.md5(pg_catalog.concat_ws(' ', n.nspname, c.relname, c.relkind, c.relowner, c.relforcerowsecurity,
  (SELECT pg_catalog.string_agg(pg_catalog.concat(p.oid, '.', p.xmin), ' ' ORDER BY p.oid) FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid),
  (SELECT pg_catalog.string_agg(pg_catalog.concat(t.oid, '.', t.xmin), ' ' ORDER BY t.oid) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND t.tgparentid = 0 AND (${OURS})),
  (SELECT pg_catalog.string_agg(pg_catalog.concat(r.oid, '.', r.xmin), ' ' ORDER BY r.oid) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid)))`;

const FROM = 'FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';

export async function readMarks(client: ClientBase): Promise<Marks> {
  const { rows } = await client.query<Mark & { oid: number }>(
    `SELECT c.oid::pg_catalog.int8::pg_catalog.float8 AS oid, ${MARK} AS text, c.relrowsecurity AS "rowSecurity" ${FROM}
     WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p,v,m,f}'::pg_catalog."char"[])
       AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{pg_catalog,information_schema,pg_toast}'::pg_catalog.name[])`,
  );
  return new Map(rows.map(({ oid, ...mark }) => [oid, mark]));
}

/**
 * `locked`: row security is on by now, whatever it was; the statement that took the lock saw to it.
 * @throws Moved
 */
export async function checkMark(
  client: ClientBase,
  oid: number,
  marks: Marks,
  locked: boolean,
): Promise<void> {
  const known = marks.get(oid);
  const now = await markNow(client, oid);
  if (now?.text !== known?.text || (!locked && now?.rowSecurity !== known?.rowSecurity))
    throw new Moved('somebody else changed the table while the plan was being made or run');
}

/** After a step of ours that is not the table's last. Inside its transaction. */
export async function remark(client: ClientBase, oid: number, marks: Marks): Promise<void> {
  const now = await markNow(client, oid);
  if (now !== undefined) marks.set(oid, now);
}

async function markNow(client: ClientBase, oid: number): Promise<Mark | undefined> {
  const { rows } = await client.query<Mark>(
    `SELECT ${MARK} AS text, c.relrowsecurity AS "rowSecurity" ${FROM} WHERE c.oid OPERATOR(pg_catalog.=) $1::pg_catalog.oid`,
    [oid],
  );
  return rows[0];
}
