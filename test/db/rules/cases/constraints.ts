import type { RuleCase } from '../case';

const organization = 'organization_id uuid not null references public.organizations';
const direct = { kind: 'direct', columns: ['organization_id'] } as const;

/** Teams with a key of their own, so that another table can point at one without naming its organization. */
const teams = `create table public.teams (${organization}, id uuid unique, primary key (organization_id, id));
  create table public.desks (${organization}, id uuid, team_id uuid, primary key (organization_id, id))`;
const registered = { 'public.teams': direct, 'public.desks': direct };
const key = 'public.desks desks_team';
const teamKey = (action: string) =>
  `alter table public.desks add constraint desks_team foreign key (team_id) references public.teams (id) ${action}`;
const composite = `alter table public.desks drop constraint desks_team, add constraint desks_team
  foreign key (organization_id, team_id) references public.teams (organization_id, id) on delete cascade`;

export const constraints: readonly RuleCase[] = [
  {
    rule: 'TZ180',
    fault: 'a foreign key that leaves the organization out',
    setup: teams,
    register: { registered },
    plant: teamKey(''),
    key,
    fix: composite,
  },
  {
    rule: 'TZ180',
    fault: 'the second foreign key of a table that belongs through its first',
    setup: `${teams}; create table public.notes (team_id uuid not null references public.teams (id), other_id uuid)`,
    register: { registered: { ...registered, 'public.notes': { kind: 'via', columns: ['team_id'] } } },
    plant:
      'alter table public.notes add constraint notes_other foreign key (other_id) references public.teams (id)',
    key: 'public.notes notes_other',
    fix: 'alter table public.notes drop constraint notes_other',
  },
  {
    rule: 'TZ181',
    fault: 'a deletion that cascades',
    setup: teams,
    register: { registered },
    plant: teamKey('on delete cascade'),
    key,
    fix: composite,
  },
  {
    rule: 'TZ181',
    fault: 'a deletion that sets NULL',
    setup: teams,
    register: { registered },
    plant: teamKey('on delete set null on update cascade'),
    key,
    fix: composite,
  },
  {
    rule: 'TZ182',
    fault: 'a cascade from an excluded table',
    setup: 'alter table public.employees add column currency text',
    plant: `alter table public.employees add constraint employees_currency
      foreign key (currency) references public.currencies on delete cascade`,
    key: 'public.employees employees_currency',
    fix: 'alter table public.employees drop constraint employees_currency',
  },
  {
    rule: 'TZ182',
    fault: 'a cascade into an excluded table',
    setup: 'alter table public.currencies add column organization_id uuid',
    plant: `alter table public.currencies add constraint currencies_organization
      foreign key (organization_id) references public.organizations on delete set null`,
    key: 'public.currencies currencies_organization',
    fix: 'alter table public.currencies drop constraint currencies_organization',
  },
  {
    rule: 'TZ183',
    fault: 'a unique constraint across organizations',
    plant: 'alter table public.employees add constraint employees_name unique (name)',
    key: 'public.employees_name',
    fix: `alter table public.employees drop constraint employees_name,
      add constraint employees_name unique (organization_id, name)`,
  },
  {
    rule: 'TZ183',
    fault: 'a unique index over an expression',
    plant: 'create unique index employees_name on public.employees (lower(name))',
    key: 'public.employees_name',
    fix: 'drop index public.employees_name',
  },
  {
    rule: 'TZ183',
    fault: 'a generated key',
    plant:
      'alter table public.employees add column number bigint generated always as identity constraint employees_number unique',
    key: 'public.employees_number',
    severity: 'info',
    fix: 'alter table public.employees drop constraint employees_number',
  },
  {
    rule: 'TZ184',
    fault: 'an organization column that may be NULL',
    setup: 'create table public.files (organization_id uuid not null)',
    register: { registered: { 'public.files': direct } },
    plant: 'alter table public.files alter column organization_id drop not null',
    key: 'public.files.organization_id',
  },
  {
    rule: 'TZ185',
    fault: 'an organization column without a foreign key',
    setup: `create table public.files (${organization})`,
    register: { registered: { 'public.files': direct } },
    plant: 'alter table public.files drop constraint files_organization_id_fkey',
    key: 'public.files.organization_id',
  },
  {
    rule: 'TZ186',
    fault: 'an organization column of another type',
    setup: 'create table public.files (organization_id uuid)',
    register: { registered: { 'public.files': direct } },
    plant: 'alter table public.files alter column organization_id type text',
    key: 'public.files.organization_id',
  },
  {
    rule: 'TZ187',
    fault: 'a table without an index on its organization column',
    setup:
      'create table public.files (organization_id uuid, path text); create index files_o on public.files (organization_id, path)',
    register: { registered: { 'public.files': direct } },
    plant: 'drop index public.files_o',
    key: 'public.files',
  },
  {
    rule: 'TZ188',
    fault: 'a flag that a registry role may update',
    setup:
      'grant update (is_sensitive) on public.organizations to sensitive_gate; grant update (name) on public.organizations to app_backend',
    plant: 'grant update (is_sensitive) on public.organizations to app_backend',
    key: 'public.organizations.is_sensitive to app_backend',
    severity: 'warning',
  },
  {
    rule: 'TZ188',
    fault: 'a key that a registry role may update without a trigger to stop it',
    setup: 'drop trigger zz_tenant_zero_flag on public.organizations',
    plant: 'grant update (id) on public.organizations to app_backend',
    key: 'public.organizations.id to app_backend',
  },
  {
    rule: 'TZ179',
    fault: 'a job whose payload nobody compares with its organization',
    setup: `create table public.jobs (organization_id uuid not null, id uuid, payload jsonb, primary key (organization_id, id),
      constraint same check (payload ->> 'organization_id' = organization_id::text))`,
    register: { registered: { 'public.jobs': { kind: 'direct', columns: ['organization_id'] } } },
    plant: 'alter table public.jobs drop constraint same',
    key: 'public.jobs.payload',
  },
  {
    rule: 'TZ189',
    fault: 'a foreign key that was never validated',
    plant: `alter table public.payslips drop constraint payslips_employee;
      alter table public.payslips add constraint payslips_employee foreign key (organization_id, employee_id)
        references public.employees not valid`,
    key: 'public.payslips payslips_employee',
  },
  {
    rule: 'TZ189',
    fault: 'a foreign key that is not enforced',
    plant: 'alter table public.payslips alter constraint payslips_employee not enforced',
    key: 'public.payslips payslips_employee',
  },
];
