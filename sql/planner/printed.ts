/**
 * What PostgreSQL makes of an expression. `pg_get_expr` never returns what was written, so a wanted policy can only be
 * compared with an actual one after the server has parsed and printed it: on an empty scratch table, rolled back.
 * Thousands of tables share a handful of expressions; each is printed once.
 */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Desired, DesiredFunction, DesiredRelation } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident } from '../db/names';

type Kind = 'policy' | 'when' | 'body';

interface Wanted {
  readonly key: string;
  readonly kind: Kind;
  readonly text: string;
}

/** One scratch table prints all expressions over the same columns. */
interface Group {
  readonly owner: string;
  readonly relationName: string;
  readonly columns: readonly { name: string; type: string }[];
  readonly wanted: Map<string, Wanted>;
}

const SCRATCH = 'guard_scratch';

/** The name does not matter unless the expression speaks of another table: then columns are printed with it. */
function scratchName(relation: DesiredRelation, text: string): string {
  return text.includes('tenant_zero_link') ? relation.relation.table.name : 'scratch';
}

/** Thousands of tables ask for the digests of the same few texts, several times each. */
const digests = new Map<string, string>();

function digest(text: string): string {
  const known = digests.get(text);
  if (known !== undefined) return known;
  if (digests.size > 1_000) digests.clear();
  const made = createHash('sha256').update(text).digest('base64').slice(0, 32);
  digests.set(text, made);
  return made;
}

/** Identifies an expression in its setting: same key, same printed text, on servers of one major version. */
export function printKey(
  kind: Kind,
  relation: DesiredRelation | undefined,
  text: string,
  serverVersion: number,
): string {
  const columns = relation?.mentions.map(({ name, type }) => `${name} ${type}`).sort() ?? [];
  const parts = [
    Math.floor(serverVersion / 10000),
    kind,
    relation && scratchName(relation, text),
    columns,
    text,
  ];
  return digest(JSON.stringify(parts));
}

/**
 * Prints every expression of `desired` that `known` does not have. Runs inside the caller's transaction and leaves
 * nothing behind. An expression that does not parse (its helper does not exist yet) has no entry in the answer.
 */
export async function printAll(
  client: ClientBase,
  desired: Desired,
  serverVersion: number,
  known: Readonly<Record<string, string>>,
  setRole: (role: string) => Promise<void>,
): Promise<Map<string, string>> {
  const printed = new Map<string, string>();
  const groups = new Map<string, Group>();
  const want = (kind: Kind, relation: DesiredRelation, text: string) => {
    const key = printKey(kind, relation, text, serverVersion);
    const cached = known[key];
    if (cached !== undefined) printed.set(key, cached);
    if (printed.has(key)) return;
    const name = scratchName(relation, text);
    const id = JSON.stringify([relation.relation.owner, name, relation.mentions]);
    const group = groups.get(id) ?? {
      owner: relation.relation.owner,
      relationName: name,
      columns: relation.mentions,
      wanted: new Map(),
    };
    groups.set(id, group);
    group.wanted.set(key, { key, kind, text });
  };
  for (const relation of desired.relations) {
    for (const policy of relation.policies) {
      want('policy', relation, policy.using);
      if (policy.check !== undefined) want('policy', relation, policy.check);
    }
    for (const trigger of relation.triggers)
      if (trigger.each.includes(' WHEN ')) want('when', relation, trigger.each);
  }
  const bodies = desired.functions
    .filter((each) => each.language === 'sql')
    .map((each) => ({ each, key: printKey('body', undefined, each.body, serverVersion) }));
  for (const { key } of bodies) if (known[key] !== undefined) printed.set(key, known[key]);
  const missingBodies = bodies.filter(({ key }) => !printed.has(key));
  if (groups.size === 0 && missingBodies.length === 0) return printed;

  await client.query('SAVEPOINT tenant_zero_print');
  await client.query(`CREATE SCHEMA ${SCRATCH}`);
  for (const owner of new Set(
    [...groups.values()].map((group) => group.owner).concat(missingBodies.length > 0 ? GUARD_OWNER : []),
  )) {
    await client.query(`GRANT CREATE, USAGE ON SCHEMA ${SCRATCH} TO ${ident(owner)}`);
  }
  for (const group of groups.values()) {
    await attempt(client, async () => {
      await setRole(group.owner);
      await printGroup(client, group, printed);
    });
  }
  await attempt(client, async () => {
    await setRole(GUARD_OWNER);
    for (const { each, key } of missingBodies) {
      const body = await printBody(client, each);
      if (body !== undefined) printed.set(key, body);
    }
  });
  await client.query('ROLLBACK TO SAVEPOINT tenant_zero_print');
  return printed;
}

/** What fails here is printed nowhere and so differs from everything: the plan then says "change", never "same". */
async function attempt(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('SAVEPOINT tenant_zero_attempt');
  try {
    await work();
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
  }
  await client.query('ROLLBACK TO SAVEPOINT tenant_zero_attempt');
}

async function printGroup(client: ClientBase, group: Group, printed: Map<string, string>): Promise<void> {
  const table = `${SCRATCH}.${ident(group.relationName)}`;
  await client.query(
    `CREATE TABLE ${table} (${group.columns.map(({ name, type }) => `${ident(name)} ${type}`).join(', ')})`,
  );
  const wanted = [...group.wanted.values()];
  for (const [i, each] of wanted.entries()) {
    if (each.kind === 'policy') await client.query(`CREATE POLICY p${i} ON ${table} USING (${each.text})`);
    else
      await client.query(
        `CREATE TRIGGER t${i} BEFORE UPDATE ON ${table} ${each.text} EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
      );
  }
  const { rows } = await client.query<{ name: string; text: string }>(
    `SELECT polname AS name, pg_catalog.pg_get_expr(polqual, polrelid) AS text FROM pg_catalog.pg_policy WHERE polrelid = $1::regclass
     UNION ALL SELECT tgname, pg_catalog.pg_get_triggerdef(oid) FROM pg_catalog.pg_trigger WHERE tgrelid = $1::regclass`,
    [table],
  );
  for (const { name, text } of rows) {
    const each = wanted[Number(name.slice(1))];
    if (!each) continue;
    printed.set(
      each.key,
      each.kind === 'policy'
        ? text
        : text.slice(text.indexOf('FOR EACH'), text.lastIndexOf(' EXECUTE FUNCTION')),
    );
  }
}

async function printBody(client: ClientBase, wanted: DesiredFunction): Promise<string | undefined> {
  await client.query(
    `CREATE FUNCTION ${SCRATCH}.body() RETURNS ${wanted.returns} LANGUAGE sql STABLE BEGIN ATOMIC ${wanted.body}; END`,
  );
  const { rows } = await client.query<{ text: string }>(
    `SELECT pg_catalog.pg_get_function_sqlbody('${SCRATCH}.body()'::regprocedure) AS text`,
  );
  await client.query(`DROP FUNCTION ${SCRATCH}.body()`);
  return rows[0]?.text;
}
