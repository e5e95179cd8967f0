/** What the applying login must be able to do. Everything that is missing is said at once, before anything changes. */
import { GUARD_OWNER } from '../compiler/our-names';
import { CommandError } from '../db/errors';
import { ident } from '../db/names';
import { type Change, ROLES_UNIT } from '../planner/change';
import type { Plan } from '../planner/plan';

/** Throws CommandError `missing-privilege` with one statement per thing that an administrator has to grant. */
export function preflight(plan: Plan, changes: readonly Change[]): void {
  const { identity, observed, bound } = plan;
  if (identity.superuser) return;
  const login = ident(identity.login);
  const missing = new Set<string>();
  const creates = changes.some(
    (change) => change.unit === ROLES_UNIT && change.kind === 'role' && change.action === 'add',
  );
  if (creates && !identity.createRole) missing.add(`ALTER ROLE ${login} CREATEROLE`);
  // The schemas guard and vault, and the schema on which expressions are printed and rolled back.
  if (!identity.createSchema) missing.add(`GRANT CREATE ON DATABASE ${ident(bound.database)} TO ${login}`);
  if (
    observed.roles.has(GUARD_OWNER) &&
    !identity.canSet.has(GUARD_OWNER) &&
    !identity.canAdmin.has(GUARD_OWNER)
  )
    missing.add(`GRANT ${GUARD_OWNER} TO ${login}`);
  for (const change of changes) {
    if (change.needs !== undefined && !change.needs.startsWith(`GRANT ${GUARD_OWNER} `))
      missing.add(change.needs);
    const role = change.as;
    if (change.sql.length === 0 || role === undefined || role === GUARD_OWNER) continue;
    if (identity.canSet.has(role) || identity.inherits.has(role)) continue;
    // Nobody should become a superuser for this: the object gets another owner.
    if (identity.superusers.has(role)) missing.add(otherOwner(plan, change));
    else missing.add(`GRANT ${ident(role)} TO ${login}`);
  }
  if (missing.size > 0) {
    throw new CommandError(
      'missing-privilege',
      `login ${identity.login} cannot apply this registry: it lacks ${missing.size === 1 ? 'a privilege' : `${missing.size} privileges`}`,
      `as an administrator: ${[...missing].join('; ')}`,
    );
  }
}

function otherOwner({ desired, bound, identity }: Plan, { unit, sql }: Change): string {
  const relation = desired.relations.find((each) => each.relation.text === unit)?.relation;
  if (!relation) return sql.join('; ');
  const owner = bound.registry.owner ?? bound.organizations.relation.owner;
  const fit = owner === relation.owner || identity.superusers.has(owner) ? identity.login : owner;
  const kind = { r: 'TABLE', p: 'TABLE', v: 'VIEW', m: 'MATERIALIZED VIEW', f: 'FOREIGN TABLE' }[
    relation.kind
  ];
  return `ALTER ${kind} ${unit} OWNER TO ${ident(fit)}`;
}
