/** Roles, their attributes, memberships and settings: what they should be against what they are. Pure. */
import type { Desired } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { grantSet } from '../db/membership';
import { ident, literal } from '../db/names';
import { type Change, ROLES_UNIT } from './change';
import { change, type Given, type GuardContext } from './guard-context';
import type { Observed } from './observed';

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
    const known = [context.identity.login, ...context.appliers, ...context.administrators];
    if (known.includes(member)) continue;
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
