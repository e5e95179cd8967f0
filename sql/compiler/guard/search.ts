/**
 * Search functions. Under a policy PostgreSQL runs an operator that is not leakproof (ILIKE, @@, @>, lower(x) =) only
 * after the policy's own condition, so it loses its index: thousands of times slower. A function that runs as
 * `guard_owner`, whose policy on the table is `true`, keeps the index and applies the caller's predicate itself.
 *
 * It takes values, never SQL, and returns rows of the caller's organizations only: nothing of a hidden row reaches the
 * caller. Not through errors either: the operator may run on a hidden row before the predicate does, so a value with
 * which it fails on some rows and not on others is refused before any row is looked at.
 */
import { ident, literal, qualified } from '../../db/names';
import type { RoleEntry, SearchEntry } from '../../registry/types';
import type { BoundRegistry, BoundTable } from '../bound';
import { ANSWERS, type Answer, predicate } from '../predicate';
import { type FunctionShape, plpgsql } from './shape';

interface Condition {
  readonly type: string;
  readonly sql: (column: string) => string;
  /** When true, `q` could fail on one row and pass on another. */
  readonly refuse: string;
}

/** Longer ones exhaust the stack on rows that match far enough. */
const LONG = 'length(q) > 1000';

/** By operator. `t` is the table, `q` the parameter. */
const CONDITIONS: Readonly<Record<SearchEntry['operator'], Condition>> = {
  ilike: {
    type: 'text',
    sql: (column) => `${column} ILIKE q`,
    // An escape character at the end is an error only where a row matches up to it. No backslash is written here: what
    // it means in a literal is a setting of the session.
    refuse: `${LONG} OR (length(q) - length(rtrim(q, chr(92)))) % 2 = 1`,
  },
  '@@': { type: 'text', sql: (column) => `${column} @@ websearch_to_tsquery('simple', q)`, refuse: LONG },
  '@>': { type: 'jsonb', sql: (column) => `${column} @> q`, refuse: 'length(q::text) > 10000' },
  'lower=': { type: 'text', sql: (column) => `lower(${column}) = lower(q)`, refuse: LONG },
};

export function searchName(table: BoundTable, entry: SearchEntry): string {
  return `search_${table.relation.table.name}_${entry.column}`;
}

export function searchFunctions(bound: BoundRegistry): FunctionShape[] {
  return bound.tables.flatMap((table) =>
    table.entry.search.map((entry) => searchFunction(bound, table, entry)),
  );
}

/** Roles that may read the table may search it. */
function searchers(bound: BoundRegistry, table: BoundTable): RoleEntry[] {
  return bound.registry.roles.filter(
    (role) => role.sees !== 'nothing' && (table.entry.grants[role.name] ?? role.verbs).includes('select'),
  );
}

/**
 * Helpers are asked before the query, not in it: the planner then knows the organization, and does not walk 300,000 rows
 * of a large one by its index where the search finds 20.
 */
const variable: Answer = (helper) => `tenant_zero_${helper}`;

function searchFunction(bound: BoundRegistry, table: BoundTable, entry: SearchEntry): FunctionShape {
  const condition = CONDITIONS[entry.operator];
  const roles = searchers(bound, table);
  // Inside a definer function current_user is guard_owner; the role that the session took, or its login, is who asks.
  const branches = roles.map((role) => {
    const row = predicate(table, role.sees, bound.key, variable);
    const ask = ANSWERS.filter((helper) => row.includes(variable(helper))).map(
      (helper) => `${variable(helper)} := guard.${helper}();\n    `,
    );
    return `IF caller = ${literal(role.name)} THEN
    ${ask.join('')}RETURN QUERY SELECT t.* FROM ${qualified(table.relation.table)} t WHERE ${condition.sql(`t.${ident(entry.column)}`)} AND (${row});
    RETURN;
  END IF;`;
  });
  const key = bound.key.type;
  const types: Record<(typeof ANSWERS)[number], string> = {
    current_organization: key,
    assigned_organizations: `${key}[]`,
    hidden_organizations: `${key}[]`,
    granted: 'jsonb',
    console_granted: 'jsonb',
  };
  const declared = ANSWERS.filter((helper) =>
    branches.some((branch) => branch.includes(variable(helper))),
  ).map((helper) => `\n  ${variable(helper)} ${types[helper]};`);
  return plpgsql({
    name: searchName(table, entry),
    parameters: [{ name: 'q', type: condition.type }],
    returns: `SETOF ${qualified(table.relation.table)}`,
    parallel: 'RESTRICTED',
    // A plan for the actual value: a generic one does not know whether the pattern is selective.
    config: ['search_path=pg_catalog, pg_temp', 'plan_cache_mode=force_custom_plan'],
    body: `
DECLARE
  caller name := CASE current_setting('role') WHEN 'none' THEN session_user ELSE current_setting('role') END;${declared.join('')}
BEGIN
  IF ${condition.refuse} THEN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = 'this cannot be searched for', HINT = 'shorten it, and do not end it in the escape character';
  END IF;
  ${branches.join('\n  ')}
  RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('role %s does not search ${table.relation.text}', caller);
END`,
    executableBy: roles.map((role) => role.name).sort(),
  });
}
