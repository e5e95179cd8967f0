-- Files that hang on rows of several tables. One column per table and exactly one of them filled, instead of
-- `(object_type, object_id)`: only so can a foreign key say that file and row are of the same organization.
create table public.attachments (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  file_name text not null check (file_name <> ''),
  object_key text not null,
  employee_id uuid,
  document_id uuid,
  payslip_id uuid,
  primary key (organization_id, id),
  unique (organization_id, object_key),
  foreign key (organization_id, employee_id) references public.employees (organization_id, id),
  foreign key (organization_id, document_id) references public.documents (organization_id, id),
  foreign key (organization_id, payslip_id) references public.payslips (organization_id, id),
  constraint attached_to_one_thing check (num_nonnulls(employee_id, document_id, payslip_id) = 1)
);

create index attachments_employee on public.attachments (organization_id, employee_id)
  where employee_id is not null;
create index attachments_document on public.attachments (organization_id, document_id)
  where document_id is not null;
create index attachments_payslip on public.attachments (organization_id, payslip_id)
  where payslip_id is not null;
