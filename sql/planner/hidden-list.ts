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
  /** On the list, there, and not sensitive by their flag: somebody cleared it past the gate. */
  readonly cleared: number;
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
  if (!installed || observed.state === undefined || observed.state.damage === 'unreadable')
    return { installed: false, missing: 0, cleared: 0, ownMissing: false, stale: false };
  await client.query('SAVEPOINT tenant_zero_hidden');
  await setRole(GUARD_OWNER);
  try {
    const { rows } = await client.query<{ stale: boolean; own_missing: boolean }>(
      `SELECT NOT EXISTS (SELECT FROM guard.hidden h WHERE h.organizations = ARRAY(SELECT s.organization FROM guard.sensitive_organizations s ORDER BY s.organization)) AS stale,
              ${ownId(bound) === undefined ? 'false' : `NOT EXISTS (SELECT FROM guard.sensitive_organizations s WHERE s.organization = ${ownId(bound)})`} AS own_missing`,
    );
    return {
      installed,
      missing: await countOf(client, selectUnlisted(bound)),
      cleared: await countOf(client, selectCleared(bound)),
      ownMissing: rows[0]?.own_missing ?? true,
      stale: rows[0]?.stale ?? true,
    };
  } catch (error) {
    // A list that belongs to somebody else: who reads policies with it is shown nothing, and this says why.
    if ((error as { code?: string }).code !== '42501') throw error;
    return { installed, missing: 0, cleared: 0, ownMissing: false, stale: true };
  } finally {
    await client.query('ROLLBACK TO SAVEPOINT tenant_zero_hidden');
    await setRole('none');
  }
}

async function countOf(client: ClientBase, select: string | undefined): Promise<number> {
  if (select === undefined) return 0;
  try {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${select}) found`);
    return rows[0]?.n ?? 0;
  } catch (error) {
    // The guard may not read the flags yet: the relation's own changes say so, and applying them fills the list.
    // 25P02: nor could it read them for the question before this one.
    if (['42501', '25P02'].includes((error as { code?: string }).code ?? '')) return 0;
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

/** Organizations whose flag says that they are ordinary, and whose key is on the list. */
function selectCleared(bound: BoundRegistry): string | undefined {
  const marked = markedSensitive(bound);
  if (marked === undefined) return undefined;
  const { name, type, operators } = bound.key;
  const equals = operators?.equals ?? '=';
  // The own tenant may be hidden by its key alone.
  const own = ownId(bound);
  return `SELECT FROM ${qualified(bound.organizations.relation.table)} o WHERE NOT (${marked})
    AND EXISTS (SELECT FROM guard.sensitive_organizations s WHERE s.organization ${equals} o.${ident(name)}::${type}${own === undefined ? '' : ` AND NOT s.organization ${equals} ${own}`})`;
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
  if (hidden.cleared > 0)
    changes.push({
      ...base,
      name: 'sensitive flags that were cleared',
      before: `${hidden.cleared} organizations are on the list, and their flag says that they are ordinary`,
      after: 'flag and list agree',
      sql: [],
      note: 'the flag was changed past the approval path, and policies go on hiding them: let the gate role say which it is, guard.set_sensitive(...)',
    });
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
