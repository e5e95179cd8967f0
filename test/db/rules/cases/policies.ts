import type { RuleCase } from '../case';

export const policies: readonly RuleCase[] = [
  {
    rule: 'TZ108',
    fault: 'a dropped restrictive policy',
    plant: 'drop policy tenant_zero_restrict_app_backend on public.employees',
    key: 'public.employees to app_backend',
    fix: `create policy tenant_zero_restrict_app_backend on public.employees as restrictive to app_backend
      using (organization_id = (select guard.current_organization()))`,
  },
  {
    rule: 'TZ109',
    fault: 'a dropped owner policy',
    plant: 'drop policy tenant_zero_owner on public.employees',
    key: 'public.employees',
    fix: 'create policy tenant_zero_owner on public.employees to platform_owner using (guard.owner_may())',
  },
  {
    rule: 'TZ110',
    fault: 'a permissive policy for PUBLIC',
    plant: 'create policy "read all" on public.employees using (true)',
    key: 'public.employees "read all"',
  },
  {
    rule: 'TZ110',
    fault: 'a permissive policy for PUBLIC on an unregistered table',
    setup: 'create table public.audit (line text)',
    plant: 'create policy anyone on public.audit for select using (true)',
    key: 'public.audit anyone',
  },
  {
    rule: 'TZ111',
    fault: 'a policy for the owner',
    plant: 'create policy backfill on public.employees to platform_owner using (true)',
    key: 'public.employees backfill',
  },
  {
    rule: 'TZ111',
    fault: 'a policy for a role that the owner belongs to',
    setup: 'grant reporting to platform_owner',
    plant: 'create policy reports on public.employees to reporting using (true)',
    key: 'public.employees reports',
  },
  {
    rule: 'TZ112',
    fault: 'a foreign policy for a registry role',
    plant: 'create policy old_policy on public.employees to app_backend using (true)',
    key: 'public.employees old_policy',
  },
  {
    rule: 'TZ112',
    fault: 'a foreign policy for a role that the registry does not know',
    plant: 'create policy reports on public.employees for select to reporting using (true)',
    key: 'public.employees reports',
  },
  {
    rule: 'TZ113',
    fault: 'a foreign restrictive policy',
    plant: `create policy office_hours on public.employees as restrictive using (name <> 'x')`,
    key: 'public.employees office_hours',
  },
  {
    rule: 'TZ114',
    fault: 'a policy of ours altered to true',
    plant: 'alter policy tenant_zero_permit_support_shell on public.employees using (true)',
    key: 'public.employees tenant_zero_permit_support_shell',
    fix: `alter policy tenant_zero_permit_support_shell on public.employees
      using (organization_id <> all ((select guard.hidden_organizations())::uuid[]))`,
  },
  {
    rule: 'TZ114',
    fault: 'an owner policy altered to true',
    plant: 'alter policy tenant_zero_owner on public.employees using (true)',
    key: 'public.employees tenant_zero_owner',
    fix: 'alter policy tenant_zero_owner on public.employees using (guard.owner_may())',
  },
];
