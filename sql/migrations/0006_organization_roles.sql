-- What members may do in their organization. Each organization makes its own roles; one of them is not its to change.
create table public.organization_roles (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (name <> ''),
  permissions jsonb not null default '{}' check (jsonb_typeof(permissions) = 'object'),
  -- True for the Owner role only.
  is_protected boolean not null default false,
  primary key (organization_id, id),
  unique (organization_id, name),
  -- Memberships repeat `is_protected`, so that it can be part of a foreign key.
  unique (organization_id, id, is_protected),
  -- The Owner role keeps its name and its permissions. That it is neither deleted nor loses its protection follows
  -- from 0007_memberships.sql: some membership holds it, always.
  constraint owner_role_is_fixed
    check (not is_protected or (name = 'Owner' and permissions = '{"all": true}'))
);

create unique index organization_roles_one_protected
  on public.organization_roles (organization_id) where is_protected;
