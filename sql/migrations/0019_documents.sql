-- Texts that are searched. ILIKE, @@ and @> are not leakproof, so under a policy they lose these indexes: the registry
-- declares the searches, and the engine makes a function for each that keeps them.
create table public.documents (
  organization_id uuid not null references public.organizations (id),
  id uuid not null default gen_random_uuid(),
  title text not null,
  body text not null default '',
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  search_vector tsvector generated always as (
    setweight(to_tsvector('pg_catalog.simple', title), 'A') || setweight(to_tsvector('pg_catalog.simple', body), 'B')
  ) stored,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create index documents_title on public.documents using gin (title extensions.gin_trgm_ops);
create index documents_search on public.documents using gin (search_vector);
create index documents_attributes on public.documents using gin (attributes jsonb_path_ops);
create index documents_latest on public.documents (organization_id, created_at desc);
