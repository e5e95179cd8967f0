/** A backend as a service: a schema per part with an owner of its own, policies, views, foreign tables, odd constraints. */
import { models, type Style } from './models';
import type { Product } from './product';

const style = (schema: string): Style => ({
  schema,
  key: 'uuid',
  keyDefault: 'not null default gen_random_uuid()',
  table: (name) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase(),
  reference: (table) => `${table.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()}_id`,
  foreignKey: 'deferrable',
  last: 'inserted_at timestamptz not null default now()',
});

const AUTH = `
  Users: ; email text unique, phone text unique check (phone is null or phone ~ '^\\+?[0-9]{6,15}$'), aud text, raw_app_meta_data jsonb, confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored, email_confirmed_at timestamptz, phone_confirmed_at timestamptz, is_sso_user boolean not null default false, banned_until timestamptz
  Identities: > Users! ; provider text not null, provider_id text not null, identity_data jsonb not null, unique (provider_id, provider)
  Sessions: > Users! ; aal auth.aal_level, ip inet, not_after timestamptz
  RefreshTokens: > Sessions? ; token varchar(255) unique, revoked boolean
  MfaFactors: > Users! ; factor_type auth.factor_type not null, status text not null, secret text
  MfaChallenges: > MfaFactors! ; verified_at timestamptz, ip_address inet not null
  OneTimeTokens: > Users! ; token_hash text not null check (char_length(token_hash) > 0), relates_to text not null
  AuditLogEntries: ; payload json, ip_address varchar(64) not null default ''
  Instances: ; raw_base_config text
  FlowState: ; auth_code text not null, code_challenge text not null, provider_type text not null
`;

const STORAGE = `
  Buckets: ; name text not null unique, public boolean default false, file_size_limit bigint check (file_size_limit > 0), allowed_mime_types text[], owner_id text
  Objects: > Buckets? ; name text, metadata jsonb, path_tokens text[] generated always as (string_to_array(name, '/')) stored, version text, unique (buckets_id, name)
  Uploads: > Buckets ; in_progress_size bigint not null default 0, upload_signature text not null, key text not null
  UploadParts: > Uploads!, > Buckets ; part_number int not null, etag text not null
  Migrations: ; name varchar(100) not null unique, hash varchar(40) not null
`;

const APP = `
  Organizations: > Organizations? as parent_id ; slug text not null unique check (slug = lower(slug) and slug ~ '^[a-z][a-z0-9-]{2,30}$'), name text not null check (length(name) between 1 and 100), plan app.plan not null default 'free', is_sensitive boolean not null default false, created_by uuid, address app.address
  Memberships: > Organizations! ; user_id uuid not null references auth.users on delete cascade, role app.member_role not null default 'viewer', unique (organizations_id, user_id)
  Invitations: > Organizations! ; email app.email not null, token bytea not null unique default sha256(gen_random_uuid()::text::bytea), expires_at timestamptz not null check (expires_at > '2020-01-01')
  Projects: > Organizations! ; name text not null, region text not null check (region in ('eu', 'us', 'ap')), settings jsonb not null default '{"a": 1}' check (settings ? 'a' and jsonb_typeof(settings -> 'a') = 'number')
  Branches: > Projects!, > Branches? as parent_id ; name text not null, is_default boolean not null default false, unique (projects_id, name)
  Deployments: > Branches! ; number int not null, status app.status not null default 'queued', tags text[] not null default '{a}' check (array_length(tags, 1) >= 1), unique (branches_id, number)
  DeploymentLogs: > Deployments! ; line int not null, message text not null, level smallint not null check (level in (10, 20, 30))
  DeploymentLogLabels: > DeploymentLogs! ; label text not null
  DeploymentLogLabelNotes: > DeploymentLogLabels! ; note text
  Schedules: > Projects! ; during tstzrange not null check (not isempty(during) and lower(during) > '2000-01-01'), timezone text not null default 'UTC'
  Reservations: > Organizations! ; room int not null, during tsrange not null, exclude using gist (organizations_id with =, room with =, during with &&)
  Invoices: > Organizations! ; number text not null check (number ~ '^INV-[0-9]{6}$'), amount numeric(12, 2) not null check (amount > 0), tax numeric(5, 2) not null check (tax between 0 and 100), total numeric(14, 2) generated always as (amount * (1 + tax / 100)) stored, currency char(3) not null check (currency ~ '^[A-Z]{3}$'), unique (organizations_id, number)
  InvoiceLines: > Invoices! ; position smallint not null check (position >= 1), quantity int not null check (quantity > 0), unit_price money, discount real check (discount >= 0 and discount < 1), unique (invoices_id, position)
  Payments: > Invoices! ; method text not null, card_last4 char(4), iban text, check ((method = 'card' and card_last4 is not null and iban is null) or (method = 'sepa' and iban is not null and card_last4 is null))
  Contacts: > Organizations! ; email app.email, phone text, check (email is not null or phone is not null), vcard xml
  Documents: > Organizations! ; title text not null, body tsvector, embedding real[], path extensions.ltree, attributes extensions.hstore, hash extensions.citext
  DocumentShares: > Documents! ; shared_with uuid not null references app.organizations on delete cascade, permission text not null default 'read', unique (documents_id, shared_with)
  Transfers: > Organizations as from_organization, > Organizations as to_organization ; amount int not null, check (from_organization <> to_organization)
  Referrals: > Organizations! as referrer_id, > Organizations? as referred_id ; code text not null unique
  ApiKeys: > Organizations! ; prefix char(8) not null, hash bytea not null check (length(hash) = 32), scopes app.scope[] not null default '{read}', last_used inet
  Webhooks: > Organizations! ; url text not null check (url like 'https://%'), secret text not null check (length(secret) >= 32), events text[] not null check (events <@ array['a', 'b', 'c'])
  Comments: > Organizations! ; commentable_type text not null, commentable_id uuid not null, body text not null, parent_path extensions.ltree
  Quotas: ; organization_id uuid primary key_, seats int
  Counters: > Organizations! ; name text not null, value bigint not null default 0, seq bigint not null default nextval('app.shared_seq')
  Features: ; name text not null unique, rollout int not null default 0 check (rollout between 0 and 100)
  Countries: ; code char(2) not null unique check (code = upper(code)), name text
  Nodes: > Nodes as parent_id, > Organizations! ; label text
  Rates: > Countries, > Organizations? ; rate numeric not null, valid daterange not null default daterange('2020-01-01', null), exclude using gist (countries_id with =, valid with &&) where (organizations_id is null)
`;

export const backend: Product = {
  name: 'backend',
  organizations: 'app.organizations',
  tenants: ['0a000000-0000-4000-8000-00000000000a', '0b000000-0000-4000-8000-00000000000b'],
  prepare: (owner) => `
    create schema extensions; grant usage on schema extensions to public;
    create extension citext schema extensions; create extension hstore schema extensions; create extension ltree schema extensions;
    create extension btree_gist schema extensions; create extension postgres_fdw schema extensions;
    grant usage on foreign data wrapper postgres_fdw to "${owner}";
    do $$ begin create role backend_auth_admin; exception when duplicate_object then end $$;
    do $$ begin create role backend_anon; exception when duplicate_object then end $$;
    grant backend_auth_admin to registry_applier;`,
  schema: () =>
    `
    set search_path = public, extensions;
    create schema auth; create schema storage; create schema app; create schema "Weird Schema"; create schema cron;
    create type auth.aal_level as enum ('aal1', 'aal2'); create type auth.factor_type as enum ('totp', 'webauthn');
    create type app.plan as enum ('free', 'pro'); create type app.member_role as enum ('viewer', 'admin'); create type app.status as enum ('queued', 'done');
    create type app.scope as enum ('read', 'write'); create type app.address as (street text, zip varchar(10));
    create domain app.email as extensions.citext check (value ~ '^[^@]+@[^@]+[.][a-z]{2,}$'); create domain app.positive as int check (value > 0);
    create sequence app.shared_seq;
    ${models(style('auth'), AUTH)}
    ${models(style('storage'), STORAGE)}
    ${models(style('app'), APP.replace(/^.*primary key_.*$/m, ''))}
    create table app.quotas (organization_id uuid primary key references app.organizations on delete cascade, seats app.positive not null);
    create table app.usage (organizations_id uuid not null references app.organizations, day date not null, kind text not null, amount bigint not null, primary key (organizations_id, kind, day)) partition by list (kind);
    create table app.usage_api partition of app.usage for values in ('api') partition by range (day);
    create table app.usage_api_old partition of app.usage_api for values from (minvalue) to ('2026-01-01');
    create table app.usage_api_new partition of app.usage_api for values from ('2026-01-01') to (maxvalue);
    create table app.usage_rest partition of app.usage default partition by hash (organizations_id);
    create table app.usage_rest_0 partition of app.usage_rest for values with (modulus 2, remainder 0);
    create table app.usage_rest_1 partition of app.usage_rest for values with (modulus 2, remainder 1);
    create table app.entity (id uuid primary key default gen_random_uuid(), organizations_id uuid not null references app.organizations, kind text);
    create table app.ticket (priority int check (priority > 0)) inherits (app.entity); create table app.incident (severity int) inherits (app.ticket);
    create table "Weird Schema"."Order % Lines" ("select" uuid not null references app.organizations, "a""b" int generated always as identity, "ünïcode ☃" text, "$1" text, primary key ("select", "a""b"));
    create table "Weird Schema"."table" ("user" int generated always as identity primary key, "group" uuid not null, "Order" int, foreign key ("group", "Order") references "Weird Schema"."Order % Lines" ("select", "a""b"));
    create table "Weird Schema"."a.b" (id int primary key, "organization.id" uuid not null references app.organizations);
    create table "Weird Schema"."a very long name of a table, which takes sixty-three bytes....." (id int primary key, "a very long name of a column, which takes sixty-three bytes...." uuid not null references app.organizations);
    create table "Weird Schema"."TAB" ("ID" int primary key, "ORG" uuid not null references app.organizations); create table "Weird Schema".tab ("ID" int primary key references "Weird Schema"."TAB");
    create table "Weird Schema"."" "" (); `.replace(
      `create table "Weird Schema"."" "" (); `,
      'create table "Weird Schema"."\t" (); create table public.nothing ();',
    ) +
    `
    create table public."json_table" (id int primary key, organization uuid not null references app.organizations); create table public.merge_action (id int primary key, organization uuid not null references app.organizations);
    create table app.no_key (organizations_id uuid not null references app.organizations, payload json);
    create unlogged table app.cache (organizations_id uuid not null references app.organizations, value text);
    create table app.pairs (a uuid not null, b uuid not null, constraint k primary key (a, b)); create table app.pair_children (id int primary key, a uuid not null, b uuid not null, foreign key (a, b) references app.pairs match full deferrable initially deferred);
    alter table app.organizations add foreign key (created_by) references auth.users deferrable initially deferred;
    alter table app.projects enable row level security; alter table app.invoices enable row level security; alter table app.invoices force row level security;
    create policy "members can read" on app.projects for select using (organizations_id in (select organizations_id from app.memberships where user_id = nullif(current_setting('request.uid', true), '')::uuid));
    create policy "service" on app.invoices to backend_anon using (true);
    create table app.job (id bigint generated always as identity (start with 10 increment by 10) primary key, organizations_id uuid not null references app.organizations, args jsonb not null check (args @? '$.x'), run_at timestamptz not null check (extract(dow from run_at) < 7), cost bigint check (cost % 7 = 0), code text collate "C" not null check (code = upper(code) and length(code) = 5) unique);
    create table app.geo (id serial primary key, organizations_id uuid not null references app.organizations, at point not null, area box, bits bit(8) not null check (bits <> B'00000000'), mac macaddr, net cidr not null, span interval not null check (span > interval '0'), amount numeric(4, 3) not null check (amount < 1), flag "char" not null);
    create function app.check_owner(o uuid) returns boolean language sql stable as $$ select exists (select from app.organizations where id = o) $$;
    create table app.checked (id int primary key, organizations_id uuid not null check (app.check_owner(organizations_id)));
    create function app.reject() returns trigger language plpgsql as $$ begin raise exception 'append only'; end $$;
    create trigger reject before update or delete on app.deployment_logs for each row execute function app.reject();
    create function app.rewrite() returns trigger language plpgsql as $$ begin new.name := upper(new.name); new.settings := new.settings || '{"b": 2}'; return new; end $$;
    create trigger rewrite before insert or update on app.projects for each row execute function app.rewrite();
    create function app.first_project() returns trigger language plpgsql as $$ begin insert into app.projects (organizations_id, name, region) values (new.id, 'first', 'eu'); return null; end $$;
    create trigger first_project after insert on app.organizations for each row execute function app.first_project();
    create function app.swallow() returns trigger language plpgsql as $$ begin return null; end $$;
    create trigger swallow before insert on app.rates for each row execute function app.swallow();
    create constraint trigger totals after insert on app.invoice_lines deferrable initially deferred for each row execute function app.reject();
    create view app.project_names with (security_invoker = true) as select id, organizations_id, name from app.projects;
    create view app.all_invoices as select * from app.invoices; create view public.secure with (security_barrier) as select * from app.contacts;
    create materialized view app.totals as select organizations_id, sum(amount) from app.invoices group by 1 with no data;
    create server elsewhere foreign data wrapper postgres_fdw options (host 'nowhere.invalid'); create foreign table app.remote (organizations_id uuid not null, x int) server elsewhere;
    create rule shadow as on insert to app.features do also insert into app.counters (organizations_id, name) select id, new.name from app.organizations;
    create table cron.job (jobid bigint primary key, schedule text not null, command text not null); alter table cron.job enable row level security;
    create event trigger_placeholder;`.replace('create event trigger_placeholder;', ''),
  finish: () => `
    alter schema auth owner to backend_auth_admin;
    do $$ declare t regclass; begin
      for t in select oid from pg_class where relnamespace = 'auth'::regnamespace and relkind = 'r' loop execute format('alter table %s owner to backend_auth_admin', t); end loop;
    end $$;
    grant usage on schema auth, app to backend_owner, backend_auth_admin; grant references, select on all tables in schema auth to backend_owner; grant select on app.organizations to backend_auth_admin;`,
  seed: `
    insert into app.organizations (id, slug, name) values ('0a000000-0000-4000-8000-00000000000a', 'aaa', 'a'), ('0b000000-0000-4000-8000-00000000000b', 'bbb', 'b');
    insert into auth.users (id, email) values ('0a000000-0000-4000-8000-0000000000aa', 'a'), ('0b000000-0000-4000-8000-0000000000bb', 'b');
    insert into app.memberships (organizations_id, user_id) select o.id, u.id from app.organizations o join auth.users u on u.email = o.name;
    insert into auth.sessions (users_id) select id from auth.users;
    insert into app.branches (projects_id, name) select id, 'main' from app.projects;
    insert into app.deployments (branches_id, number) select id, 1 from app.branches;
    insert into app.deployment_logs (deployments_id, line, message, level) select id, 1, 'x', 10 from app.deployments;
    insert into app.deployment_log_labels (deployment_logs_id, label) select id, 'x' from app.deployment_logs;
    insert into app.usage (organizations_id, day, kind, amount) select id, '2026-05-05', k, 1 from app.organizations, unnest('{api,other}'::text[]) k;
    insert into app.incident (organizations_id, priority) select id, 1 from app.organizations;
    insert into "Weird Schema"."Order % Lines" ("select") select id from app.organizations;
    insert into "Weird Schema"."table" ("group", "Order") select "select", "a""b" from "Weird Schema"."Order % Lines";
    insert into "Weird Schema"."a.b" select row_number() over (), id from app.organizations;`,
  writes: [
    `insert into app.usage (organizations_id, day, kind, amount) values ('0a000000-0000-4000-8000-00000000000a', '2026-07-07', 'api', 1)`,
    `insert into "Weird Schema"."Order % Lines" ("select") values ('0a000000-0000-4000-8000-00000000000a')`,
  ],
  seen: [
    'app.organizations',
    'auth.users',
    'app.memberships',
    'auth.sessions',
    'app.branches',
    'app.deployment_log_labels',
    'app.usage',
    'app.entity',
    '"Weird Schema"."Order % Lines"',
    '"Weird Schema"."table"',
    '"Weird Schema"."a.b"',
  ],
};
