-- Work to be done later, on behalf of one organization.
create table public.jobs (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  kind text not null,
  payload jsonb not null default '{}' check (jsonb_typeof(payload) = 'object'),
  run_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (organization_id, id),
  -- A worker takes its tenant from the column. A payload that names another one is refused before anybody believes it.
  constraint payload_is_of_the_organization
    check (not payload ? 'organization_id' or payload ->> 'organization_id' is not distinct from organization_id::text)
);

create index jobs_due on public.jobs (organization_id, run_at) where finished_at is null;
