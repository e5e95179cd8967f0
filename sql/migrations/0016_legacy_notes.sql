-- From before the rule that every table carries its organization: it is found through the employee only.
-- Kept as the registry's example of a derived table. New tables are not made like this.
create table public.legacy_notes (
  id bigint generated always as identity primary key,
  employee_id uuid not null references public.employees (id),
  body text not null,
  created_at timestamptz not null default now()
);

create index legacy_notes_employee on public.legacy_notes (employee_id);
