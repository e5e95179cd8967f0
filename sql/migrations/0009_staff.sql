-- Our own people who work on behalf of organizations. Not users of the product.
create table access.staff (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null,
  email_key text generated always as (lower(email)) stored unique,
  kind text not null check (kind in ('client-success', 'engineer', 'approver', 'administrator')),
  is_active boolean not null default true,
  -- May be granted access to sensitive organizations. Shows nothing by itself: only a live grant does.
  can_see_sensitive boolean not null default false,
  created_at timestamptz not null default now(),
  -- Assignments refer to it: only who is active has any.
  unique (id, is_active)
);
