import type { RuleCase } from '../case';
import { protect } from '../fixture';

export const protection: readonly RuleCase[] = [
  {
    rule: 'TZ101',
    fault: 'a registered table without row security',
    plant: 'alter table public.employees disable row level security',
    key: 'public.employees',
  },
  {
    rule: 'TZ101',
    fault: 'a table with a quoted name',
    setup: `create table public."Order Lines" (organization_id uuid not null references public.organizations);
      ${protect('public."Order Lines"')}`,
    register: { registered: { 'public."Order Lines"': { kind: 'direct', columns: ['organization_id'] } } },
    plant: 'alter table public."Order Lines" disable row level security',
    key: 'public."Order Lines"',
  },
  {
    rule: 'TZ102',
    fault: 'a registered table whose owner is exempt',
    plant: 'alter table public.employees no force row level security',
    key: 'public.employees',
  },
  {
    rule: 'TZ103',
    fault: 'a new partition',
    plant: `create table public.events_2027 partition of public.events for values from ('2027-01-01') to ('2028-01-01')`,
    key: 'public.events_2027',
  },
  {
    rule: 'TZ103',
    fault: 'a table that inherits',
    plant:
      'create table public.contractors () inherits (public.employees); alter table public.contractors enable row level security',
    key: 'public.contractors',
  },
  {
    rule: 'TZ104',
    fault: 'a partition granted to a registry role',
    plant: 'grant select on public.events_2026 to app_backend',
    key: 'public.events_2026 to app_backend',
  },
  {
    rule: 'TZ104',
    fault: 'a partition granted to somebody else',
    plant: 'grant select on public.events_2026 to reporting',
    key: 'public.events_2026 to reporting',
    severity: 'warning',
  },
  {
    rule: 'TZ105',
    fault: 'a table in no list',
    plant: 'create table public.audit (line text)',
    key: 'public.audit',
    fix: 'drop table public.audit',
  },
  {
    rule: 'TZ105',
    fault: 'a view in no list',
    plant: 'create view public.names as select name from public.employees',
    key: 'public.names',
    severity: 'warning',
    fix: 'drop view public.names',
  },
  {
    rule: 'TZ106',
    fault: 'an unregistered table granted to a registry role',
    setup: 'create table public.audit (line text)',
    plant: 'grant select on public.audit to support_shell',
    key: 'public.audit to support_shell',
  },
  {
    rule: 'TZ106',
    fault: 'one column of an unregistered table granted to somebody else',
    setup:
      'create table public.audit (line text); alter table public.audit enable row level security, force row level security',
    plant: 'grant select (line) on public.audit to reporting',
    key: 'public.audit to reporting',
    severity: 'warning',
  },
  {
    rule: 'TZ107',
    fault: 'an unregistered table without forced row security',
    plant: 'create table public.audit (line text)',
    key: 'public.audit',
  },
  {
    rule: 'TZ115',
    fault: 'a registered table made the child of another',
    plant: 'create table public.people (name text); alter table public.employees inherit public.people',
    key: 'public.employees under public.people',
  },
  {
    rule: 'TZ115',
    fault: 'a registered table attached as a partition',
    setup: `create table public.letters (organization_id uuid not null, sent date not null); ${protect('public.letters')}`,
    register: { registered: { 'public.letters': { kind: 'direct', columns: ['organization_id'] } } },
    plant: `create table public.all_letters (organization_id uuid not null, sent date not null) partition by range (sent);
      alter table public.all_letters attach partition public.letters for values from ('2026-01-01') to ('2027-01-01')`,
    key: 'public.letters under public.all_letters',
  },
  {
    rule: 'TZ124',
    fault: 'an excluded table with a foreign key to the organizations',
    plant: `alter table public.currencies add column made_for uuid;
      alter table public.currencies add constraint made_for foreign key (made_for) references public.organizations`,
    key: 'public.currencies made_for',
    fix: 'alter table public.currencies drop constraint made_for',
  },
];
