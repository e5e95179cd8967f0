/** The light read of the catalog: every relation that the engine might have to protect. One query. */
import type { ClientBase } from 'pg';
import { qualified } from '../db/names';
import type { Relation, RelationKind } from './bound';

interface Row {
  oid: number;
  schema: string;
  name: string;
  kind: RelationKind;
  owner: string;
  rls: boolean;
  force: boolean;
  parents: number[] | null;
  extension: string | null;
}

/** Schemas that hold nothing of the product's: the system's and the engine's own. */
export const NOT_OURS_TO_PROTECT = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'guard', 'vault')`;

export async function readRelations(client: ClientBase): Promise<Relation[]> {
  const { rows } = await client.query<Row>(`
    SELECT c.oid::int8::float8 AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
           pg_catalog.pg_get_userbyid(c.relowner) AS owner, c.relrowsecurity AS rls, c.relforcerowsecurity AS force,
           i.parents, e.extname AS extension
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN (
      SELECT inhrelid, pg_catalog.array_agg(inhparent::int8::float8) AS parents FROM pg_catalog.pg_inherits GROUP BY 1
    ) i ON i.inhrelid = c.oid
    LEFT JOIN pg_catalog.pg_depend d
      ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 AND d.deptype = 'e'
    LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_extension'::regclass
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${NOT_OURS_TO_PROTECT}
    ORDER BY 2, 3`);
  return rows.map((row) => {
    const table = { schema: row.schema, name: row.name };
    return {
      oid: row.oid,
      table,
      text: qualified(table),
      kind: row.kind,
      owner: row.owner,
      rowSecurity: row.rls,
      forceRowSecurity: row.force,
      parents: row.parents ?? [],
      extension: row.extension ?? undefined,
    };
  });
}
