-- Three steps from the employee.
create table public.line_notes (
  organization_id uuid not null references public.organizations (id),
  id bigint generated always as identity,
  payslip_line_id bigint not null,
  body text not null,
  primary key (organization_id, id),
  foreign key (organization_id, payslip_line_id) references public.payslip_lines (organization_id, id)
);

create index line_notes_line on public.line_notes (organization_id, payslip_line_id);
