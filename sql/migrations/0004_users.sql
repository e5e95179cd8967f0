-- Persons. A person is one row however many organizations they belong to; memberships say which.
create table public.users (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null check (email like '_%@_%'),
  -- Lookups compare this column: `lower(email) = ...` is not leakproof and would lose its index under a policy.
  email_key text generated always as (lower(email)) stored unique,
  created_at timestamptz not null default now()
);
