/** Roles, schemas, the engine's own tables and functions: what they should be against what they are. Pure. */
import type { Desired, DesiredFunction } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { grantSet } from '../db/membership';
import { ident, literal } from '../db/names';
import { type Change, GUARD_UNIT, ROLES_UNIT } from './change';
import { diffOwnTables } from './diff-own-tables';
import type { Identity } from './identity';
import type { Observed, ObservedFunction } from './observed';
import { printKey } from './printed';

export interface GuardContext {
  readonly serverVersion: number;
  readonly printed: ReadonlyMap<string, string>;
  readonly database: string;
  /** Type of the organization key. */
  readonly keyType: string;
  /** The login that applies. */
  readonly identity: Identity;
  readonly appliers: readonly string[];
}

type Given = Pick<Change, 'kind' | 'action' | 'name' | 'sql'> & Partial<Change>;

const change = (unit: string, given: Given): Change => ({
  unit,
  before: undefined,
  after: undefined,
  note: undefined,
  as: unit === GUARD_UNIT ? GUARD_OWNER : undefined,
  ...given,
});

/** Settings of a role that would undo what the registry says: taken away even when nobody declared any setting. */
const DANGEROUS = /^(role|session_authorization|session_replication_role|row_security|tenant_zero\..*)=/;

export function diffRoles(desired: Desired, observed: Observed, context: GuardContext): Change[] {
  const changes: Change[] = [];
  const add = (given: Given) => changes.push(change(ROLES_UNIT, given));
  const { identity } = context;
  const canAlter = (role: string) => identity.superuser || identity.canAdmin.has(role);
  /** SQL that needs ADMIN on the role; a role that this very plan creates is ours to alter. */
  const altering = (
    role: string,
    sql: string,
    created = false,
    superuserOnly = false,
  ): Pick<Change, 'sql' | 'note' | 'needs'> => {
    if ((created || canAlter(role)) && (identity.superuser || !superuserOnly))
      return { sql: [sql], note: undefined };
    return {
      sql: [],
      note: `run as an administrator: ${sql}`,
      ...(superuserOnly ? {} : { needs: sql }),
    };
  };
  const wanted = [{ name: GUARD_OWNER, login: false, settings: {} }, ...desired.roles];
  for (const role of wanted) {
    const name = ident(role.name);
    const actual = observed.roles.get(role.name);
    if (!actual) {
      add({
        kind: 'role',
        action: 'add',
        name: role.name,
        after: role.login ? 'LOGIN' : 'NOLOGIN',
        sql: [
          `CREATE ROLE ${name} ${role.login ? 'LOGIN' : 'NOLOGIN'} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION NOINHERIT`,
        ],
      });
    } else {
      const attributes: [boolean, string][] = [
        [actual.superuser, 'SUPERUSER'],
        [actual.bypassRls, 'BYPASSRLS'],
        [actual.createRole, 'CREATEROLE'],
        [actual.createDb, 'CREATEDB'],
        [actual.replication, 'REPLICATION'],
        [actual.login && role.name === GUARD_OWNER, 'LOGIN'],
      ];
      for (const [held, attribute] of attributes) {
        if (!held) continue;
        const alter = `ALTER ROLE ${name} NO${attribute}`;
        const mine =
          identity.superuser ||
          (canAlter(role.name) && (attribute === 'CREATEROLE' || attribute === 'LOGIN'));
        add({
          kind: 'role',
          action: 'change',
          name: `${role.name} ${attribute}`,
          before: attribute,
          after: `NO${attribute}`,
          sql: mine ? [alter] : [],
          note: mine ? undefined : `run as an administrator: ${alter}`,
        });
      }
      if (role.login && !actual.login) {
        add({
          kind: 'role',
          action: 'change',
          name: `${role.name} LOGIN`,
          before: 'NOLOGIN',
          after: 'LOGIN',
          phase: 'open',
          ...altering(role.name, `ALTER ROLE ${name} LOGIN`),
        });
      }
      for (const group of actual.memberOf) {
        add({
          kind: 'membership',
          action: 'remove',
          name: `${role.name} in ${group}`,
          before: `member of ${group}`,
          sql: [],
          note: `${role.name} would hold whatever ${group} holds: REVOKE ${ident(group)} FROM ${name}`,
        });
      }
    }
    const here = `IN DATABASE ${ident(context.database)}`;
    const settings = new Map(
      (actual?.settings ?? []).map((setting) => [
        setting.slice(0, setting.indexOf('=')),
        setting.slice(setting.indexOf('=') + 1),
      ]),
    );
    for (const [setting, value] of Object.entries(role.settings)) {
      if (settings.get(setting) === value) continue;
      add({
        kind: 'setting',
        action: settings.has(setting) ? 'change' : 'add',
        name: `${role.name} ${setting}`,
        before: settings.get(setting),
        after: value,
        ...altering(role.name, `ALTER ROLE ${name} ${here} SET ${setting} = ${literal(value)}`, !actual),
      });
    }
    for (const [list, scope] of [
      [actual?.settings ?? [], `${here} `],
      [actual?.globalSettings ?? [], ''],
    ] as const) {
      for (const setting of list) {
        const key = setting.slice(0, setting.indexOf('='));
        if (!DANGEROUS.test(setting) || (scope !== '' && key in role.settings)) continue;
        add({
          kind: 'setting',
          action: 'remove',
          name: `${role.name} ${key}`,
          before: setting,
          // A parameter that the server does not know yet (ours, in a role setting) only a superuser may reset.
          ...altering(role.name, `ALTER ROLE ${name} ${scope}RESET ${key}`, false, key.includes('.')),
        });
      }
    }
  }
  for (const role of desired.connect) {
    if (!observed.canConnect.has(role))
      add({
        kind: 'connect',
        action: 'add',
        name: `connect ${role}`,
        after: 'CONNECT',
        phase: 'open',
        ...(identity.superuser || identity.grantConnect
          ? {}
          : {
              needs: `GRANT CONNECT ON DATABASE ${ident(context.database)} TO ${ident(identity.login)} WITH GRANT OPTION`,
            }),
        sql: [`GRANT CONNECT ON DATABASE ${ident(context.database)} TO ${ident(role)}`],
      });
  }
  for (const member of observed.guardMembers) {
    if (member === context.identity.login || context.appliers.includes(member)) continue;
    add({
      kind: 'membership',
      action: 'remove',
      name: `${member} in ${GUARD_OWNER}`,
      before: `member of ${GUARD_OWNER}`,
      sql: [],
      note: `it may change every helper function: REVOKE ${GUARD_OWNER} FROM ${ident(member)}, or list it under appliers:`,
    });
  }
  if (!identity.superuser && !identity.canSet.has(GUARD_OWNER)) {
    // It may become guard_owner, and holds nothing of it until it does.
    add({
      kind: 'membership',
      action: 'add',
      name: `${identity.login} in ${GUARD_OWNER}`,
      after: 'the applying login administers guard and vault',
      ...altering(
        GUARD_OWNER,
        grantSet(GUARD_OWNER, ident(identity.login), context.serverVersion),
        !observed.roles.has(GUARD_OWNER),
      ),
    });
  }
  return changes;
}

export function diffGuard(desired: Desired, observed: Observed, context: GuardContext): Change[] {
  const changes: Change[] = [];
  const add = (given: Given) => changes.push(change(GUARD_UNIT, given));
  for (const schema of ['guard', 'vault']) {
    const actual = observed.schemas.get(schema);
    if (!actual)
      add({
        kind: 'schema',
        action: 'add',
        name: schema,
        as: undefined,
        sql: [`CREATE SCHEMA ${schema} AUTHORIZATION ${GUARD_OWNER}`],
      });
    else if (actual.owner !== GUARD_OWNER)
      add({
        kind: 'schema',
        action: 'change',
        name: `owner of ${schema}`,
        before: actual.owner,
        after: GUARD_OWNER,
        as: undefined,
        sql: [`ALTER SCHEMA ${schema} OWNER TO ${GUARD_OWNER}`],
      });
  }
  // Before the functions: one that returns rows of a product table needs USAGE on that table's schema.
  diffUsage(desired, observed, context.identity, changes);
  for (const table of desired.tables) {
    const text = `${table.schema}.${table.name}`;
    const actual = observed.tables.find((each) => each.schema === table.schema && each.name === table.name);
    if (!actual) add({ kind: 'table', action: 'add', name: text, sql: [table.create] });
    else {
      if (actual.owner !== GUARD_OWNER)
        add({
          kind: 'owner',
          action: 'change',
          name: text,
          before: actual.owner,
          after: GUARD_OWNER,
          as: actual.owner,
          sql: [],
          note: `run as an administrator: ALTER TABLE ${text} OWNER TO ${GUARD_OWNER}`,
        });
      if (actual.rowSecurity)
        add({
          kind: 'row-security',
          action: 'remove',
          name: text,
          before: 'ENABLE',
          sql: [`ALTER TABLE ${text} DISABLE ROW LEVEL SECURITY`],
          note: 'row security here would empty the lists that policies compare with',
        });
      for (const grant of actual.grants)
        add({
          kind: 'grant',
          action: 'remove',
          name: `${text} to ${grant.role}`,
          before: grant.privileges.join(', '),
          sql: [
            `REVOKE ALL ON ${text} FROM ${grant.role === 'PUBLIC' ? 'PUBLIC' : ident(grant.role)} CASCADE`,
          ],
        });
    }
  }
  for (const given of diffOwnTables(desired.tables, observed.tables)) add(given);
  if (observed.state?.damage === 'empty')
    add({
      kind: 'table',
      action: 'add',
      name: 'guard.state row',
      after: 'one row',
      sql: [`INSERT INTO guard.state (key_type) VALUES (${literal(context.keyType)})`],
    });
  diffFunctions(desired, observed, context, add);
  for (const table of desired.tables) {
    const actual = observed.tables.find((each) => each.schema === table.schema && each.name === table.name);
    for (const trigger of table.triggers ?? []) {
      const text = `${table.schema}.${table.name}`;
      const create = `CREATE TRIGGER ${trigger.name} ${trigger.events} ON ${text} ${trigger.each} EXECUTE FUNCTION ${trigger.call}`;
      const found = actual?.triggers.find((each) => each.name === trigger.name);
      if (found?.definition === create && found.enabled === 'A') continue;
      const drop = found ? [`DROP TRIGGER ${trigger.name} ON ${text}`] : [];
      add({
        kind: 'trigger',
        action: found ? 'change' : 'add',
        name: `${trigger.name} on ${text}`,
        before: found && `${found.definition} (${found.enabled})`,
        after: create,
        sql: [...drop, create, `ALTER TABLE ${text} ENABLE ALWAYS TRIGGER ${trigger.name}`],
      });
    }
  }
  return changes;
}

function signature(fn: { schema: string; name: string }, types: readonly string[]): string {
  return `${fn.schema}.${ident(fn.name)}(${types.join(', ')})`;
}

export function createFunction(fn: DesiredFunction): string {
  const parameters = fn.parameters.map(({ name, type }) => `${name} ${type}`).join(', ');
  const config = fn.config.map((setting) => {
    const [name, value] = [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)];
    return ` SET ${name} = ${name === 'search_path' ? value : literal(value)}`;
  });
  const head = `CREATE OR REPLACE FUNCTION ${fn.schema}.${ident(fn.name)}(${parameters}) RETURNS ${fn.returns} LANGUAGE ${fn.language} ${fn.volatility} PARALLEL ${fn.parallel} SECURITY ${fn.definer ? 'DEFINER' : 'INVOKER'}${config.join('')}`;
  return fn.language === 'sql'
    ? `${head} BEGIN ATOMIC ${fn.body}; END`
    : `${head} AS $tenant_zero$${fn.body}$tenant_zero$`;
}

function diffFunctions(
  desired: Desired,
  observed: Observed,
  context: GuardContext,
  add: (given: Given) => void,
): void {
  const left = new Set(observed.functions);
  for (const fn of desired.functions) {
    const types = fn.parameters.map(({ type }) => type);
    const text = signature(fn, types);
    const actual = observed.functions.find(
      (each) => each.schema === fn.schema && each.name === fn.name && each.types.join() === types.join(),
    );
    const grants = fn.executableBy.map((role) => `GRANT EXECUTE ON FUNCTION ${text} TO ${ident(role)}`);
    if (actual) left.delete(actual);
    const replace = [createFunction(fn), `REVOKE ALL ON FUNCTION ${text} FROM PUBLIC`];
    if (!actual) {
      add({ kind: 'function', action: 'add', name: text, sql: [...replace, ...grants] });
      continue;
    }
    const differences = functionDifferences(fn, actual, context);
    if (actual.owner !== GUARD_OWNER)
      add({
        kind: 'owner',
        action: 'change',
        name: text,
        before: actual.owner,
        after: GUARD_OWNER,
        sql: [],
        note: `run as an administrator: ALTER FUNCTION ${text} OWNER TO ${GUARD_OWNER}`,
      });
    if (differences.length > 0) {
      // CREATE OR REPLACE keeps LEAKPROOF and settings that it does not mention only where it says nothing: reset both.
      const reset = [
        ...(actual.leakproof ? [`ALTER FUNCTION ${text} NOT LEAKPROOF`] : []),
        // CREATE OR REPLACE refuses to take a default away. Nothing but the functions that call it knows it.
        ...(actual.defaults ? [`DROP FUNCTION ${text}`] : []),
      ];
      add({
        kind: 'function',
        action: 'change',
        name: text,
        before: differences.map(([what, before]) => `${what}: ${before}`).join('; '),
        after: differences.map(([what, , after]) => `${what}: ${after}`).join('; '),
        sql: [...reset, ...replace, ...(actual.defaults ? grants : [])],
      });
    }
    const extra = actual.executableBy.filter((role) => !fn.executableBy.includes(role));
    const missing = fn.executableBy.filter((role) => !actual.executableBy.includes(role));
    if (extra.length > 0)
      add({
        kind: 'grant',
        action: 'remove',
        name: `EXECUTE on ${text}`,
        before: actual.executableBy.join(', '),
        after: fn.executableBy.join(', '),
        sql: [
          `REVOKE ALL ON FUNCTION ${text} FROM ${extra.map((role) => (role === 'PUBLIC' ? role : ident(role.replace('*', '')))).join(', ')} CASCADE`,
        ],
      });
    if (missing.length > 0)
      add({
        kind: 'grant',
        action: 'add',
        name: `EXECUTE on ${text}`,
        before: actual.executableBy.join(', '),
        after: fn.executableBy.join(', '),
        sql: [`GRANT EXECUTE ON FUNCTION ${text} TO ${missing.map(ident).join(', ')}`],
      });
  }
  for (const stranger of left) {
    const text = signature(stranger, stranger.types);
    const ours = stranger.schema === 'guard' && stranger.name.startsWith('search_');
    if (isObsolete(stranger)) {
      // Policies and triggers that call it go with their tables, so this comes after all of them.
      add({ kind: 'function', action: 'remove', name: text, phase: 'after', sql: [`DROP FUNCTION ${text}`] });
      continue;
    }
    add({
      kind: 'function',
      action: 'remove',
      name: text,
      sql: ours ? [`DROP FUNCTION ${text}`] : [],
      note: ours ? undefined : `not of this engine: move it out of ${stranger.schema}, or drop it`,
    });
  }
}

/** Functions of the engine that only some registries need: without assignments, without a flag column they go. */
const SOMETIMES = new Set([
  'assigned_organizations',
  'console_organizations',
  'console_until',
  'keep_share',
  'sync_sensitive',
]);

function isObsolete({ schema, name, types, owner }: ObservedFunction): boolean {
  return schema === 'guard' && SOMETIMES.has(name) && types.length === 0 && owner === GUARD_OWNER;
}

function functionDifferences(
  fn: DesiredFunction,
  actual: ObservedFunction,
  context: GuardContext,
): [what: string, before: string, after: string][] {
  const body =
    fn.language === 'sql'
      ? (context.printed.get(printKey('body', undefined, fn.body, context.serverVersion)) ?? '(new)')
      : fn.body;
  const facts: [string, string, string][] = [
    ['source', actual.sqlBody ?? actual.source, body],
    ['language', actual.language, fn.language],
    ['volatility', actual.volatility, fn.volatility],
    ['parallel', actual.parallel, fn.parallel],
    ['security', actual.definer ? 'definer' : 'invoker', fn.definer ? 'definer' : 'invoker'],
    ['leakproof', String(actual.leakproof), 'false'],
    ['strict', String(actual.strict), 'false'],
    ['defaults', String(actual.defaults), 'false'],
    ['support function', String(actual.supported), 'false'],
    [
      'settings',
      actual.config.join(', '),
      fn.config
        .map((each) => each.replace(/^search_path=(.*)$/, (_, path: string) => `search_path=${path}`))
        .join(', '),
    ],
  ];
  return facts.filter(([, before, after]) => before !== after);
}

/** Who can let others into the schema: its owner, or the login itself where it holds USAGE WITH GRANT OPTION. */
function grantUsage(
  schema: string,
  owner: string,
  granted: ReadonlyMap<string, readonly string[]>,
  identity: Identity,
): Pick<Change, 'as'> & Partial<Change> {
  if (identity.superuser || identity.canSet.has(owner) || identity.inherits.has(owner)) return { as: owner };
  if (granted.get(identity.login)?.includes('USAGE*')) return { as: undefined };
  return {
    as: undefined,
    needs: `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${ident(identity.login)} WITH GRANT OPTION`,
  };
}

function diffUsage(desired: Desired, observed: Observed, identity: Identity, changes: Change[]): void {
  const managed = new Set(desired.roles.map((role) => role.name));
  for (const [schema, roles] of desired.usage) {
    const actual = observed.schemas.get(schema);
    const owner = actual?.owner ?? GUARD_OWNER;
    const granted = new Map((actual?.grants ?? []).map((grant) => [grant.role, grant.privileges]));
    const mayGrant =
      actual === undefined ||
      identity.superuser ||
      identity.canSet.has(owner) ||
      identity.inherits.has(owner);
    const missing = roles.filter(
      (role) =>
        role !== owner &&
        !granted.get(role)?.includes('USAGE') &&
        // What PUBLIC has is enough where the schema is somebody else's: an extension's, `public` of a managed server.
        (mayGrant || !granted.get('PUBLIC')?.includes('USAGE')),
    );
    const as = schema === 'guard' || schema === 'vault' ? GUARD_OWNER : owner;
    const grant = (grantees: readonly string[], given: Partial<Change>) => {
      if (grantees.length === 0) return;
      const usage = grantUsage(schema, owner, granted, identity);
      const sql = [`GRANT USAGE ON SCHEMA ${ident(schema)} TO ${grantees.map(ident).join(', ')}`];
      changes.push(
        change(GUARD_UNIT, {
          kind: 'grant',
          action: 'add',
          name: `USAGE on schema ${schema}`,
          ...(schema === 'guard' || schema === 'vault' ? { as } : usage),
          sql,
          ...given,
        }),
      );
    };
    if (schema === 'guard' || schema === 'vault') grant(missing, { after: roles.join(', ') });
    else {
      // Helper functions need theirs before they are made. Everybody else is let into a product schema once its tables
      // are closed: a role may hold grants there from before, which only this keeps it from using.
      const others = missing.filter((role) => role !== GUARD_OWNER);
      if (others.length < missing.length)
        grant([GUARD_OWNER], { name: `USAGE on schema ${schema} to ${GUARD_OWNER}`, after: GUARD_OWNER });
      for (const role of others)
        grant([role], { name: `USAGE on schema ${schema} to ${role}`, after: role, phase: 'open' });
    }
  }
  for (const [name, schema] of observed.schemas) {
    const ours = name === 'guard' || name === 'vault';
    const wanted = desired.usage.get(name) ?? [];
    for (const grant of schema.grants) {
      // CREATE lets a role put objects where others look names up. USAGE that nobody asked for matters only in our own schemas.
      const extra = grant.privileges.filter((each) =>
        each.startsWith('CREATE') ? ours || managed.has(grant.role) : ours && !wanted.includes(grant.role),
      );
      if (extra.length === 0) continue;
      const who = grant.role === 'PUBLIC' ? 'PUBLIC' : ident(grant.role);
      changes.push(
        change(GUARD_UNIT, {
          kind: 'grant',
          action: 'remove',
          name: `${extra.join(', ')} on schema ${name} to ${grant.role}`,
          before: grant.privileges.join(', '),
          as: schema.owner,
          sql: [
            `REVOKE ${extra.map((each) => each.replace('*', '')).join(', ')} ON SCHEMA ${ident(name)} FROM ${who} CASCADE`,
          ],
        }),
      );
    }
  }
}
