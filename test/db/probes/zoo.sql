-- Columns and constraints of every make. Tables `z_*` belong to an organization, the others are what they lean on.
create schema "Odd Schema";
create type mood as enum ('sad', 'ok', 'happy');
create type pair as (a integer, b text);
create domain email_address as text check (value ~ '^[a-z0-9.+-]+@[a-z0-9-]+\.[a-z]{2,}$');
create domain positive as integer not null check (value > 0);
create domain short_code as varchar(8) check (length(value) between 3 and 8 and value = upper(value));
create table organizations (id bigint generated always as identity primary key, name varchar(20) not null);
create table z_types (
  organization_id bigint not null references organizations, id smallserial primary key,
  a bool not null, b "char" not null, c char(3) not null, d varchar(5) not null, e text not null, f name not null,
  g smallint not null, h integer not null, i bigint not null, j numeric not null, k numeric(4, 2) not null, l numeric(3, 3) not null,
  m real not null, n double precision not null, o money not null, p uuid not null, q bytea not null,
  r date not null, s time not null, t timetz not null, u timestamp not null, v timestamptz not null, w interval not null,
  x json not null, y jsonb not null, z xml not null,
  aa inet not null, ab cidr not null, ac macaddr not null, ad macaddr8 not null, ae bit(5) not null, af varbit(5) not null,
  ag point not null, ah line not null, ai lseg not null, aj box not null, ak path not null, al polygon not null, am circle not null,
  an tsvector not null, ao tsquery not null, ap int4range not null, aq tstzrange not null, ar nummultirange not null, as1 daterange not null,
  at mood not null, au mood[] not null, av text[] not null, aw integer[][] not null, ax pair not null, ay email_address not null,
  az positive, ba short_code not null, bb pg_lsn not null, bc oid not null, bd regclass not null, be jsonpath not null,
  bf email_address[] not null, bg pg_snapshot not null
);
create table z_checks (
  organization_id bigint not null references organizations, id uuid primary key,
  status text not null check (status in ('open', 'it''s', 'closed')),
  status2 varchar(10) not null check ((status2)::text = any (array['x1', 'x2'])),
  kind integer not null check (kind in (7, 9)),
  percent numeric(5, 2) not null check (percent > 100 and percent <= 100.5),
  code text not null check (char_length(code) = 12),
  token text not null check (length(token) >= 20 and token ~ '^[0-9a-f]+$'),
  slug text not null check (slug ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and slug like 'pre-%'),
  phone text not null check (phone ~ '^\+[1-9]\d{6,14}$'),
  color text not null check (color ~* '^#[a-f0-9]{6}$'),
  starts date not null, ends date not null, check (ends > starts),
  low integer not null, high integer not null, check (low < high and high < 50 and low > 10),
  config jsonb not null check (jsonb_typeof(config) = 'object' and config ? 'version'),
  tags text[] not null check (cardinality(tags) between 1 and 3),
  a_ref uuid, b_ref uuid, check (num_nonnulls(a_ref, b_ref) = 1),
  deleted_at timestamptz, is_deleted boolean not null, check (is_deleted = (deleted_at is not null)),
  hash bytea not null check (octet_length(hash) = 32),
  level mood not null check (level <> 'sad'),
  even integer not null check (even % 2 = 0 and even <> 0)
);
create table z_generated (
  organization_id bigint not null references organizations, id bigint generated always as identity primary key,
  first text not null, "Last Name" text not null, full_name text generated always as (first || ' ' || "Last Name") stored
);
create table "Odd Schema"."Z_Quoted ""Table""" (
  "organizationId" bigint not null references organizations, "order" integer not null, "select" text not null,
  primary key ("organizationId", "order")
);
create table z_unique (
  organization_id bigint not null references organizations, email text not null default 'same', flag boolean not null, size mood not null,
  code smallint not null default 1 unique, unique (email), unique (organization_id, flag, size)
);
create unique index z_unique_lower on z_unique (lower(email));
create table countries (code char(2) primary key, name text not null);
create table z_one_to_one (
  organization_id bigint not null, unique_ref smallint primary key references z_unique (code), country char(2) not null default 'XX' references countries
);
create table z_no_key (organization_id bigint not null references organizations, note text);
create table z_tree (
  organization_id bigint not null references organizations, id uuid not null default gen_random_uuid(), parent_id uuid not null,
  primary key (organization_id, id), foreign key (organization_id, parent_id) references z_tree
);
create table z_left (organization_id bigint not null references organizations, id integer primary key, right_id integer not null);
create table z_right (organization_id bigint not null references organizations, id integer primary key, left_id integer not null references z_left);
alter table z_left add foreign key (right_id) references z_right deferrable;
create table z_projects (organization_id bigint not null references organizations, id uuid not null, primary key (organization_id, id));
create table z_tasks (
  organization_id bigint not null, project_id uuid not null, id integer not null, primary key (organization_id, project_id, id),
  foreign key (organization_id, project_id) references z_projects
);
create table z_comments (
  organization_id bigint not null, project_id uuid not null, task_id integer not null, id serial primary key,
  foreign key (organization_id, project_id, task_id) references z_tasks, foreign key (organization_id, project_id) references z_projects
);
create table z_full (
  organization_id bigint not null, project_id uuid, id serial primary key,
  foreign key (organization_id, project_id) references z_projects match full
);
create table z_booking (
  organization_id bigint not null references organizations, room integer not null, during tstzrange not null,
  exclude using gist (during with &&)
);
create table z_list (organization_id bigint not null references organizations, region text not null, id integer not null, primary key (region, id)) partition by list (region);
create table z_list_eu partition of z_list for values in ('eu', 'uk') partition by range (id);
create table z_list_eu_1 partition of z_list_eu for values from (100) to (200);
create table z_hash (organization_id bigint not null references organizations, id integer not null) partition by hash (organization_id);
create table z_hash_0 partition of z_hash for values with (modulus 2, remainder 0);
create table z_hash_1 partition of z_hash for values with (modulus 2, remainder 1);
create table z_trigger (organization_id bigint not null references organizations, id serial primary key, filled text);
create function needs_filled() returns trigger language plpgsql as $$
begin if new.filled is null then raise 'filled is needed'; end if; new.filled := upper(new.filled); return new; end $$;
create trigger needs_filled before insert on z_trigger for each row execute function needs_filled();
create table z_applications (organization_id bigint not null references organizations, id text primary key, type text not null check (type in ('web', 'saml', 'm2m')));
create function application_is(application text, wanted text) returns boolean language sql stable
  as $$ select (select a.type from public.z_applications a where a.id = application) = wanted $$;
create table z_saml (
  organization_id bigint not null references organizations, application_id text not null references z_applications primary key,
  check (application_is(application_id, 'saml'))
);
create table z_polymorphic (
  organization_id bigint not null references organizations, id serial primary key,
  project_id uuid, room_id text references z_applications,
  check ((project_id is null) <> (room_id is null)),
  foreign key (organization_id, project_id) references z_projects
);
