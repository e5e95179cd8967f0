-- The tenants. Everything that belongs to one carries its id.
create table public.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null check (name <> ''),
  -- Stands in URLs, hence one namespace for all.
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  plan text not null default 'free' references public.plans (code),
  -- Hidden from support and staff unless somebody approves. Changes only through the approval path.
  is_sensitive boolean not null default false,
  -- Tenant zero: our own company.
  is_own boolean not null default false,
  -- The owner: see 0007_memberships.sql.
  owner_membership_id uuid not null,
  created_at timestamptz not null default now(),
  constraint own_is_sensitive check (is_sensitive or not is_own)
);

create unique index organizations_one_own on public.organizations (is_own) where is_own;
