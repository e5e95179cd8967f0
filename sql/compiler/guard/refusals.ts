/** Functions that say no: to owners, to TRUNCATE, to rows that change their organization, to the sensitive flag. */
import { SQLSTATE } from '../../db/errors';
import { ident, literal, qualified } from '../../db/names';
import type { BoundRegistry } from '../bound';
import { FLAG_SETTING, GUARD_OWNER } from '../our-names';
import { type FunctionShape, plpgsql } from './shape';

const REFUSE_MOVE = `RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.moveRefused}',
    MESSAGE = format('a row of %I.%I stays in its organization', TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'insert a new row in the other organization and delete this one';`;

const trigger = { returns: 'trigger', volatility: 'VOLATILE', parallel: 'UNSAFE' } as const;

/** `owners`: every owner of a protected table; they create triggers with these functions and run the owner policy. */
export function refusalFunctions(bound: BoundRegistry, keyType: string, owners: string[]): FunctionShape[] {
  const login = bound.registry.migrations?.login;
  // Without a declared migration login the comparison is with NULL, and nobody passes.
  const isMigration = `coalesce(session_user = ${login === undefined ? 'NULL::name' : literal(login)}, false)`;
  return [
    plpgsql({
      name: 'owner_may',
      returns: 'boolean',
      parallel: 'RESTRICTED',
      body: `
BEGIN
  IF ${isMigration} OR guard.is_probing() THEN
    RETURN true;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.ownerRefused}',
    MESSAGE = 'the owner of a protected table neither reads nor writes it',
    HINT = 'run data migrations as the migration login of the registry (migrations: { login: ... })';
END`,
      executableBy: owners,
    }),
    plpgsql({
      ...trigger,
      name: 'refuse_truncate',
      definer: false,
      body: `
BEGIN
  IF ${isMigration} THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.truncateRefused}',
    MESSAGE = format('%I.%I is protected: TRUNCATE would pass by its policies', TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'delete the rows of one organization, as a role that may';
END`,
      executableBy: owners,
    }),
    plpgsql({
      ...trigger,
      name: 'keep_organization',
      definer: false,
      body: `
BEGIN
  IF ${isMigration} THEN
    RETURN NEW;
  END IF;
  ${REFUSE_MOVE}
END`,
      executableBy: owners,
    }),
    plpgsql({
      ...trigger,
      name: 'keep_link',
      definer: false,
      // $1 = OLD, $2 = NEW: the argument compares the organizations of the rows they point at, as the caller sees them.
      body: `
DECLARE
  same boolean;
BEGIN
  IF ${isMigration} THEN
    RETURN NEW;
  END IF;
  EXECUTE TG_ARGV[0] INTO same USING OLD, NEW;
  IF same THEN
    RETURN NEW;
  END IF;
  ${REFUSE_MOVE}
END`,
      executableBy: owners,
    }),
    plpgsql({
      ...trigger,
      name: 'keep_read_only',
      definer: false,
      // What counts in read-only transactions only must not count for a statement that writes and, before the first row is
      // looked at, makes its transaction read-only: UPDATE ... WHERE (SELECT set_config('transaction_read_only', ...)) ...
      body: `
BEGIN
  RAISE EXCEPTION USING ERRCODE = '25006', MESSAGE = 'a statement that writes does not make its transaction read-only',
    HINT = 'SET TRANSACTION READ ONLY before it, or after it';
END`,
      executableBy: owners,
    }),
    ...shareFunctions(bound, owners),
    ...flagFunctions(bound, keyType, owners),
  ];
}

/** Only where a table is shared, and a role sees many organizations but not all. */
function shareFunctions(bound: BoundRegistry, owners: string[]): FunctionShape[] {
  if (!bound.tables.some((table) => table.entry.belongs.kind === 'through')) return [];
  const held = bound.registry.roles
    .filter(({ sees }) => sees === 'non-sensitive' || sees === 'assigned-organizations')
    .map(({ name }) => `pg_has_role(current_user, ${literal(name)}, 'USAGE')`)
    .join(' OR ');
  return [
    plpgsql({
      ...trigger,
      name: 'keep_share',
      definer: false,
      // A role of one organization may name whoever it knows: that is how people are invited.
      body: `
DECLARE
  may boolean := false;
BEGIN
  IF NOT row_security_active(TG_RELID) OR NOT (${held || 'false'}) THEN
    RETURN NEW;
  END IF;
  -- The first argument says whether $1 = OLD and $2 = NEW point at the same row, the second whether the caller sees that of $1 = NEW.
  IF TG_OP = 'UPDATE' THEN
    EXECUTE TG_ARGV[0] INTO may USING OLD, NEW;
  END IF;
  IF NOT may THEN
    EXECUTE TG_ARGV[1] INTO may USING NEW;
  END IF;
  IF may THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION USING ERRCODE = '42501',
    MESSAGE = format('a row of %I.%I would show what its writer does not see', TG_TABLE_SCHEMA, TG_TABLE_NAME),
    HINT = 'let a role of that organization, or the migration login, write it';
END`,
      executableBy: owners,
    }),
  ];
}

/** The gate is open for one organization: right login, right role, and the setting names exactly that organization. */
function gateOpen(gate: string | undefined, key: string): string {
  if (gate === undefined) return 'false';
  return `coalesce(session_user = ${literal(gate)} AND current_user IN (${literal(gate)}, ${literal(GUARD_OWNER)})
    AND nullif(current_setting('${FLAG_SETTING}', true), '') = (${key})::text, false)`;
}

function flagFunctions(bound: BoundRegistry, keyType: string, owners: string[]): FunctionShape[] {
  const { organizations } = bound.registry;
  const id = ident(organizations.id);
  const flag = organizations.sensitive.kind === 'column' ? ident(organizations.sensitive.column) : undefined;
  const own = organizations.own?.kind === 'column' ? ident(organizations.own.column) : undefined;
  const gate = organizations.gate;
  const ownKey =
    organizations.own?.kind === 'id' ? `organization::text = ${literal(organizations.own.id)}` : 'false';
  const refuse = (
    message: string,
  ) => `RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.flagRefused}', MESSAGE = '${message}',
      HINT = 'the approval path changes it: guard.set_sensitive(...), as the gate role, for one organization';`;
  // NULL counts as sensitive: what is not clearly ordinary is hidden.
  const marked = (row: string) =>
    [flag && `${row}.${flag} IS NOT FALSE`, own && `${row}.${own} IS NOT FALSE`]
      .filter(Boolean)
      .join(' OR ') || 'false';
  const changed = [flag, own]
    .filter(Boolean)
    .map((column) => `NEW.${column} IS DISTINCT FROM OLD.${column}`)
    .join(' OR ');
  const roles =
    bound.registry.roles
      .filter((role) => role.name !== gate)
      .map((role) => literal(role.name))
      .join(', ') || 'NULL';
  const functions: FunctionShape[] = [
    plpgsql({
      ...trigger,
      name: 'flag_guard',
      definer: false,
      body: `
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    ${refuse('organizations cannot be truncated')}
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW.${id}${bound.key.operators ? '::text' : ''} IS DISTINCT FROM OLD.${id}${bound.key.operators ? '::text' : ''} THEN
      ${refuse('the key of an organization never changes')}
    END IF;${
      changed
        ? `
    IF (${changed}) AND NOT ${gateOpen(gate, `OLD.${id}`)} THEN
      ${refuse('the sensitive flag changes through the approval path only')}
    END IF;`
        : ''
    }
    RETURN NEW;
  ELSIF TG_OP = 'DELETE' THEN
    IF (guard.is_hidden(OLD.${id}::${keyType}) OR ${marked('OLD')}) AND NOT ${gateOpen(gate, `OLD.${id}`)} THEN
      ${refuse('a sensitive organization is deleted through the approval path only')}
    END IF;
    RETURN OLD;
  END IF;
  -- INSERT: roles of the registry make ordinary organizations only; whoever may change the flag later may set it now.
  IF (${marked('NEW')}) AND current_user IN (${roles}) THEN
    ${refuse('a new organization is not sensitive until the approval path says so')}
  END IF;
  -- A key that was hidden once stays hidden, or deleting and inserting would clear the flag.
  IF NOT (${marked('NEW')}) AND guard.is_hidden(NEW.${id}::${keyType}) AND ${flag ? 'true' : 'false'} THEN
    ${refuse('this key belonged to a sensitive organization')}
  END IF;
  RETURN NEW;
END`,
      executableBy: owners,
    }),
    plpgsql({
      name: 'is_hidden',
      parameters: [{ name: 'organization', type: keyType }],
      returns: 'boolean',
      // Whoever inserts or deletes organizations runs it, but in a trigger only: asked by hand, it would tell every
      // inserter which keys are sensitive.
      body: `
BEGIN
  IF pg_trigger_depth() = 0 AND NOT pg_has_role(session_user, '${GUARD_OWNER}', 'MEMBER') THEN
    RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'only the flag guard asks this';
  END IF;
  RETURN EXISTS (SELECT FROM guard.sensitive_organizations s WHERE s.organization ${bound.key.operators?.equals ?? '='} is_hidden.organization);
END`,
      executableBy: writersOf(bound, owners),
    }),
    plpgsql({
      name: 'set_sensitive',
      parameters: [
        { name: 'organization', type: keyType },
        { name: 'sensitive', type: 'boolean' },
      ],
      returns: 'void',
      volatility: 'VOLATILE',
      parallel: 'UNSAFE',
      body: `
BEGIN
  IF sensitive IS NULL OR organization IS NULL OR NOT ${gateOpen(gate, 'organization')} THEN
    ${refuse('the sensitive flag changes through the approval path only')}
  END IF;
  IF NOT sensitive AND ${ownKey} THEN
    ${refuse('the own tenant is always sensitive')}
  END IF;${
    flag
      ? `
  UPDATE ${qualified(organizations.table)} o SET ${flag} = set_sensitive.sensitive WHERE o.${id} ${bound.key.operators?.equals ?? '='} set_sensitive.organization;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = 'P0002', MESSAGE = 'no such organization';
  END IF;`
      : `
  IF sensitive THEN
    INSERT INTO guard.sensitive_organizations (organization) VALUES (set_sensitive.organization) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM guard.sensitive_organizations s WHERE s.organization ${bound.key.operators?.equals ?? '='} set_sensitive.organization;
  END IF;`
  }
END`,
      // Where approvals are asked for, only what accepts them calls it; the session is the gate's all the same.
      executableBy: gate === undefined || bound.registry.approvals ? [] : [gate],
    }),
  ];
  if (flag) {
    functions.push(
      plpgsql({
        ...trigger,
        name: 'sync_sensitive',
        // Owners may hang it on a table of theirs, or switch the flag guard off: the list loses a key through the gate only.
        body: `
BEGIN
  IF TG_TABLE_SCHEMA <> ${literal(organizations.table.schema)} OR TG_TABLE_NAME <> ${literal(organizations.table.name)} THEN
    ${refuse('this trigger belongs to the organizations')}
  END IF;
  IF ${marked('NEW')} THEN
    INSERT INTO guard.sensitive_organizations (organization) VALUES (NEW.${id}::${keyType}) ON CONFLICT DO NOTHING;
  ELSIF TG_OP = 'UPDATE' AND (${marked('OLD')}) THEN
    -- Only the change itself lifts the veil: an ordinary update of a row must not.
    IF NOT ${gateOpen(gate, `NEW.${id}`)} THEN
      ${refuse('the sensitive flag changes through the approval path only')}
    END IF;
    DELETE FROM guard.sensitive_organizations s WHERE s.organization ${bound.key.operators?.equals ?? '='} NEW.${id}::${keyType};
  END IF;
  RETURN NULL;
END`,
        executableBy: owners,
      }),
    );
  }
  return functions;
}

function writersOf(bound: BoundRegistry, owners: string[]): string[] {
  const writers = Object.entries(bound.registry.organizations.grants)
    .filter(([, verbs]) => verbs.some((verb) => verb === 'insert' || verb === 'delete'))
    .map(([role]) => role);
  const login = bound.registry.migrations?.login;
  return [...new Set([...owners, ...writers, ...(login ? [login] : []), GUARD_OWNER])]
    .filter((role) => role !== GUARD_OWNER)
    .sort();
}
