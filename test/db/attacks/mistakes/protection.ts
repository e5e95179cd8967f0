import type { Mistake } from './mistake';

const ACME = '00000000-0000-4000-8000-00000000000a';

/** Row security, policies, triggers, rules, partitions, children, unregistered relations. */
export const protection: readonly Mistake[] = [
  {
    what: 'row security switched off',
    plant: 'alter table public.payslips disable row level security',
    finds: 'TZ101 public.payslips',
  },
  {
    what: 'row security not forced',
    plant: 'alter table public.departments no force row level security',
    finds: 'TZ102 public.departments',
  },
  {
    what: 'a partition whose row security is off',
    plant: 'alter table public.events_2026_11 disable row level security',
    finds: 'TZ103 public.events_2026_11',
  },
  {
    what: 'a partition that is granted directly',
    plant: 'grant select on public.events_other to support_shell',
    finds: 'TZ104 public.events_other to support_shell',
  },
  {
    what: 'a new partition that nobody protected',
    plant: `create table public.events_2027_02 partition of public.events for values from ('2027-02-01 00:00:00+00') to ('2027-03-01 00:00:00+00')`,
    undo: 'drop table public.events_2027_02',
    finds: 'TZ103 public.events_2027_02',
  },
  {
    what: 'a partition that was attached from elsewhere',
    plant: `create table public.m_attached (like public.events including all); alter table public.events attach partition public.m_attached for values from ('2027-04-01 00:00:00+00') to ('2027-05-01 00:00:00+00')`,
    undo: 'drop table public.m_attached',
    finds: 'TZ103 public.m_attached',
  },
  {
    what: 'a partition that was detached and is now a table of nobody',
    plant: 'alter table public.events detach partition public.events_2027_01',
    undo: `alter table public.events attach partition public.events_2027_01 for values from ('2027-01-01 00:00:00+00') to ('2027-02-01 00:00:00+00')`,
    finds: 'TZ105 public.events_2027_01',
  },
  {
    what: 'a table that inherits from a registered one',
    plant: 'create table public.m_heir () inherits (public.departments)',
    undo: 'drop table public.m_heir',
    finds: 'TZ103 public.m_heir',
  },
  {
    what: 'a parent above a registered table',
    plant:
      'create table public.m_above (organization_id uuid not null, id uuid not null); grant select on public.m_above to support_shell; alter table public.surveys inherit public.m_above',
    undo: 'alter table public.surveys no inherit public.m_above; drop table public.m_above',
    finds: 'TZ115 public.surveys under public.m_above',
  },
  {
    what: 'a table that nobody registered',
    plant: 'create table public.m_new (organization_id uuid, secret text)',
    undo: 'drop table public.m_new',
    finds: 'TZ105 public.m_new',
  },
  {
    what: 'a table that nobody registered, in a schema of its own',
    plant: 'create schema m_side; create table m_side.copies as select * from public.employees',
    undo: 'drop schema m_side cascade',
    finds: 'TZ107 m_side.copies',
  },
  {
    what: 'a table that nobody registered and everybody may read',
    plant: 'create table public.m_open (id int); grant select on public.m_open to public',
    undo: 'drop table public.m_open',
    finds: 'TZ106 public.m_open to PUBLIC',
  },
  {
    what: 'an unlogged copy with one granted column',
    plant:
      'create unlogged table public.m_column (id int, name text); grant select (name) on public.m_column to app_backend',
    undo: 'drop table public.m_column',
    finds: 'TZ106 public.m_column to app_backend',
  },
  {
    what: 'a permissive policy for PUBLIC',
    plant: 'create policy m_all on public.employees using (true)',
    undo: 'drop policy m_all on public.employees',
    finds: 'TZ110 public.employees m_all',
  },
  {
    what: 'a permissive policy for the owner of the table',
    plant: 'create policy m_owner on public.employees to platform_owner using (true)',
    undo: 'drop policy m_owner on public.employees',
    finds: 'TZ111 public.employees m_owner',
  },
  {
    what: 'a permissive policy for a registry role',
    plant: 'create policy m_support on public.documents for select to support_shell using (true)',
    undo: 'drop policy m_support on public.documents',
    finds: 'TZ112 public.documents m_support',
  },
  {
    what: 'a permissive policy for a role that nobody knows',
    plant:
      'create role m_bi login; create policy m_bi on public.documents for select to m_bi using (true); grant select on public.documents to m_bi',
    undo: 'drop policy m_bi on public.documents; drop owned by m_bi; drop role m_bi',
    finds: 'TZ112 public.documents m_bi',
  },
  {
    what: 'a restrictive policy that hides what the registry promises',
    plant: 'create policy m_less on public.documents as restrictive to app_backend using (false)',
    undo: 'drop policy m_less on public.documents',
    finds: 'TZ113 public.documents m_less',
  },
  {
    what: 'a policy of ours that is true for everybody',
    plant: 'alter policy tenant_zero_permit_support_shell on public.rooms using (true) with check (true)',
    finds: 'TZ114 public.rooms tenant_zero_permit_support_shell',
  },
  {
    what: 'a policy of ours that shows one organization more',
    plant: `alter policy tenant_zero_permit_app_backend on public.surveys using ((organization_id = (SELECT guard.current_organization())) or organization_id = '${ACME}')`,
    finds: 'TZ100 public.surveys tenant_zero_permit_app_backend',
  },
  {
    what: 'a policy of ours without its check',
    plant: 'alter policy tenant_zero_restrict_app_backend on public.surveys with check (true)',
    finds: 'TZ100 public.surveys tenant_zero_restrict_app_backend',
  },
  {
    what: 'a policy of ours for one role more',
    plant: 'alter policy tenant_zero_permit_break_glass on public.jobs to break_glass, auditor',
    finds: 'TZ100 public.jobs tenant_zero_permit_break_glass',
  },
  {
    what: 'a policy with our prefix that the registry does not know',
    plant: 'create policy tenant_zero_permit_other on public.jobs to auditor using (true)',
    finds: 'TZ100 public.jobs tenant_zero_permit_other',
  },
  {
    what: 'a policy of ours renamed',
    plant: 'alter policy tenant_zero_restrict_support_shell on public.jobs rename to m_renamed',
    undo: 'alter policy m_renamed on public.jobs rename to tenant_zero_restrict_support_shell',
    finds: 'TZ108 public.jobs to support_shell',
  },
  {
    what: 'the loud refusal of the owner gone',
    plant: 'drop policy tenant_zero_owner on public.line_notes',
    finds: 'TZ109 public.line_notes',
  },
  {
    what: 'the trigger against TRUNCATE gone',
    plant: 'drop trigger tenant_zero_truncate on public.payslip_lines',
    finds: 'TZ116 public.payslip_lines tenant_zero_truncate',
  },
  {
    what: 'the trigger against moving rows switched off',
    plant: 'alter table public.payslip_lines disable trigger zz_tenant_zero_organization',
    finds: 'TZ117 public.payslip_lines zz_tenant_zero_organization',
  },
  {
    what: 'all triggers of a partitioned table switched off in one partition',
    plant: 'alter table public.events_other disable trigger user',
    undo: 'alter table public.events_other enable trigger user; alter table public.events_other enable always trigger tenant_zero_truncate; alter table public.events_other enable always trigger zz_tenant_zero_organization',
    finds: 'TZ117 public.events_other',
  },
  {
    what: 'the flag guard switched off',
    plant: 'alter table public.organizations disable trigger zz_tenant_zero_flag',
    finds: 'TZ117 public.organizations zz_tenant_zero_flag',
  },
  {
    what: 'the flag guard that replicas pass',
    plant: 'alter table public.organizations enable trigger zz_tenant_zero_flag_truncate',
    finds: 'TZ117 public.organizations zz_tenant_zero_flag_truncate',
  },
  {
    what: 'the trigger that fills the list of hidden organizations gone',
    plant: 'drop trigger tenant_zero_sync on public.organizations',
    finds: 'TZ116 public.organizations tenant_zero_sync',
  },
  {
    what: 'a flag guard that fires on one column only',
    plant:
      'drop trigger zz_tenant_zero_flag on public.organizations; create trigger zz_tenant_zero_flag before insert or delete or update of name on public.organizations for each row execute function guard.flag_guard(); alter table public.organizations enable always trigger zz_tenant_zero_flag',
    finds: 'TZ100 public.organizations zz_tenant_zero_flag',
  },
  {
    what: "a trigger that fires after the engine's own and may change the row again",
    plant: `create function public.m_later() returns trigger language plpgsql as $$ begin new.organization_id := '${ACME}'; return new; end $$; create trigger zzz_later before update on public.jobs for each row execute function public.m_later()`,
    undo: 'drop trigger zzz_later on public.jobs; drop function public.m_later()',
    finds: 'TZ123 public.jobs zzz_later',
  },
  {
    what: "a trigger that runs with its owner's rights",
    plant: `create function public.m_definer() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin return new; end $$; create trigger m_definer after insert on public.jobs for each row execute function public.m_definer()`,
    undo: 'drop trigger m_definer on public.jobs; drop function public.m_definer()',
    finds: 'TZ118 public.jobs m_definer',
  },
  {
    what: 'a trigger that tells every session what was written',
    plant: `create function public.m_notify() returns trigger language plpgsql as $$ begin perform pg_notify('rows', new.id::text); return new; end $$; create trigger m_notify after insert on public.rooms for each row execute function public.m_notify()`,
    undo: 'drop trigger m_notify on public.rooms; drop function public.m_notify()',
    finds: 'TZ119 public.rooms m_notify',
  },
  {
    what: 'the foreign keys of a table switched off',
    plant:
      'alter table public.attachments disable trigger all; alter table public.attachments enable always trigger tenant_zero_truncate; alter table public.attachments enable always trigger zz_tenant_zero_organization',
    undo: 'alter table public.attachments enable trigger all; alter table public.attachments enable always trigger tenant_zero_truncate; alter table public.attachments enable always trigger zz_tenant_zero_organization',
    finds: 'TZ120 public.attachments',
  },
  {
    what: 'a rewrite rule that copies what is written',
    plant:
      'create table public.m_log (id uuid, name text); create rule m_copy as on insert to public.departments do also insert into public.m_log values (new.id, new.name)',
    undo: 'drop rule m_copy on public.departments; drop table public.m_log',
    finds: 'TZ122 public.departments m_copy',
  },
  {
    what: 'a rewrite rule that sends deletes elsewhere',
    plant: 'create rule m_instead as on delete to public.rooms do instead nothing',
    undo: 'drop rule m_instead on public.rooms',
    finds: 'TZ122 public.rooms m_instead',
  },
  {
    what: 'an event trigger',
    plant: `create function public.m_event() returns event_trigger language plpgsql as $$ begin end $$; create event trigger m_event on ddl_command_end execute function public.m_event()`,
    undo: 'drop event trigger m_event; drop function public.m_event()',
    finds: 'TZ121 m_event',
  },
];
