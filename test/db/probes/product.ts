/** The product of `schema.sql` in a database of its own, protected by the engine: what probes are tested on. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { apply } from '../../../sql/applier/apply';
import { bind } from '../../../sql/compiler/bind';
import type { BoundRegistry } from '../../../sql/compiler/bound';
import { bootstrap } from '../../../sql/db/bootstrap';
import { createDatabase, urlFor, withClient } from '../../support/database';
import { registryOf } from '../../support/engine';
import { PASSWORDS } from '../../support/platform';

/** Roles of this test alone: the cluster is shared. */
export const ROLES = {
  tenant: 'probed_tenant',
  staff: 'probed_staff',
  support: 'probed_support',
  all: 'probed_all',
  none: 'probed_none',
  reader: 'probed_reader',
} as const;

export const REGISTRY = `
organizations: { table: public.organizations, id: id, sensitive: is_sensitive, own: is_own }
assignments: { table: public.staff_assignments, person: staff_id, organization: organization_id }
roles:
  ${ROLES.tenant}: { sees: current-organization, verbs: [select, insert, update, delete] }
  ${ROLES.staff}: { sees: assigned-organizations, verbs: [select, insert, update, delete] }
  ${ROLES.support}: { sees: non-sensitive, verbs: [select, insert, update, delete] }
  ${ROLES.all}: { sees: everything, verbs: [select, insert, update, delete] }
  ${ROLES.none}: { sees: nothing, verbs: [select] }
  ${ROLES.reader}: { sees: current-organization, verbs: [select] }
tables:
  public.staff_assignments: { organization: organization_id }
  public.settings: { organization: organization_id }
  public.employees: { organization: organization_id }
  public.payslips: { organization: organization_id }
  public.notes: { via: employee_id }
  public.memberships: { organization: organization_id }
  public.users: { through: { table: public.memberships, column: user_id } }
  public.partnerships: { organization: [from_organization_id, to_organization_id] }
  public.events: { organization: organization_id }
views:
  public.employee_list: { grants: { ${ROLES.tenant}: [select] } }
excluded:
  public.plans: { reason: the same for all, owner: test, until: 2099-12-31 }
  public.currencies: { reason: the same for all, owner: test, until: 2099-12-31, grants: { ${ROLES.tenant}: [select] } }
  public.staff: { reason: our own people, owner: test, until: 2099-12-31 }
`;

export const SCHEMA = readFileSync(path.join(__dirname, 'schema.sql'), 'utf8');

let template: Promise<string> | undefined;

/** A database owned by `platform_owner`; the schema is loaded, nothing is protected yet. */
export async function unprotected(schema: string): Promise<string> {
  const name = await createDatabase();
  await withClient(urlFor(name), async (client) => {
    await bootstrap(client, { database: name, passwords: PASSWORDS });
    await client.query(`set role platform_owner; ${schema}; reset role`);
  });
  return name;
}

/** The login that applies and probes: not a superuser, so that row security is in force all the way. */
export function asApplier<T>(database: string, use: (client: Client) => Promise<T>): Promise<T> {
  return withClient(
    urlFor(database, { user: 'registry_applier', password: PASSWORDS.registry_applier }),
    use,
  );
}

async function makeTemplate(): Promise<string> {
  const name = await unprotected(SCHEMA);
  await asApplier(name, (client) => apply(client, registryOf(REGISTRY)));
  return name;
}

/** A copy of the protected product in which `fault` has been run, as a superuser. */
export async function product<T>(
  fault: string,
  use: (client: Client, bound: BoundRegistry) => Promise<T>,
  yaml = REGISTRY,
): Promise<T> {
  template ??= makeTemplate();
  const name = await createDatabase({ template: await template });
  await withClient(urlFor(name), async (client) => {
    await bootstrap(client, { database: name });
    await client.query(fault);
  });
  return asApplier(name, async (client) => use(client, await boundOf(client, yaml)));
}

export async function boundOf(client: Client, yaml: string): Promise<BoundRegistry> {
  const bound = await bind(client, registryOf(yaml));
  if ('problems' in bound) throw new Error(bound.problems.map((each) => each.message).join('\n'));
  return bound.bound;
}
