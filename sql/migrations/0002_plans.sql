-- What organizations subscribe to. The same for all of them.
create table public.plans (
  code text primary key,
  name text not null,
  -- null: no limit
  seats integer check (seats > 0)
);

insert into public.plans (code, name, seats)
values ('free', 'Free', 10), ('team', 'Team', 100), ('enterprise', 'Enterprise', null);
