/** Creates a schema from SQL in a database of its own, reads it, and says in one line per relation what was found. */
import { organizationsTable } from '../../../sql/discovery/organizations-table';
import { entry, type Proposal, proposeRegistry } from '../../../sql/discovery/propose';
import { discover, type Reach } from '../../../sql/discovery/reach';
import { readSchema } from '../../../sql/discovery/read-schema';
import type { Schema, SchemaRelation } from '../../../sql/discovery/schema';
import { createDatabase, urlFor, withClient } from '../../support/database';

export interface Inspected {
  readonly schema: Schema;
  readonly proposal: Proposal;
  relation(text: string): SchemaRelation;
  reach(text: string): Reach;
  /** `certain {"via":"order_id"}`, `ambiguous {...} | {...}`, `follows public.events`. */
  said(text: string): string;
}

export async function inspect(sql: string, organizations?: string): Promise<Inspected> {
  const database = await createDatabase();
  const schema = await withClient(urlFor(database), async (client) => {
    await client.query(sql);
    return readSchema(client);
  });
  const options = organizations === undefined ? {} : { organizations };
  const reaches = discover(schema, organizationsTable(schema, options));
  const relation = (text: string) => {
    const found = [...schema.relations.values()].find((one) => one.text === text);
    if (!found) throw new Error(`no ${text} among ${[...schema.relations.values()].map((one) => one.text)}`);
    return found;
  };
  const reach = (text: string) => reaches.get(relation(text).oid) as Reach;
  return {
    schema,
    proposal: proposeRegistry(schema, options),
    relation,
    reach,
    said: (text) => {
      const { standing, certainty, choices, reason } = reach(text);
      if (standing.kind === 'follows') return reason;
      const entries = choices.map((one) => JSON.stringify(entry(one.belongs)));
      return [certainty, certainty === 'certain' ? entries[0] : entries.join(' | ')].join(' ').trim();
    },
  };
}
