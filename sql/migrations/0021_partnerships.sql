-- A row of two organizations: visible only to whoever sees both.
create table public.partnerships (
  from_organization_id uuid not null references public.organizations (id),
  to_organization_id uuid not null references public.organizations (id),
  created_at timestamptz not null default now(),
  primary key (from_organization_id, to_organization_id),
  check (from_organization_id <> to_organization_id)
);

create index partnerships_to on public.partnerships (to_organization_id, from_organization_id);
