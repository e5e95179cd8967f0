/** An error tracker on Django: bigint keys, everything deferrable, organization -> project -> all else, through tables. */
import { django, models } from './models';
import type { Product } from './product';

const CORE = `
  Organization: > User? as default_owner_id ; slug varchar(50) not null unique check (slug <> ''), name varchar(64) not null, status int not null default 0 check (status >= 0), flags bigint not null default 1
  User: ; username varchar(128) not null unique, email varchar(75) not null, is_superuser boolean not null default false, is_active boolean not null default true
  OrganizationMember: > Organization, > User?, > User? as inviter_id ; email varchar(75), role varchar(32) not null default 'member', unique (organization_id, user_id), unique (organization_id, email), check (user_id is not null or email is not null)
  Team: > Organization ; slug varchar(50) not null, unique (organization_id, slug)
  OrganizationMemberTeam: > OrganizationMember, > Team ; is_active boolean not null, unique (team_id, organization_member_id)
  Project: > Organization ; slug varchar(50) not null, platform varchar(64), forced_color varchar(6), unique (organization_id, slug)
  ProjectTeam: > Project, > Team ; unique (project_id, team_id)
  ProjectOption: > Project ; key varchar(64) not null, value text not null, unique (project_id, key)
  ProjectKey: > Project? ; public_key varchar(32) unique, secret_key varchar(32) unique, status int not null check (status in (0, 1, 2, 3)), data jsonb not null default '{}'
  Environment: > Organization ; name varchar(64) not null
  EnvironmentProject: > Project, > Environment ; is_hidden boolean, unique (project_id, environment_id)
  Release: > Organization ; version varchar(250) not null check (length(btrim(version)) > 0), date_released timestamptz, unique (organization_id, version)
  ReleaseProject: > Release, > Project ; new_groups int default 0, unique (project_id, release_id)
  ReleaseFile: > Release, > File ; ident varchar(40) not null, name text not null, unique (release_id, ident)
  Group: > Project, > Release? as first_release_id ; logger varchar(64) not null default '', level int not null default 40 check (level > 0), message text not null, status int not null default 0, times_seen int not null default 1, short_id bigint, unique (project_id, short_id)
  GroupHash: > Project?, > Group? ; hash varchar(32) not null check (hash ~ '^[0-9a-f]{32}$'), unique (project_id, hash)
  GroupAssignee: > Group, > Project, > User?, > Team? ; check ((user_id is null) <> (team_id is null))
  GroupBookmark: > Group, > Project, > User ; unique (project_id, user_id, group_id)
  GroupMeta: > Group ; key varchar(64) not null, value text not null, unique (group_id, key)
  GroupSeen: > Group, > Project, > User ; last_seen timestamptz not null, unique (user_id, group_id)
  GroupLink: > Group, > Project ; linked_type int not null default 1, linked_id bigint not null, unique (group_id, linked_type, linked_id)
  GroupRelease: ; project_id bigint not null check (project_id >= 0), group_id bigint not null check (group_id >= 0), release_id bigint not null check (release_id >= 0), environment varchar(64) not null default ''
  GroupHistory: > Organization, > Group, > Project, > Release?, > Group? as prev_history_id ; status int not null
  GroupOwner: > Group, > Project, > Organization, > User?, > Team? ; type int not null
  Activity: > Project, > Group?, > User? ; type int not null, data jsonb
  Event: ; project_id bigint, group_id bigint, event_id varchar(32), unique (project_id, event_id)
  EventAttachment: ; project_id bigint not null, event_id varchar(32) not null, name text not null, blob_path text
  File: > FileBlob? ; name text not null, type varchar(64) not null, checksum varchar(40)
  FileBlob: ; path text, size int, checksum varchar(40) not null unique
  FileBlobIndex: > File, > FileBlob ; "offset" int not null check ("offset" >= 0), unique (file_id, file_blob_id, "offset")
  FileBlobOwner: > FileBlob ; organization_id bigint not null, unique (file_blob_id, organization_id)
  Rule: > Project, > Environment? ; label varchar(64) not null, data jsonb not null
  RuleActivity: > Rule, > User? ; type int not null
  RuleFireHistory: > Project, > Rule, > Group ; event_id varchar(32)
  AlertRule: > Organization, > SnubaQuery, > Team?, > User? ; name text not null, threshold_type smallint not null, resolve_threshold double precision
  AlertRuleTrigger: > AlertRule ; label text not null, alert_threshold double precision not null, unique (alert_rule_id, label)
  AlertRuleTriggerAction: > AlertRuleTrigger, > Integration? ; type smallint not null, target_type smallint not null, target_identifier text
  AlertRuleActivity: > AlertRule, > User? ; type int not null
  SnubaQuery: > Environment? ; dataset text not null, query text not null, time_window int not null check (time_window > 0)
  QuerySubscription: > Project, > SnubaQuery ; type text not null, subscription_id text unique
  Incident: > Organization, > AlertRule ; identifier int not null, status smallint not null default 1, title text not null, unique (organization_id, identifier)
  IncidentProject: > Incident, > Project ; unique (project_id, incident_id)
  IncidentActivity: > Incident, > User? ; type int not null, comment text
  IncidentTrigger: > Incident, > AlertRuleTrigger ; status smallint not null
  Monitor: ; organization_id bigint not null check (organization_id >= 0), project_id bigint not null check (project_id >= 0), slug varchar(50) not null, config jsonb not null
  MonitorEnvironment: > Monitor ; environment_id bigint not null, status int not null
  MonitorCheckIn: > Monitor, > MonitorEnvironment? ; project_id bigint not null, status int not null, duration int check (duration >= 0)
  Dashboard: > Organization, > User? as created_by_id ; title varchar(255) not null, visits bigint default 1, unique (organization_id, title)
  DashboardProject: > Project, > Dashboard ; unique (project_id, dashboard_id)
  DashboardWidget: > Dashboard ; "order" int not null check ("order" >= 0), title varchar(255) not null, display_type int not null, detail jsonb, unique (dashboard_id, "order")
  DashboardWidgetQuery: > DashboardWidget ; name varchar(255) not null, fields text[], conditions text not null, "order" int not null
  DashboardTombstone: > Organization ; slug varchar(255) not null, unique (organization_id, slug)
  DiscoverSavedQuery: > Organization, > User? as created_by_id ; name varchar(255) not null, query jsonb not null
  DiscoverSavedQueryProject: > Project, > DiscoverSavedQuery ; unique (project_id, discover_saved_query_id)
  Integration: ; provider varchar(64) not null, external_id varchar(64) not null, metadata jsonb not null, unique (provider, external_id)
  OrganizationIntegration: > Organization, > Integration ; config jsonb not null, default_auth_id int, unique (organization_id, integration_id)
  Repository: ; organization_id bigint not null, name varchar(200) not null, provider varchar(64), external_id varchar(64), unique (organization_id, provider, external_id)
  Commit: ; organization_id bigint not null, repository_id bigint not null, key varchar(64) not null, message text, author_id bigint, unique (repository_id, key)
  CommitAuthor: ; organization_id bigint not null, name varchar(128), email varchar(200) not null, unique (organization_id, email)
  CommitFileChange: > Commit ; organization_id bigint not null, filename varchar(2047) not null, type varchar(1) not null check (type in ('A', 'D', 'M'))
  ReleaseCommit: > Release, > Commit ; organization_id bigint not null, project_id bigint, "order" int not null
  PullRequest: ; organization_id bigint not null, repository_id bigint not null, key varchar(64) not null, unique (repository_id, key)
  RepositoryProjectPathConfig: > Repository, > Project ; organization_integration_id bigint not null, stack_root text not null, source_root text not null, unique (project_id, stack_root)
  ProjectCodeOwners: > Project, > RepositoryProjectPathConfig ; raw text, schema jsonb not null
  ApiApplication: > User? as owner_id ; client_id varchar(64) not null unique, client_secret text not null, name varchar(64) not null
  ApiToken: > ApiApplication?, > User ; token varchar(71) not null unique, scope_list text[]
  ApiKey: > Organization ; key varchar(32) not null unique, scopes bigint not null, label varchar(64) not null
  AuthIdentity: > User, > AuthProvider ; ident varchar(128) not null, data jsonb not null, unique (auth_provider_id, ident), unique (auth_provider_id, user_id)
  AuthProvider: ; organization_id bigint not null unique, provider varchar(128) not null, config jsonb not null
  Authenticator: > User ; type int not null, config bytea, unique (user_id, type)
  UserEmail: > User ; email varchar(75) not null, is_verified boolean not null, unique (user_id, email)
  UserOption: > User, > Project?, > Organization? ; key varchar(64) not null, value text not null, unique (user_id, project_id, key), unique (user_id, organization_id, key)
  UserRole: ; name varchar(32) not null unique, permissions text[] not null
  UserRoleUser: > User, > UserRole ; unique (user_id, user_role_id)
  NotificationSetting: > User?, > Team? ; scope_type varchar(32) not null, scope_identifier bigint not null, value varchar(32) not null, check (num_nonnulls(user_id, team_id) = 1)
  SentryApp: > User? as proxy_user_id, > ApiApplication? as application_id, > Organization as owner_id ; name text not null, slug varchar(64) not null unique, uuid varchar(64) not null
  SentryAppInstallation: > SentryApp, > Organization ; api_grant_id bigint unique, uuid varchar(64) not null
  SentryAppComponent: > SentryApp ; type varchar(64) not null, schema jsonb not null
  ServiceHook: ; guid varchar(32) unique, application_id bigint, organization_id bigint, project_id bigint, url varchar(512) not null, events text[]
  ServiceHookProject: > ServiceHook ; project_id bigint not null, unique (service_hook_id, project_id)
  SavedSearch: > Organization?, > User? as owner_id ; name varchar(128) not null, query text not null, is_global boolean, check (is_global is not true or organization_id is null)
  RecentSearch: > Organization, > User ; query text not null, query_hash varchar(32) not null, unique (user_id, organization_id, query_hash)
  Counter: > Project ; value bigint not null
  LatestRepoReleaseEnvironment: ; repository_id bigint not null, environment_id bigint not null, release_id bigint not null
  Deploy: > Release ; organization_id bigint not null, environment_id bigint not null, name varchar(64)
  Distribution: > Release ; organization_id bigint not null, name varchar(64) not null, unique (release_id, name)
  ArtifactBundle: ; organization_id bigint not null, bundle_id uuid not null, artifact_count int not null check (artifact_count >= 0)
  ProjectArtifactBundle: > ArtifactBundle ; organization_id bigint not null, project_id bigint not null
  Replay: > Project ; replay_id uuid not null, segment int not null
  PromptsActivity: > User ; organization_id bigint not null, project_id bigint not null, feature varchar(64) not null, data jsonb not null
  RelayUsage: ; relay_id varchar(64) not null, version varchar(32) not null, public_key varchar(200), unique (relay_id, version)
  ScheduledDeletion: > User? as actor_id ; guid varchar(32) not null unique, app_label varchar(64) not null, model_name varchar(64) not null, object_id bigint not null, data jsonb not null
  ControlOption: ; key varchar(128) not null unique, value text not null
  AuditLogEntry: ; organization_id bigint not null, actor_id bigint, event int not null, ip_address inet, data jsonb not null
`;

export const errors: Product = {
  name: 'errors',
  organizations: 'sentry_organization',
  tenants: ['4501', '4502'],
  prepare: () => 'create extension citext; create extension pg_trgm;',
  schema: () => `
    ${models(django('sentry'), CORE)}
    alter table sentry_user alter column id set generated always;
    create table django_content_type (id int generated by default as identity primary key, app_label varchar(100) not null, model varchar(100) not null, unique (app_label, model));
    create table django_migrations (id bigint generated by default as identity primary key, app varchar(255) not null, name varchar(255) not null, applied timestamptz not null);
    create table django_session (session_key varchar(40) primary key, session_data text not null, expire_date timestamptz not null);
    create table django_admin_log (id int generated by default as identity primary key, object_id text, action_flag smallint not null check (action_flag >= 0),
      content_type_id int references django_content_type deferrable initially deferred, user_id bigint not null references sentry_user deferrable initially deferred);
    create table auth_permission (id int generated by default as identity primary key, content_type_id int not null references django_content_type deferrable initially deferred, codename varchar(100) not null);
    create table sentry_user_user_permissions (id bigint generated by default as identity primary key, user_id bigint not null references sentry_user deferrable initially deferred,
      permission_id int not null references auth_permission deferrable initially deferred, unique (user_id, permission_id));
    create table generic_tag (id bigint generated by default as identity primary key, content_type_id int not null references django_content_type deferrable initially deferred,
      object_id bigint not null, label citext not null);
    create table nodestore_node (id varchar(40) primary key, data text not null, "timestamp" timestamptz not null);
    create index on sentry_group using gin (message gin_trgm_ops);
    create function sentry_increment_project_counter(project bigint, delta int) returns bigint language plpgsql as $$
      declare new_val bigint; begin
        insert into sentry_counter (project_id, value) values (project, delta) returning value into new_val; return new_val; end $$;
    create function number_group() returns trigger language plpgsql as $$ begin
      if new.short_id is null then new.short_id := new.id; end if;
      if not exists (select from sentry_project where id = new.project_id) then raise exception 'no project %', new.project_id; end if;
      return new; end $$;
    create trigger number_group before insert on sentry_group for each row execute function number_group();`,
  seed: `
    insert into sentry_organization (id, slug, name) values (4501, 'a', 'a'), (4502, 'b', 'b');
    insert into sentry_project (id, organization_id, slug) values (11, 4501, 'p'), (12, 4502, 'p');
    insert into sentry_group (id, project_id, message) values (21, 11, 'x'), (22, 12, 'x');
    insert into sentry_groupmeta (group_id, key, value) select id, 'k', 'v' from sentry_group;
    insert into sentry_release (id, organization_id, version) values (31, 4501, 'v'), (32, 4502, 'v');
    insert into sentry_dashboard (id, organization_id, title) values (41, 4501, 't'), (42, 4502, 't');
    insert into sentry_dashboardwidget (id, dashboard_id, "order", title, display_type) select id, id, 0, 't', 0 from sentry_dashboard;
    insert into sentry_dashboardwidgetquery (dashboard_widget_id, name, conditions, "order") select id, 'q', '', 0 from sentry_dashboardwidget;`,
  writes: [`insert into sentry_groupmeta (group_id, key, value) values (21, 'x', 'y')`],
  seen: [
    'sentry_organization',
    'sentry_project',
    'sentry_group',
    'sentry_groupmeta',
    'sentry_release',
    'sentry_dashboardwidgetquery',
  ],
};
