/** A registry that uses everything, and small ones to plant mistakes in. */
import { parseRegistry } from '../../../sql/registry';
import type { Problem, Registry } from '../../../sql/registry/types';

export const FILE = 'registry.yaml';
export const TODAY = '2026-07-01';

export const FULL = `# yaml-language-server: $schema=./registry/registry.schema.json
organizations:
  table: public.organizations
  id: id
  sensitive: is_sensitive
  own: is_own
  gate: sensitive_gate
  grants: { app_backend: [select, update] }
  replaces: ['*_tenant_id']
  samples: { plan: "'free'" }
assignments: { table: access.staff_assignments, person: staff_id, organization: organization_id }
owner: platform_owner
migrations: { login: migrator }
appliers: [registry_applier]
fail_on: error
roles:
  app_backend: { sees: current-organization, login: true, settings: { statement_timeout: 30s, work_mem: 64 } }
  staff_admin: { sees: assigned-organizations, verbs: [update, select, select] }
  support_shell: { sees: non-sensitive, verbs: [select] }
  break_glass: { sees: everything }
  sensitive_gate: { sees: nothing }
  ledger_reader: { sees: nothing }
tables:
  public.employees: { organization: organization_id }
  public.legacy_notes: { via: employee_id }
  public.lines: { via: [document_id, document_version] }
  public.partnerships: { organization: [from_organization_id, to_organization_id] }
  public.users: { through: { table: public.memberships, column: user_id } }
  memberships: { organization: organization_id }
  '"Core"."Work Space"': { organization: organizationId }
  Crm.Deals: { through: { table: '"Crm".parts', columns: [org_id, deal_id] } }
  public.documents:
    organization: organization_id
    grants: { support_shell: [select], app_backend: [] }
    replaces: ['*_tenant_id']
    samples: { kind: "'x'" }
    search: [{ column: title, operator: ilike }]
excluded:
  public.currencies: { reason: the same for every tenant, owner: platform, until: 2027-06-30, grants: { app_backend: [select] } }
  public.rates: { reason: published, owner: platform, until: ${TODAY} }
views:
  public.directory: { grants: { app_backend: [select] } }
undecided:
  public.odd: { because: two ways lead to the organizations, choices: [{ via: a }, anything] }
acknowledged:
  - { rule: TZ121, on: ['public.*'], reason: known, owner: platform, until: 2027-01-31 }
  - { rule: TZ122, on: x, reason: known, owner: platform, until: 2027-01-31 }
administrators: [tz_master]
approvals: { auditor: ledger_reader, max_minutes: 120 }
`;

/** Three lines; what a test adds begins in line 4. */
export const HEAD = `organizations: { table: organizations, id: id, sensitive: managed }
roles:
  app_backend: { sees: current-organization }
`;

export function parsed(text: string): Registry {
  const result = parseRegistry(text, FILE, TODAY);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.registry;
}

export function problemsOf(text: string): readonly Problem[] {
  const result = parseRegistry(text, FILE, TODAY);
  return 'problems' in result ? result.problems : [];
}
