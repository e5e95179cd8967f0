import type { RuleCase } from '../case';

const writer = (body: string, more = '') =>
  `create function public.on_change() returns trigger language plpgsql ${more} as 'begin ${body}; return new; end';
   create trigger on_change before insert on public.employees for each row execute function public.on_change()`;

export const triggers: readonly RuleCase[] = [
  {
    rule: 'TZ116',
    fault: 'a dropped truncate trigger',
    plant: 'drop trigger tenant_zero_truncate on public.employees',
    key: 'public.employees tenant_zero_truncate',
    fix: 'create trigger tenant_zero_truncate before truncate on public.employees execute function guard.refuse_truncate()',
  },
  {
    rule: 'TZ116',
    fault: 'a partition that can be truncated by itself',
    plant: 'drop trigger tenant_zero_truncate on public.events_2026',
    key: 'public.events_2026 tenant_zero_truncate',
    fix: 'create trigger tenant_zero_truncate before truncate on public.events_2026 execute function guard.refuse_truncate()',
  },
  {
    rule: 'TZ116',
    fault: 'a dropped organization trigger',
    plant: 'drop trigger zz_tenant_zero_organization on public.events',
    key: 'public.events zz_tenant_zero_organization',
    fix: `create trigger zz_tenant_zero_organization before update on public.events
      for each row execute function guard.refuse_move()`,
  },
  {
    rule: 'TZ116',
    fault: 'a dropped flag trigger',
    plant: 'drop trigger zz_tenant_zero_flag on public.organizations',
    key: 'public.organizations zz_tenant_zero_flag',
    fix: `create trigger tenant_zero_flag before insert or update or delete on public.organizations
      for each row execute function guard.flag_guard()`,
  },
  {
    rule: 'TZ117',
    fault: 'a disabled trigger of ours',
    plant: 'alter table public.employees disable trigger tenant_zero_truncate',
    key: 'public.employees tenant_zero_truncate',
  },
  {
    rule: 'TZ117',
    fault: 'a trigger of ours that replication skips',
    plant: 'alter table public.employees enable trigger tenant_zero_truncate',
    key: 'public.employees tenant_zero_truncate',
    severity: 'warning',
  },
  {
    rule: 'TZ117',
    fault: 'a flag trigger that watches only UPDATE',
    plant: `drop trigger zz_tenant_zero_flag on public.organizations;
      create trigger zz_tenant_zero_flag before update on public.organizations for each row execute function guard.flag_guard();
      alter table public.organizations enable always trigger zz_tenant_zero_flag`,
    key: 'public.organizations zz_tenant_zero_flag',
    fix: `create or replace trigger zz_tenant_zero_flag before insert or update or delete on public.organizations
        for each row execute function guard.flag_guard();
      alter table public.organizations enable always trigger zz_tenant_zero_flag`,
  },
  {
    rule: 'TZ117',
    fault: 'a trigger of ours that calls a function of somebody else',
    plant: `create function public.agree() returns trigger language plpgsql as 'begin return null; end';
      create or replace trigger tenant_zero_truncate before truncate on public.employees execute function public.agree();
      alter table public.employees enable always trigger tenant_zero_truncate`,
    key: 'public.employees tenant_zero_truncate',
    fix: `create or replace trigger tenant_zero_truncate before truncate on public.employees
        execute function guard.refuse_truncate();
      alter table public.employees enable always trigger tenant_zero_truncate`,
  },
  {
    rule: 'TZ118',
    fault: 'a trigger that runs as its owner',
    plant: writer('null', 'security definer'),
    key: 'public.employees on_change',
  },
  {
    rule: 'TZ119',
    fault: 'a trigger that notifies',
    plant: writer("perform pg_notify(''employees'', new.name)"),
    key: 'public.employees on_change',
  },
  {
    rule: 'TZ120',
    fault: 'a trigger of the product that is switched off',
    setup: writer('null'),
    plant: 'alter table public.employees disable trigger on_change',
    key: 'public.employees on_change',
  },
  {
    rule: 'TZ120',
    fault: 'a foreign key that is switched off',
    plant: 'alter table public.payslips disable trigger all; alter table public.payslips enable trigger user',
    key: 'public.payslips payslips_employee',
  },
  {
    rule: 'TZ121',
    fault: 'an event trigger',
    plant: `create function public.on_ddl() returns event_trigger language plpgsql as 'begin end';
      create event trigger watch_ddl on ddl_command_end execute function public.on_ddl()`,
    key: 'watch_ddl',
    fix: 'alter event trigger watch_ddl disable',
  },
  {
    rule: 'TZ122',
    fault: 'a rewrite rule',
    plant: `create table public.copies (name text);
      create rule copy as on insert to public.employees do also insert into public.copies values (new.name)`,
    key: 'public.employees copy',
  },
  {
    rule: 'TZ123',
    fault: 'a trigger that fires after the one against moving rows',
    plant: `create function public.fill_in() returns trigger language plpgsql as 'begin return new; end';
      create trigger zzz_default before update on public.employees for each row execute function public.fill_in()`,
    key: 'public.employees zzz_default',
  },
];
