create table public.payslips (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  employee_id uuid not null,
  -- first day of the month that is paid
  period date not null check (extract(day from period) = 1),
  currency text not null references public.currencies (code),
  gross numeric(14, 2) not null,
  primary key (organization_id, id),
  unique (organization_id, employee_id, period),
  foreign key (organization_id, employee_id) references public.employees (organization_id, id)
);
