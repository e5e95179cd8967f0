create table public.departments (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (name <> ''),
  primary key (organization_id, id),
  unique (organization_id, name)
);
