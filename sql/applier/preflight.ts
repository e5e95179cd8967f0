/** What the applying login must be able to do. Everything that is missing is said at once, before anything changes. */
import { GUARD_OWNER } from '../compiler/our-names';
import { CommandError } from '../db/errors';
import { ident } from '../db/names';
import { GUARD_UNIT, ROLES_UNIT } from '../planner/change';
import type { Plan } from '../planner/plan';

/** Throws CommandError `missing-privilege` with one statement per thing that an administrator has to grant. */
export function preflight(plan: Plan): void {
  const { identity, changes } = plan;
  if (identity.superuser) return;
  const login = ident(identity.login);
  const missing = new Set<string>();
  const creates = changes.some(
    (change) => change.unit === ROLES_UNIT && change.kind === 'role' && change.action === 'add',
  );
  if (creates && !identity.createRole) missing.add(`ALTER ROLE ${login} CREATEROLE`);
  if (
    changes.some((change) => change.unit === GUARD_UNIT && change.kind === 'schema') &&
    !identity.createSchema
  ) {
    missing.add(`GRANT CREATE ON DATABASE ${ident(plan.bound.database)} TO ${login}`);
  }
  const guardExists = plan.observed.roles.has(GUARD_OWNER);
  if (guardExists && !identity.canSet.has(GUARD_OWNER) && !identity.createRole)
    missing.add(`GRANT ${GUARD_OWNER} TO ${login}`);
  for (const change of changes) {
    if (change.sql.length === 0 || change.as === undefined || change.as === GUARD_OWNER) continue;
    if (!identity.canSet.has(change.as) && !identity.inherits.has(change.as))
      missing.add(`GRANT ${ident(change.as)} TO ${login}`);
  }
  if (missing.size > 0) {
    throw new CommandError(
      'missing-privilege',
      `login ${identity.login} cannot apply this registry: it lacks ${missing.size === 1 ? 'a privilege' : `${missing.size} privileges`}`,
      `as an administrator: ${[...missing].join('; ')}`,
    );
  }
}
