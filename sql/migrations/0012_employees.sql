-- The people whom an organization employs. Few of them are users of the product.
create table public.employees (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (name <> ''),
  email text,
  department_id uuid,
  manager_id uuid,
  hired_on date not null default current_date,
  primary key (organization_id, id),
  -- Only because legacy_notes refers to it; goes with that table's migration. Random ids make it a poor oracle.
  unique (id),
  foreign key (organization_id, department_id) references public.departments (organization_id, id),
  foreign key (organization_id, manager_id) references public.employees (organization_id, id)
);

create index employees_department on public.employees (organization_id, department_id);
create index employees_manager on public.employees (organization_id, manager_id);
