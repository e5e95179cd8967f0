-- Who belongs to which organization, in which role. And why an organization is never without an owner:
--
--   organizations (id, owner_membership_id, true)
--     -> memberships (organization_id, id, role_is_protected)              deferred: the two rows are born together
--       -> organization_roles (organization_id, id, is_protected)          the one Owner role
--
-- Plain foreign keys, no triggers: they hold against races (they lock the rows they rely on), they need no right to
-- read the tables (they run as the owner, whom row security does not stop there), and there is no statement that
-- forgets them. To remove or demote the owner, first let `organizations.owner_membership_id` point at another
-- membership with the Owner role. An organization may have several; this one is held fast.
create table public.memberships (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  -- NO ACTION: a person is deleted after their memberships, not with them.
  user_id uuid not null references public.users (id),
  role_id uuid not null,
  -- Equal to the role's `is_protected`, by the foreign key.
  role_is_protected boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, user_id),
  unique (organization_id, id, role_is_protected),
  foreign key (organization_id, role_id, role_is_protected)
    references public.organization_roles (organization_id, id, is_protected)
);

create index memberships_role on public.memberships (organization_id, role_id);
-- The one index not led by the organization: deleting a person must find the memberships in all of them.
create index memberships_user on public.memberships (user_id);

alter table public.organizations
  add column owner_is_protected boolean not null generated always as (true) stored,
  add constraint organizations_have_an_owner
    foreign key (id, owner_membership_id, owner_is_protected)
    references public.memberships (organization_id, id, role_is_protected)
    deferrable initially deferred;
