/**
 * Sequences behind the defaults of tables. One belongs to one column at most, and any default may call it: those of
 * partitions, numbers that several tables share.
 */
import type { ClientBase } from 'pg';
import { aclJson } from './acl';
import type { ObservedGrant, ObservedSequence } from './observed';

interface Row {
  sequence: number;
  text: string;
  owner: string;
  grants: ObservedGrant[] | null;
}

export async function observeSequences(
  client: ClientBase,
): Promise<{ relation: number; sequence: ObservedSequence }[]> {
  const { rows } = await client.query<Row>(
    `SELECT s.oid::int8::float8 AS sequence, pg_catalog.format('%I.%I', n.nspname, s.relname) AS text,
            pg_catalog.pg_get_userbyid(s.relowner) AS owner, ${aclJson('s.relacl', 's.relowner')} AS grants
     FROM pg_catalog.pg_class s JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace WHERE s.relkind = 'S'`,
  );
  const known = new Map(rows.map((row) => [row.sequence, row]));
  // Joined here and not there: without statistics the planner takes pg_depend for small.
  const links = await client.query<{ sequence: number; relation: number; own: boolean }>(
    `SELECT d.objid::int8::float8 AS sequence, d.refobjid::int8::float8 AS relation, true AS own FROM pg_catalog.pg_depend d
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'a'
     UNION ALL
     SELECT DISTINCT d.refobjid::int8::float8, v.adrelid::int8::float8, false FROM pg_catalog.pg_attrdef v
     JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = v.oid
     WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> v.adrelid`,
  );
  const relations = new Map<number, Map<number, boolean>>();
  for (const { sequence, relation, own } of links.rows) {
    const users = relations.get(sequence) ?? new Map<number, boolean>();
    relations.set(sequence, users.set(relation, own || users.get(relation) === true));
  }
  return [...relations].flatMap(([oid, users]) => {
    const row = known.get(oid);
    if (!row) return [];
    const { text, owner, grants } = row;
    return [...users].map(([relation, own]) => ({
      relation,
      sequence: { text, owner, own, shared: users.size > 1, grants: grants ?? [] },
    }));
  });
}
