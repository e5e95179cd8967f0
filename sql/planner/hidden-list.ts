/** The list of hidden organizations against the flags it is made from. A list that lacks one shows that organization. */
import type { ClientBase } from 'pg';
import type { BoundRegistry } from '../compiler/bound';
import { markedSensitive } from '../compiler/compile';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident, literal, qualified } from '../db/names';
import { type Change, GUARD_UNIT } from './change';
import type { Observed } from './observed';

export interface HiddenList {
  /** There is a list to look at. */
  readonly installed: boolean;
  /** Sensitive by their flag, and not on the list. */
  readonly missing: number;
  /** The own tenant is named by its key in the registry, and is not on the list. */
  readonly ownMissing: boolean;
  /** The one-row copy that policies read differs from the list, or is not there. */
  readonly stale: boolean;
}

export async function observeHiddenList(
  client: ClientBase,
  bound: BoundRegistry,
  observed: Observed,
  setRole: (role: string) => Promise<void>,
): Promise<HiddenList> {
  const installed = observed.tables.some((table) => table.schema === 'guard' && table.name === 'hidden');
  if (!installed || observed.state === undefined)
    return { installed: false, missing: 0, ownMissing: false, stale: false };
  await client.query('SAVEPOINT tenant_zero_hidden');
  await setRole(GUARD_OWNER);
  try {
    const { rows } = await client.query<{ stale: boolean; own_missing: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM guard.hidden h WHERE h.organizations = ARRAY(SELECT s.organization FROM guard.sensitive_organizations s ORDER BY s.organization)) AS stale,
              ${ownId(bound) === undefined ? 'false' : `NOT EXISTS (SELECT FROM guard.sensitive_organizations s WHERE s.organization = ${ownId(bound)})`} AS own_missing`,
    );
    return {
      installed,
      missing: await missingFlags(client, bound),
      ownMissing: rows[0]?.own_missing ?? true,
      stale: rows[0]?.stale ?? true,
    };
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT tenant_zero_hidden');
    await setRole('none');
  }
}

async function missingFlags(client: ClientBase, bound: BoundRegistry): Promise<number> {
  const select = selectUnlisted(bound);
  if (select === undefined) return 0;
  try {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${select}) unlisted`);
    return rows[0]?.n ?? 0;
  } catch (error) {
    // The guard may not read the flags yet: the relation's own changes say so, and applying them fills the list.
    if ((error as { code?: string }).code === '42501') return 0;
    throw error;
  }
}

/** Organizations that are sensitive by their flag and not on the list, as `guard_owner` sees them. */
function selectUnlisted(bound: BoundRegistry): string | undefined {
  const marked = markedSensitive(bound);
  if (marked === undefined) return undefined;
  const id = `${ident(bound.registry.organizations.id)}::${bound.key.type}`;
  return `SELECT ${id} AS organization FROM ${qualified(bound.organizations.relation.table)} WHERE (${marked}) EXCEPT SELECT organization FROM guard.sensitive_organizations`;
}

function ownId(bound: BoundRegistry): string | undefined {
  const { own } = bound.registry.organizations;
  return own?.kind === 'id' ? `${literal(own.id)}::${bound.key.type}` : undefined;
}

/** SQL that completes the list, run as `guard_owner`. It only ever adds: lifting the veil is the gate's business. */
export function fillHiddenList(bound: BoundRegistry): string[] {
  const insert = (select: string) =>
    `INSERT INTO guard.sensitive_organizations (organization) ${select} ON CONFLICT DO NOTHING`;
  const unlisted = selectUnlisted(bound);
  const own = ownId(bound);
  return [...(unlisted ? [insert(unlisted)] : []), ...(own ? [insert(`SELECT ${own}`)] : [])];
}

/** Touching the list makes the trigger rebuild the copy. */
export const REBUILD_HIDDEN = [
  `INSERT INTO guard.hidden (organizations, members) VALUES ('{}', 0) ON CONFLICT DO NOTHING`,
  'UPDATE guard.sensitive_organizations SET since = since',
];

export function hiddenListChanges(bound: BoundRegistry, hidden: HiddenList): Change[] {
  if (!hidden.installed) return [];
  const base = {
    unit: GUARD_UNIT,
    kind: 'hidden-list',
    action: 'change',
    note: undefined,
    as: GUARD_OWNER,
  } as const;
  const changes: Change[] = [];
  if (hidden.missing > 0 || hidden.ownMissing) {
    const missing = hidden.missing + Number(hidden.ownMissing);
    changes.push({
      ...base,
      name: 'guard.sensitive_organizations',
      before: `${missing} sensitive organizations are not on the list`,
      after: 'all of them',
      sql: fillHiddenList(bound),
    });
  }
  if (hidden.stale)
    changes.push({
      ...base,
      name: 'guard.hidden',
      before: 'not what guard.sensitive_organizations says',
      after: 'the same',
      sql: REBUILD_HIDDEN,
    });
  return changes;
}
