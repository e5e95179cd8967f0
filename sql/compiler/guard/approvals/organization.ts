/** Of an organization: which one is meant, what it is, and how much of it there is. */
import { ident, literal, qualified } from '../../../db/names';
import type { BoundRegistry } from '../../bound';
import { COUNTING_SETTING, FLAG_SETTING } from '../../our-names';
import { type FunctionShape, plpgsql } from '../shape';
import { countable } from './countable';
import { CALLER, EVERYONE, INTERNAL, iso, raise, WRITES } from './input';

/** What requesters write for the own tenant. */
const OWN = 'own';

const unknown = raise(
  'organizationUnknown',
  'no such organization',
  "write its key, or 'own' for the own tenant",
);

export function organizationFunctions(bound: BoundRegistry, gate: string): FunctionShape[] {
  return [
    resolve(bound),
    plpgsql({
      ...INTERNAL,
      name: 'codes_needed',
      parameters: [
        { name: 'kind', type: 'text' },
        { name: 'own', type: 'boolean' },
      ],
      returns: 'integer',
      // The own tenant is strictly the hardest. Its flag never changes; what makes anything stricter takes one.
      body: `
BEGIN
  RETURN CASE WHEN kind IN ('console', 'shell') AND own IS NOT FALSE THEN 2 ELSE 1 END;
END`,
    }),
    context(bound, gate),
    plpgsql({
      ...INTERNAL,
      name: 'rounded_up',
      parameters: [{ name: 'rows', type: 'bigint' }],
      returns: 'bigint',
      // 7, 40, 3000: enough to judge a request, too little to watch somebody's business by.
      body: `
DECLARE
  unit numeric := power(10::numeric, length(rows::text) - 1);
BEGIN
  RETURN CASE WHEN rows <= 0 THEN 0 ELSE ceil(rows / unit) * unit END;
END`,
    }),
    blast(bound),
    plpgsql({
      ...WRITES,
      name: 'blast_radius',
      parameters: [CALLER, { name: 'organization', type: 'text' }],
      returns: 'jsonb',
      // Of a sensitive one it is written down that somebody asked, though nothing was granted.
      body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  given jsonb := guard.organization_of(organization);
  counts jsonb := guard.counted(given ->> 'key');
BEGIN
  IF (given ->> 'sensitive')::boolean IS NOT FALSE THEN
    PERFORM guard.record('preview', who, given ->> 'key', NULL, '{}');
  END IF;
  RETURN counts;
END`,
      executableBy: [gate],
    }),
  ];
}

/**
 * `{ key, own, sensitive }`, or an error. `guard_owner` sees ordinary organizations only by the setting that names one; that
 * opens the flag to nobody but the gate, and only while this function runs.
 */
function resolve(bound: BoundRegistry): FunctionShape {
  const { organizations } = bound.registry;
  const { type, operators } = bound.key;
  const equals = operators?.equals ?? '=';
  const table = qualified(organizations.table);
  const id = ident(organizations.id);
  const flag = organizations.sensitive.kind === 'column' ? ident(organizations.sensitive.column) : undefined;
  const listed = `EXISTS (SELECT FROM guard.sensitive_organizations s WHERE s.organization ${equals} wanted)`;
  const own = organizations.own;
  const ownKey =
    own?.kind === 'column' && flag
      ? `(SELECT (o.${id})::text FROM ${table} o WHERE o.${ident(own.column)})`
      : own?.kind === 'id'
        ? literal(own.id)
        : 'NULL';
  const isOwn = ownCondition(bound);
  // Without a column of its own the flag is the engine's, and what it does not list it cannot see: ordinary, and left alone.
  const read = flag
    ? `PERFORM set_config('${FLAG_SETTING}', wanted::text, true);
  SELECT (${isOwn}) AS own, (o.${flag} IS NOT FALSE OR (${isOwn}) OR ${listed}) AS sensitive INTO its
    FROM ${table} o WHERE (o.${id})::${type} ${equals} wanted;
  known := FOUND;
  PERFORM set_config('${FLAG_SETTING}', before, true);`
    : `SELECT (${isOwn}) AS own, ${listed} OR (${isOwn}) AS sensitive INTO its;
  known := true;`;
  return plpgsql({
    ...WRITES,
    ...INTERNAL,
    name: 'organization_of',
    parameters: [{ name: 'named', type: 'text' }],
    returns: 'jsonb',
    body: `
DECLARE
  before text := coalesce(current_setting('${FLAG_SETTING}', true), '');
  wanted ${type};
  its record;
  known boolean;
BEGIN
  IF named = '${OWN}' THEN
    named := ${ownKey};
  END IF;
  IF named IS NULL OR named = '' OR length(named) > 200 THEN
    ${unknown}
  END IF;
  BEGIN
    wanted := named::${type};
  EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    ${unknown}
  END;
  ${read}
  IF NOT known THEN
    ${unknown}
  END IF;
  RETURN jsonb_build_object('key', wanted::text, 'own', its.own, 'sensitive', its.sensitive);
END`,
  });
}

/** SQL over the row `o` and the key `wanted`. A column that cannot be read makes every organization as hard as the own one. */
function ownCondition({ registry: { organizations }, key }: BoundRegistry): string {
  const { own, sensitive } = organizations;
  if (!own) return 'false';
  if (own.kind === 'id') return `wanted ${key.operators?.equals ?? '='} ${literal(own.id)}::${key.type}`;
  return sensitive.kind === 'column' ? `o.${ident(own.column)} IS NOT FALSE` : 'true';
}

function context(bound: BoundRegistry, gate: string): FunctionShape {
  const { defaultMinutes, maximumMinutes } = bound.registry.approvals ?? {};
  const equals = bound.key.operators?.equals ?? '=';
  const mine = `g.person = who ->> 'person' AND g.organization ${equals} (organization_given ->> 'key')::${bound.key.type}`;
  return plpgsql({
    ...WRITES,
    name: 'request_context',
    parameters: [CALLER, { name: 'organization', type: 'text' }],
    returns: 'jsonb',
    body: `
DECLARE
  who jsonb := guard.caller_of(caller, ${EVERYONE});
  organization_given jsonb := guard.organization_of(organization);
BEGIN
  RETURN jsonb_build_object(
    'organization', organization_given -> 'key', 'own', organization_given -> 'own', 'sensitive', organization_given -> 'sensitive',
    'codesNeeded', guard.codes_needed('shell', (organization_given ->> 'own')::boolean),
    'defaultMinutes', ${defaultMinutes}, 'maximumMinutes', ${maximumMinutes},
    'past', (SELECT jsonb_build_object('grants', count(*), 'last', ${iso('max(g.starts_at)')}) FROM guard.grants g WHERE ${mine}),
    'live', (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', l.kind, 'access', l.access, 'until', ${iso('l.until')}) ORDER BY l.kind, l.access), '[]')
      FROM (SELECT g.kind, g.access, max(g.ends_at) AS until FROM guard.grants g
        WHERE ${mine} AND g.revoked_at IS NULL AND g.starts_at <= statement_timestamp() AND statement_timestamp() < g.ends_at
        GROUP BY g.kind, g.access) l));
END`,
    executableBy: [gate],
  });
}

/** One statement per table: the plan of each is its own, and begins with the organization. */
function blast(bound: BoundRegistry): FunctionShape {
  const counts = countable(bound).map(
    ({ table, sql }) => `SELECT guard.rounded_up(count(*)) INTO counted_rows FROM ${table} WHERE ${sql};
  IF counted_rows > 0 THEN
    counts := counts || jsonb_build_object('table', ${literal(table)}, 'rows', counted_rows);
  END IF;`,
  );
  return plpgsql({
    ...WRITES,
    ...INTERNAL,
    name: 'counted',
    parameters: [{ name: 'organization', type: 'text' }],
    returns: 'jsonb',
    body: `
DECLARE
  counts jsonb := '[]';
  counted_rows bigint;
BEGIN
  PERFORM set_config('${COUNTING_SETTING}', organization, true);
  ${counts.join('\n  ')}
  PERFORM set_config('${COUNTING_SETTING}', '', true);
  RETURN counts;
END`,
  });
}
