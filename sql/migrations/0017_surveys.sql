create table public.surveys (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  title text not null check (title <> ''),
  closes_at timestamptz,
  primary key (organization_id, id)
);

create table public.survey_responses (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  survey_id uuid not null,
  employee_id uuid not null,
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  submitted_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, survey_id, employee_id),
  foreign key (organization_id, survey_id) references public.surveys (organization_id, id),
  foreign key (organization_id, employee_id) references public.employees (organization_id, id)
);

create index survey_responses_employee on public.survey_responses (organization_id, employee_id);
