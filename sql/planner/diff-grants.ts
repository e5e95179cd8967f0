/** Grants on one relation, its columns and its sequences. Pure. */
import type { DesiredRelation } from '../compiler/desired';
import { GUARD_OWNER } from '../compiler/our-names';
import { ident } from '../db/names';
import type { Change } from './change';
import type { ObservedGrant, ObservedRelation } from './observed';
import type { Add, RelationContext } from './relation-context';

/**
 * What is taken from a role goes before anything is given to anybody: rows of a table show through the policies of the
 * one it hangs on, and that one may be about to show more. Helper functions need theirs until they are replaced.
 */
const closing = (role: string): Pick<Change, 'phase'> => (role === GUARD_OWNER ? {} : { phase: 'close' });

export function diffGrants(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  add: Add,
): void {
  const byRole = new Map(observed.grants.map((grant) => [grant.role, grant.privileges]));
  const who = (role: string) => (role === 'PUBLIC' ? 'PUBLIC' : ident(role));
  for (const [role, wanted] of desired.grants) {
    const actual = byRole.get(role) ?? [];
    const extra = actual.filter((privilege) => !wanted.includes(privilege));
    const missing = wanted.filter((privilege) => !actual.includes(privilege));
    if (extra.length > 0) {
      // A privilege with grant option shows as "SELECT*": it is taken away whole and, where wanted, given back plain.
      const plain = extra.map((privilege) => privilege.replace('*', ''));
      const back = plain.filter((privilege) => wanted.includes(privilege));
      const sql = [`REVOKE ${plain.join(', ')} ON ${table} FROM ${who(role)} CASCADE`];
      if (back.length > 0) sql.push(`GRANT ${back.join(', ')} ON ${table} TO ${who(role)}`);
      add({
        kind: 'grant',
        action: 'remove',
        ...closing(role),
        name: `grants to ${role}`,
        before: actual.join(', '),
        after: wanted.join(', '),
        sql,
      });
    }
    const give = missing.filter((privilege) => !extra.includes(`${privilege}*`));
    if (give.length > 0) {
      add({
        kind: 'grant',
        action: 'add',
        name: `grants to ${role}`,
        before: actual.join(', '),
        after: wanted.join(', '),
        sql: [`GRANT ${give.join(', ')} ON ${table} TO ${who(role)}`],
      });
    }
  }
  diffColumnGrants(desired, observed, context, table, who, add);
  diffSequences(desired, observed, who, add);
}

function diffColumnGrants(
  desired: DesiredRelation,
  observed: ObservedRelation,
  context: RelationContext,
  table: string,
  who: (role: string) => string,
  add: Add,
): void {
  const key = (role: string, privilege: string) => `${privilege} to ${role}`;
  const wanted = new Map(
    desired.columnGrants.map(({ role, privilege, column }) => {
      const text = `${privilege} (${ident(column)})`;
      return [key(role, text), { role, text }] as const;
    }),
  );
  const actual = new Map(
    observed.columnGrants
      .filter(({ role }) => context.registryRoles.has(role) || role === 'PUBLIC' || role === GUARD_OWNER)
      .flatMap(({ role, privileges }) =>
        privileges.map((privilege) => [key(role, privilege), { role, text: privilege }] as const),
      ),
  );
  for (const [id, { role, text }] of actual) {
    if (!wanted.has(id))
      add({
        kind: 'grant',
        action: 'remove',
        ...closing(role),
        name: `column grant ${id}`,
        before: text,
        sql: [`REVOKE ${text.replace('*', '')} ON ${table} FROM ${who(role)} CASCADE`],
      });
  }
  for (const [id, { role, text }] of wanted) {
    if (!actual.has(id))
      add({
        kind: 'grant',
        action: 'add',
        name: `column grant ${id}`,
        after: text,
        sql: [`GRANT ${text} ON ${table} TO ${who(role)}`],
      });
  }
}

/** A default calls nextval: USAGE for whoever may insert, nothing for the other registry roles. */
function diffSequences(
  desired: DesiredRelation,
  observed: ObservedRelation,
  who: (role: string) => string,
  add: Add,
): void {
  for (const sequence of observed.sequences) {
    const byRole = new Map<string, readonly string[]>(
      sequence.grants.map((grant: ObservedGrant) => [grant.role, grant.privileges]),
    );
    for (const [role, privileges] of desired.grants) {
      const wanted = privileges.includes('INSERT') ? ['USAGE'] : [];
      const actual = byRole.get(role) ?? [];
      const kept = sequence.shared ? ['USAGE'] : wanted;
      const extra = sequence.own ? actual.filter((privilege) => !kept.includes(privilege)) : [];
      if (extra.length > 0) {
        const plain = extra.map((privilege) => privilege.replace('*', ''));
        add({
          kind: 'grant',
          action: 'remove',
          ...closing(role),
          name: `grants on ${sequence.text} to ${role}`,
          before: actual.join(', '),
          after: wanted.join(', '),
          sql: [`REVOKE ${plain.join(', ')} ON SEQUENCE ${sequence.text} FROM ${who(role)} CASCADE`],
        });
      }
      if (wanted.some((privilege) => !actual.includes(privilege))) {
        add({
          kind: 'grant',
          action: 'add',
          name: `grants on ${sequence.text} to ${role}`,
          before: actual.join(', '),
          after: wanted.join(', '),
          as: sequence.owner,
          sql: [`GRANT USAGE ON SEQUENCE ${sequence.text} TO ${who(role)}`],
        });
      }
    }
  }
}
