-- Which organizations a member of staff is responsible for.
create table access.staff_assignments (
  organization_id uuid not null references public.organizations (id),
  staff_id uuid not null,
  -- Always true. With the foreign key: nobody is deactivated who still has assignments.
  staff_is_active boolean not null generated always as (true) stored,
  created_at timestamptz not null default now(),
  primary key (organization_id, staff_id),
  foreign key (staff_id, staff_is_active) references access.staff (id, is_active)
);

-- "Which organizations are mine" is asked once per statement of every member of staff.
create index staff_assignments_staff on access.staff_assignments (staff_id, organization_id);
