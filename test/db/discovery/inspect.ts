/** Creates a schema from SQL in a database of its own, reads it, and says in one line per relation what was found. */
import type { Client } from 'pg';
import { bind } from '../../../sql/compiler/bind';
import { organizationsTable } from '../../../sql/discovery/organizations-table';
import { entry, type Proposal, proposeRegistry } from '../../../sql/discovery/propose';
import { discover, type Reach } from '../../../sql/discovery/reach';
import { readSchema } from '../../../sql/discovery/read-schema';
import type { Schema, SchemaRelation } from '../../../sql/discovery/schema';
import { parseRegistry } from '../../../sql/registry/parse';
import { createDatabase, urlFor, withClient } from '../../support/database';

export interface Inspected {
  readonly schema: Schema;
  readonly proposal: Proposal;
  /** What parse and bind say about the proposal. */
  readonly problems: readonly string[];
  relation(text: string): SchemaRelation;
  reach(text: string): Reach;
  /** `certain {"via":"order_id"}`, `ambiguous {...} | {...}`, `follows public.events`. */
  said(text: string): string;
}

export async function inspect(sql: string, organizations?: string): Promise<Inspected> {
  const database = await createDatabase();
  const options = organizations === undefined ? {} : { organizations };
  const { schema, proposal, problems } = await withClient(urlFor(database), async (client) => {
    await client.query(sql);
    const read = await readSchema(client);
    const proposed = proposeRegistry(read, options);
    return { schema: read, proposal: proposed, problems: await refusals(client, proposed.yaml) };
  });
  const reaches = discover(schema, organizationsTable(schema, options));
  const relation = (text: string) => {
    const found = [...schema.relations.values()].find((one) => one.text === text);
    if (!found) throw new Error(`no ${text} among ${[...schema.relations.values()].map((one) => one.text)}`);
    return found;
  };
  const reach = (text: string) => reaches.get(relation(text).oid) as Reach;
  return {
    schema,
    proposal,
    problems,
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

async function refusals(client: Client, yaml: string): Promise<string[]> {
  const parsed = parseRegistry(yaml, 'proposed.yaml', '2026-01-01');
  const result = 'registry' in parsed ? await bind(client, parsed.registry) : parsed;
  return 'problems' in result ? result.problems.map((one) => `${one.location.line}: ${one.message}`) : [];
}
