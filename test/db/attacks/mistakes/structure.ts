import type { Mistake } from './mistake';

/** Columns, keys, constraints, and what stands in the guard's tables. */
export const structure: readonly Mistake[] = [
  {
    what: 'an organization column that may be empty',
    plant: 'alter table public.jobs drop constraint jobs_pkey, alter column organization_id drop not null',
    undo: 'alter table public.jobs add primary key (organization_id, id)',
    finds: 'TZ184 public.jobs.organization_id',
  },
  {
    what: 'a foreign key without the organization',
    plant:
      'alter table public.jobs add column employee_id uuid; alter table public.jobs add constraint m_job_employee foreign key (employee_id) references public.employees (id)',
    undo: 'alter table public.jobs drop column employee_id',
    finds: 'TZ180 public.jobs m_job_employee',
  },
  {
    what: 'a cascade that does not carry the organization',
    plant:
      'alter table public.surveys add column employee_id uuid; alter table public.surveys add constraint m_cascade foreign key (employee_id) references public.employees (id) on delete set null',
    undo: 'alter table public.surveys drop column employee_id',
    finds: 'TZ181 public.surveys m_cascade',
  },
  {
    what: 'a cascade from an excluded table',
    plant:
      'alter table public.payslips drop constraint payslips_currency_fkey; alter table public.payslips add constraint m_currency foreign key (currency) references public.currencies (code) on delete cascade',
    undo: 'alter table public.payslips drop constraint m_currency; alter table public.payslips add constraint payslips_currency_fkey foreign key (currency) references public.currencies (code)',
    finds: 'TZ182 public.payslips m_currency',
  },
  {
    what: 'a unique constraint over all organizations',
    plant: 'alter table public.employees add constraint m_email unique (email)',
    undo: 'alter table public.employees drop constraint m_email',
    finds: 'TZ183 public.m_email',
  },
  {
    what: 'a unique index on an expression over all organizations',
    plant: 'create unique index m_expression on public.departments (lower(name))',
    undo: 'drop index public.m_expression',
    finds: 'TZ183 public.m_expression',
  },
  {
    what: 'an exclusion constraint over all organizations',
    plant:
      'alter table public.room_bookings add constraint m_exclusion exclude using gist (room_id with =, during with &&)',
    undo: 'alter table public.room_bookings drop constraint m_exclusion',
    finds: 'TZ183 public.m_exclusion',
  },
  {
    what: 'the foreign key to the organizations dropped',
    plant: 'alter table public.rooms drop constraint rooms_organization_id_fkey',
    undo: 'alter table public.rooms add constraint rooms_organization_id_fkey foreign key (organization_id) references public.organizations (id)',
    finds: 'TZ185 public.rooms.organization_id',
  },
  {
    what: 'a foreign key that is not enforced',
    plant:
      'alter table public.attachments alter constraint attachments_organization_id_employee_id_fkey not enforced',
    undo: 'alter table public.attachments alter constraint attachments_organization_id_employee_id_fkey enforced',
    finds: 'TZ189 public.attachments attachments_organization_id_employee_id_fkey',
  },
  {
    what: 'a foreign key that was never checked',
    plant:
      'alter table public.line_notes drop constraint line_notes_organization_id_payslip_line_id_fkey; alter table public.line_notes add constraint m_unchecked foreign key (organization_id, payslip_line_id) references public.payslip_lines (organization_id, id) not valid',
    undo: 'alter table public.line_notes drop constraint m_unchecked; alter table public.line_notes add constraint line_notes_organization_id_payslip_line_id_fkey foreign key (organization_id, payslip_line_id) references public.payslip_lines (organization_id, id)',
    finds: 'TZ189 public.line_notes m_unchecked',
  },
  {
    what: 'an index of the organization dropped',
    plant:
      'alter table public.departments drop constraint departments_organization_id_name_key; alter table public.employees drop constraint employees_organization_id_department_id_fkey; alter table public.departments drop constraint departments_pkey',
    undo: 'alter table public.departments add primary key (organization_id, id), add unique (organization_id, name); alter table public.employees add foreign key (organization_id, department_id) references public.departments (organization_id, id)',
    finds: 'TZ187 public.departments',
  },
  {
    what: 'a hidden organization taken off the list that policies read',
    alone: true,
    plant: `update guard.hidden set organizations = '{}', members = 0`,
    finds: 'TZ100 guard guard.hidden',
  },
  {
    what: 'the list that policies read emptied altogether',
    alone: true,
    plant: 'delete from guard.hidden',
    finds: 'TZ100 guard guard.hidden',
  },
  {
    what: 'a sensitive organization taken off the list',
    alone: true,
    plant: `delete from guard.sensitive_organizations`,
    finds: 'TZ100 guard guard.sensitive_organizations',
  },
  {
    what: 'a flag that was cleared by rewriting the table',
    alone: true,
    plant: `alter table public.organizations disable trigger user; update public.organizations set is_sensitive = false where slug = 'clinic'; alter table public.organizations enable trigger user; alter table public.organizations enable always trigger zz_tenant_zero_flag; alter table public.organizations enable always trigger zz_tenant_zero_flag_truncate; alter table public.organizations enable always trigger tenant_zero_sync; alter table public.organizations enable always trigger tenant_zero_truncate; alter table public.organizations enable always trigger tenant_zero_read_only`,
    undo: `alter table public.organizations disable trigger user; update public.organizations set is_sensitive = true where slug = 'clinic'; alter table public.organizations enable trigger user; alter table public.organizations enable always trigger zz_tenant_zero_flag; alter table public.organizations enable always trigger zz_tenant_zero_flag_truncate; alter table public.organizations enable always trigger tenant_zero_sync; alter table public.organizations enable always trigger tenant_zero_truncate; alter table public.organizations enable always trigger tenant_zero_read_only`,
    finds: 'TZ100 guard sensitive flags that were cleared',
  },
  {
    what: 'a row that says what was applied gone',
    alone: true,
    plant: 'delete from guard.state',
    undo: `insert into guard.state (key_type) values ('uuid')`,
    finds: 'TZ100 guard guard.state row',
  },
  {
    what: 'extended statistics',
    plant: 'create statistics public.m_stats (mcv) on kind, run_at from public.jobs',
    undo: 'drop statistics public.m_stats',
    finds: 'TZ176 public.m_stats',
  },
  {
    what: 'a job payload that may name another organization',
    plant: 'alter table public.jobs drop constraint payload_is_of_the_organization',
    undo: `alter table public.jobs add constraint payload_is_of_the_organization check (not payload ? 'organization_id' or payload ->> 'organization_id' is not distinct from organization_id::text)`,
    finds: 'TZ179 public.jobs.payload',
  },
  {
    what: 'an excluded table that came to belong to somebody',
    plant:
      'alter table public.plans add column made_for uuid; alter table public.plans add constraint m_made_for foreign key (made_for) references public.organizations (id)',
    undo: 'alter table public.plans drop column made_for',
    finds: 'TZ124 public.plans m_made_for',
  },
  {
    what: 'an organization column that was never checked for NULL',
    plant:
      'alter table public.line_notes drop constraint line_notes_pkey, alter column organization_id drop not null; alter table public.line_notes add constraint m_not_null not null organization_id not valid',
    undo: 'alter table public.line_notes drop constraint m_not_null; alter table public.line_notes add primary key (organization_id, id)',
    finds: 'TZ189 public.line_notes m_not_null',
  },
];
