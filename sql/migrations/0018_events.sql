-- What happened in an organization, by month. Months without a partition of their own fall into the default one.
create table public.events (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  occurred_at timestamptz not null default now(),
  kind text not null,
  payload jsonb not null default '{}',
  primary key (organization_id, id, occurred_at)
) partition by range (occurred_at);

-- Bounds with an offset: they must not depend on the time zone of whoever migrates.
create table public.events_2026_11 partition of public.events
  for values from ('2026-11-01 00:00:00+00') to ('2026-12-01 00:00:00+00');
create table public.events_2026_12 partition of public.events
  for values from ('2026-12-01 00:00:00+00') to ('2027-01-01 00:00:00+00');
create table public.events_2027_01 partition of public.events
  for values from ('2027-01-01 00:00:00+00') to ('2027-02-01 00:00:00+00');
create table public.events_other partition of public.events default;

create index events_latest on public.events (organization_id, occurred_at desc);
