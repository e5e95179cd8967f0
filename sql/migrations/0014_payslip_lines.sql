-- Two steps from the employee. The organization is repeated, and the composite key keeps it true: policies then cost
-- the same at any depth.
create table public.payslip_lines (
  organization_id uuid not null references public.organizations (id),
  id bigint generated always as identity,
  payslip_id uuid not null,
  label text not null,
  amount numeric(14, 2) not null,
  primary key (organization_id, id),
  foreign key (organization_id, payslip_id) references public.payslips (organization_id, id)
);

create index payslip_lines_payslip on public.payslip_lines (organization_id, payslip_id);
