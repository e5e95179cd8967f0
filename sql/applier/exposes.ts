/** What letting a role in would show it, as long as some tables are not done. Pure. */
import type { Change } from '../planner/change';
import type { Plan } from '../planner/plan';

/**
 * Relations that are not done and on which the role, or PUBLIC, holds grants from before. `USAGE on schema x` shows those
 * of the schema, `LOGIN` and `CONNECT` show all.
 */
export function exposes(plan: Plan, opening: Change, unfinished: ReadonlySet<string>): string[] {
  const role = opening.after !== undefined && opening.kind === 'grant' ? opening.after : roleOf(opening);
  const schema = opening.kind === 'grant' ? /^USAGE on schema (.*) to /.exec(opening.name)?.[1] : undefined;
  return plan.desired.relations
    .filter(({ relation }) => unfinished.has(relation.text))
    .filter(({ relation }) => schema === undefined || relation.table.schema === schema)
    .filter(({ relation }) => {
      const held = plan.observed.relations.get(relation.oid);
      return [...(held?.grants ?? []), ...(held?.columnGrants ?? [])].some(
        (grant) => grant.role === role || grant.role === 'PUBLIC',
      );
    })
    .map(({ relation }) => relation.text);
}

/** `connect app_backend`, `app_backend LOGIN` */
function roleOf({ kind, name }: Change): string {
  return kind === 'connect' ? name.slice('connect '.length) : name.slice(0, -' LOGIN'.length);
}
