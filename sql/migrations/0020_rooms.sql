create table public.rooms (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (name <> ''),
  primary key (organization_id, id),
  unique (organization_id, name)
);

-- No room twice at the same time. The organization leads the constraint, though a room implies it: a conflict must
-- not tell anybody about another organization's bookings.
create table public.room_bookings (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  room_id uuid not null,
  employee_id uuid not null,
  during tstzrange not null check (not isempty(during)),
  primary key (organization_id, id),
  foreign key (organization_id, room_id) references public.rooms (organization_id, id),
  foreign key (organization_id, employee_id) references public.employees (organization_id, id),
  exclude using gist (organization_id with =, room_id with =, during with &&)
);

create index room_bookings_employee on public.room_bookings (organization_id, employee_id);
