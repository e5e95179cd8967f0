/** Who gains and who loses when a plan is applied: the answer a reviewer wants before protection is switched on. Pure. */
import type { BoundRegistry } from '../compiler/bound';
import type { Desired, DesiredRelation } from '../compiler/desired';
import type { Change } from './change';
import type { Identity } from './identity';
import type { Observed } from './observed';

export interface Impact {
  readonly role: string;
  readonly effect: 'gains' | 'loses' | 'narrows';
  /** Relations as `schema.name`. */
  readonly relations: readonly string[];
  /** For people: `reads 14 tables today without a registry entry: it will see nothing`. */
  readonly sentence: string;
}

const READS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

export function impact(
  bound: BoundRegistry,
  desired: Desired,
  observed: Observed,
  changes: readonly Change[],
  identity: Identity,
): Impact[] {
  const units = new Set(changes.map((change) => change.unit));
  const replaced = new Set(
    changes.filter((change) => change.kind === 'foreign-policy').map((change) => change.unit),
  );
  const sees = new Map(bound.registry.roles.map((role) => [role.name, role.sees]));
  const migration = bound.registry.migrations?.login;
  const groups = new Map<
    string,
    { role: string; effect: Impact['effect']; sentence: (n: string) => string; relations: string[] }
  >();
  const note = (
    role: string,
    effect: Impact['effect'],
    why: string,
    relation: DesiredRelation,
    sentence: (n: string) => string,
  ) => {
    const key = JSON.stringify([role, effect, why]);
    const group = groups.get(key) ?? { role, effect, sentence, relations: [] };
    groups.set(key, group);
    group.relations.push(relation.relation.text);
  };
  for (const relation of desired.relations) {
    if (!units.has(relation.relation.text)) continue;
    const before = new Map(
      (observed.relations.get(relation.relation.oid)?.grants ?? []).map(({ role, privileges }) => [
        role,
        privileges,
      ]),
    );
    const open = !relation.relation.rowSecurity;
    const closes = relation.rowSecurity === true && open;
    const closesForStrangers = closes || replaced.has(relation.relation.text);
    for (const [role, privileges] of before) {
      const held = privileges
        .map((privilege) => privilege.replace('*', ''))
        .filter((privilege) => READS.has(privilege));
      if (held.length === 0) continue;
      const after = relation.grants.get(role);
      if (after === undefined) {
        if (closesForStrangers)
          note(
            role,
            'loses',
            'unknown',
            relation,
            (n) => `reads ${n} today without being in the registry: it will see nothing`,
          );
      } else if (after.length === 0) {
        note(role, 'loses', relation.mode, relation, (n) =>
          relation.mode === 'sealed'
            ? `reads ${n} today without a registry entry: it will see nothing`
            : `loses its grants on ${n}`,
        );
      } else if (closes && sees.has(role)) {
        note(
          role,
          'narrows',
          'sees',
          relation,
          (n) => `reads every row of ${n} today: it will see ${sees.get(role)}`,
        );
      }
    }
    for (const [role, after] of relation.grants) {
      if (after.length > 0 && (before.get(role) ?? []).length === 0) {
        note(role, 'gains', 'sees', relation, (n) =>
          relation.rowSecurity ? `gains ${n} (${sees.get(role)})` : `gains all rows of ${n}`,
        );
      }
    }
    const owner = relation.relation.owner;
    if (relation.rowSecurity && !(open === false && relation.relation.forceRowSecurity)) {
      // Row security does not bind a superuser, as owner or otherwise.
      if (owner === migration || (identity.superuser && owner === identity.login)) continue;
      note(
        owner,
        'loses',
        'owner',
        relation,
        (n) =>
          `owns ${n} and reads them today: its statements will be refused (TZ010); declare the login that migrates data under migrations: { login: ... }`,
      );
    }
  }
  return [...groups.values()].map(({ role, effect, sentence, relations }) => ({
    role,
    effect,
    relations,
    sentence: `role ${role} ${sentence(relations.length === 1 ? (relations[0] as string) : `${relations.length} relations`)}`,
  }));
}
