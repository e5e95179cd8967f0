/** A team chat in Go with a CRM beside it: 26-character keys, millisecond timestamps, a schema per concern, few foreign keys. */
import { models, type Style } from './models';
import type { Product } from './product';

const chat: Style = {
  schema: 'public',
  key: 'varchar(26)',
  keyDefault: 'not null',
  table: (name) => name.toLowerCase(),
  reference: (table) => `${table.toLowerCase()}id`,
  foreignKey: undefined,
  last: 'createat bigint not null default 0, updateat bigint, deleteat bigint not null default 0',
};

const CHAT = `
  Teams: ; displayname varchar(64), name varchar(64) unique, type team_type, allowopeninvite boolean, schemeid varchar(26), cloudlimitsarchived boolean not null default false
  Users: ; username varchar(64) unique, email varchar(128) unique, authdata varchar(128) unique, roles varchar(256), props jsonb, notifyprops jsonb, position varchar(128)
  TeamMembers: ; teamid varchar(26) not null references teams, userid varchar(26) not null references users, roles varchar(256), unique (teamid, userid)
  Channels: ; teamid varchar(26) not null references teams, type channel_type, displayname varchar(64), name varchar(64), creatorid varchar(26), extraupdateat bigint, unique (name, teamid)
  ChannelMembers: ; channelid varchar(26) not null references channels on delete cascade, userid varchar(26) not null, roles varchar(256), msgcount bigint, unique (channelid, userid)
  ChannelMemberHistory: ; channelid varchar(26) not null references channels, userid varchar(26) not null, jointime bigint not null
  SidebarCategories: ; userid varchar(26), teamid varchar(26), sortorder bigint, type varchar(64), displayname varchar(64)
  SidebarChannels: ; channelid varchar(26) not null, userid varchar(26) not null, categoryid varchar(128) not null
  Posts: ; editat bigint, userid varchar(26), channelid varchar(26) not null references channels, rootid varchar(26) references posts, message varchar(65535), props jsonb, hashtags varchar(1000), ispinned boolean
  PostsPriority: ; postid varchar(26) not null unique references posts, channelid varchar(26) not null, priority varchar(32) not null
  Threads: ; postid varchar(26) not null unique references posts on delete cascade, replycount bigint, participants jsonb, channelid varchar(26), threadteamid varchar(26)
  ThreadMemberships: ; postid varchar(26) not null references posts, userid varchar(26) not null, following boolean, unique (postid, userid)
  Reactions: ; userid varchar(26) not null, postid varchar(26) not null references posts, emojiname varchar(64) not null, channelid varchar(26) not null default '', unique (postid, userid, emojiname)
  FileInfo: ; creatorid varchar(26), postid varchar(26), path varchar(512), content text, size bigint, remoteid varchar(26)
  Drafts: ; userid varchar(26) not null, channelid varchar(26) not null references channels, rootid varchar(26) default '', message varchar(65535), unique (userid, channelid, rootid)
  Commands: ; token varchar(26), creatorid varchar(26), teamid varchar(26), trigger varchar(128), method varchar(1) check (method in ('P', 'G')), username varchar(64), url varchar(1024)
  CommandWebhooks: ; commandid varchar(26), userid varchar(26), channelid varchar(26), usecount bigint
  IncomingWebhooks: ; userid varchar(26), channelid varchar(26), teamid varchar(26), displayname varchar(64), locked boolean
  OutgoingWebhooks: ; token varchar(26), creatorid varchar(26), channelid varchar(26), teamid varchar(26), triggerwords varchar(1024), callbackurls varchar(1024)
  Emoji: ; creatorid varchar(26), name varchar(64), unique (name, deleteat)
  Sessions: ; token varchar(26), expiresat bigint, userid varchar(26), deviceid varchar(512), props jsonb, expirednotify boolean
  Tokens: ; token varchar(64) unique, type varchar(64), extra varchar(2048)
  UserAccessTokens: ; token varchar(26) unique, userid varchar(26), isactive boolean
  UserTermsOfService: ; userid varchar(26) unique, termsofserviceid varchar(26)
  Preferences: ; userid varchar(26) not null, category varchar(32) not null, name varchar(32) not null, value text, unique (userid, category, name)
  Roles: ; name varchar(64) unique, permissions text, schememanaged boolean, builtin boolean
  Schemes: ; name varchar(64) unique, scope varchar(32), defaultteamadminrole varchar(64)
  Systems: ; name varchar(64) unique, value varchar(1024)
  Status: ; userid varchar(26) unique, status varchar(32), manual boolean, lastactivityat bigint
  Jobs: ; type varchar(32), priority bigint, startat bigint, status varchar(32), progress bigint, data jsonb
  Audits: ; userid varchar(26), action varchar(512), extrainfo varchar(1024), ipaddress varchar(64), sessionid varchar(26)
  Bots: ; userid varchar(26) not null unique, description varchar(1024), ownerid varchar(190)
  OAuthApps: ; creatorid varchar(26), clientsecret varchar(128), name varchar(64), callbackurls varchar(1024), istrusted boolean
  OAuthAccessData: ; token varchar(26) unique, refreshtoken varchar(26), clientid varchar(26), userid varchar(26), unique (clientid, userid)
  UserGroups: ; name varchar(64) unique, displayname varchar(128), source varchar(64), remoteid varchar(48), unique (source, remoteid)
  GroupMembers: ; groupid varchar(26) not null references usergroups, userid varchar(26) not null references users, unique (groupid, userid)
  GroupTeams: ; groupid varchar(26) not null references usergroups, teamid varchar(26) not null references teams, autoadd boolean, unique (groupid, teamid)
  GroupChannels: ; groupid varchar(26) not null references usergroups, channelid varchar(26) not null references channels, autoadd boolean, unique (groupid, channelid)
  RetentionPolicies: ; displayname varchar(64), postduration bigint
  RetentionPoliciesTeams: ; policyid varchar(26) references retentionpolicies on delete cascade, teamid varchar(26) not null unique
  RetentionPoliciesChannels: ; policyid varchar(26) references retentionpolicies on delete cascade, channelid varchar(26) not null unique
  PluginKeyValueStore: ; pluginid varchar(190) not null, pkey varchar(150) not null, pvalue bytea, expireat bigint, unique (pluginid, pkey)
  RemoteClusters: ; remoteid varchar(26) not null unique, remoteteamid varchar(26), name varchar(64), siteurl varchar(512)
  SharedChannels: ; channelid varchar(26) not null unique, teamid varchar(26) not null references teams, home boolean, remoteid varchar(26)
  ChannelBookmarks: ; ownerid varchar(26) not null, channelid varchar(26) not null references channels, fileinfoid varchar(26) references fileinfo, displayname text, sortorder int default 0, type channel_bookmark_type default 'link'
  Playbooks: ; teamid varchar(26) not null references teams, title varchar(1024) not null, checklistsjson json not null check (json_typeof(checklistsjson) = 'array'), numstages bigint default 0
  PlaybookMember: ; playbookid varchar(26) not null references playbooks, memberid varchar(26) not null, unique (playbookid, memberid)
  Incident: ; teamid varchar(26) not null references teams, commanderuserid varchar(26) not null, channelid varchar(26) not null unique references channels, name text not null, currentstatus text not null default 'Active', playbookid varchar(26) not null references playbooks
  StatusPosts: ; incidentid varchar(26) not null references incident, postid varchar(26) not null references posts, unique (incidentid, postid)
  TimelineEvent: ; incidentid varchar(26) not null references incident, eventtype varchar(32) not null, summary varchar(256) not null, details varchar(4096)
  LinkMetadata: ; hash bigint not null unique, url varchar(2048), timestamp bigint, type varchar(16), data jsonb
  ProductNoticeViewState: ; userid varchar(26) not null, noticeid varchar(26) not null, viewed int, unique (userid, noticeid)
  UploadSessions: ; type upload_session_type, userid varchar(26), channelid varchar(26), filename varchar(256), filesize bigint
`;

const CORE = `
  Workspace: ; "displayName" text, domain text unique, "activationStatus" core.activation not null default 'INACTIVE', CHECK ("activationStatus" <> 'ACTIVE' or domain is not null)
  User: > Workspace? as defaultWorkspaceId ; "firstName" text not null default '', email text not null
  UserWorkspace: > User!, > Workspace! ; unique ("userId", "workspaceId")
  AppToken: > User?, > Workspace? ; type text not null, value text, "expiresAt" timestamptz not null default now()
  FeatureFlag: > Workspace! ; key text not null, value boolean not null, unique (key, "workspaceId")
  KeyValuePair: > User?, > Workspace? ; key text not null, value jsonb, type core.kvp not null default 'USER_VAR'
  BillingCustomer: > Workspace ; "stripeCustomerId" text not null unique
  BillingSubscription: > Workspace, > BillingCustomer ; status text not null, period tstzrange
  BillingSubscriptionItem: > BillingSubscription! ; quantity numeric check (quantity > 0 and quantity < 1000000)
  PostgresCredentials: > Workspace! ; "user" text not null, "passwordHash" text not null
  WorkspaceSSOIdentityProvider: > Workspace! ; name text not null, issuer text not null
  DataSource: ; "workspaceId" uuid not null, url varchar, schema varchar, type varchar not null default 'postgres'
  ObjectMetadata: > DataSource! ; "workspaceId" uuid not null, "nameSingular" text not null, unique ("workspaceId", "nameSingular")
  FieldMetadata: > ObjectMetadata! ; "workspaceId" uuid not null, name text not null, type text not null, options jsonb, "isNullable" boolean default true, unique (name, "objectMetadataId", "workspaceId")
  RelationMetadata: > ObjectMetadata! as fromObjectMetadataId, > ObjectMetadata! as toObjectMetadataId, > FieldMetadata as fromFieldMetadataId ; "workspaceId" uuid not null
  IndexMetadata: > ObjectMetadata! ; "workspaceId" uuid, name text not null
  IndexFieldMetadata: > IndexMetadata!, > FieldMetadata! ; "order" int not null
  Role: ; "workspaceId" uuid not null, label text not null, unique (label, "workspaceId")
  RoleTargets: > Role! ; "workspaceId" uuid not null, "userWorkspaceId" uuid, "agentId" uuid, check (("userWorkspaceId" is null) <> ("agentId" is null))
  ObjectPermission: > Role!, > ObjectMetadata! ; "workspaceId" uuid not null
  ServerlessFunction: ; "workspaceId" uuid not null, name text not null, runtime text not null default 'nodejs22.x'
  Webhook: > Workspace! ; "targetUrl" text not null, operations text[] not null default '{*.*}', secret text
  ApiKey: > Workspace! ; name text not null, "expiresAt" timestamptz not null
  Agent: ; "workspaceId" uuid not null, name text not null, prompt text not null
  AgentChatThread: > Agent!, > UserWorkspace! ; title text
  AgentChatMessage: > AgentChatThread! ; role text not null check (role = any (array['user', 'assistant'])), content text
`;

const core: Style = {
  schema: 'core',
  key: 'uuid',
  keyDefault: 'not null default gen_random_uuid()',
  table: (name) => name.charAt(0).toLowerCase() + name.slice(1),
  reference: (table) => `${table.charAt(0).toLowerCase()}${table.slice(1)}Id`,
  foreignKey: '',
  last: '"createdAt" timestamptz not null default now(), "deletedAt" timestamptz',
};

export const chatApp: Product = {
  name: 'chat',
  organizations: 'teams',
  tenants: ['aaaaaaaaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbbbbbbbb'],
  schema: () => `
    create type team_type as enum ('I', 'O'); create type channel_type as enum ('P', 'G', 'O', 'D');
    create type channel_bookmark_type as enum ('link', 'file'); create type upload_session_type as enum ('attachment', 'import');
    ${models(chat, CHAT)}
    create materialized view poststats as select userid, channelid, count(*) as num from posts group by userid, channelid;
    create view botposts as select p.* from posts p join bots b on b.userid = p.userid;
    create table db_migrations (version bigint primary key, name varchar not null);
    create index on posts using gin (to_tsvector('english', message));
    create function add_user() returns trigger language plpgsql security definer as $$ begin
      insert into status (id, userid) values (new.id, new.id) on conflict do nothing; return new; end $$;
    create trigger add_user after insert on users for each row execute function add_user();`,
  seed: `
    insert into teams (id, name) values ('aaaaaaaaaaaaaaaaaaaaaaaaaa', 'a'), ('bbbbbbbbbbbbbbbbbbbbbbbbbb', 'b');
    insert into users (id) values ('ua'), ('ub');
    insert into teammembers (id, teamid, userid) values ('1', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'ua'), ('2', 'bbbbbbbbbbbbbbbbbbbbbbbbbb', 'ub');
    insert into channels (id, teamid, name) values ('ca', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', 'x'), ('cb', 'bbbbbbbbbbbbbbbbbbbbbbbbbb', 'x');
    insert into posts (id, channelid) values ('pa', 'ca'), ('pb', 'cb');
    insert into threads (id, postid) values ('pa', 'pa'), ('pb', 'pb');
    insert into threadmemberships (id, postid, userid) values ('pa', 'pa', 'ua'), ('pb', 'pb', 'ub');`,
  writes: [`insert into threadmemberships (id, postid, userid) values ('x', 'pa', 'x')`],
  seen: ['teams', 'users', 'teammembers', 'channels', 'posts', 'threads', 'threadmemberships'],
};

/** One schema of definitions, and one per workspace, which no foreign key ties to it. */
export const crm: Product = {
  name: 'crm',
  organizations: 'core.workspace',
  tenants: ['0a000000-0000-4000-8000-00000000000a', '0b000000-0000-4000-8000-00000000000b'],
  schema: () => `
    create schema core; create type core.activation as enum ('ACTIVE', 'INACTIVE', 'SUSPENDED'); create type core.kvp as enum ('USER_VAR', 'CONFIG');
    ${models(core, CORE)}
    alter table core."user" add column "isDemo" boolean generated always as (email like '%@demo.test') stored;
    ${['workspace_1a', 'workspace_2b']
      .map(
        (schema) => `create schema ${schema};
        ${models({ ...core, schema }, CONTENTS)}
        create table ${schema}."_timeline" (at timestamptz not null default now(), payload jsonb);`,
      )
      .join('\n')}`,
  seed: `
    insert into core.workspace (id, domain) values ('0a000000-0000-4000-8000-00000000000a', 'a'), ('0b000000-0000-4000-8000-00000000000b', 'b');
    insert into core."user" (id, email) values ('0a000000-0000-4000-8000-0000000000aa', 'a'), ('0b000000-0000-4000-8000-0000000000bb', 'b');
    insert into core."userWorkspace" ("userId", "workspaceId") select u.id, w.id from core."user" u join core.workspace w on w.domain = u.email;
    insert into core."dataSource" ("workspaceId") select id from core.workspace;
    insert into core."objectMetadata" ("dataSourceId", "workspaceId", "nameSingular") select id, "workspaceId", 'x' from core."dataSource";
    insert into core.agent ("workspaceId", name, prompt) select id, 'x', 'x' from core.workspace;
    insert into core."agentChatThread" ("agentId", "userWorkspaceId") select a.id, u.id from core.agent a join core."userWorkspace" u using ("workspaceId");
    insert into core."agentChatMessage" ("agentChatThreadId", role) select id, 'user' from core."agentChatThread";`,
  writes: [
    `insert into core.webhook ("workspaceId", "targetUrl") values ('0a000000-0000-4000-8000-00000000000a', 'x')`,
  ],
  seen: [
    'core.workspace',
    'core."userWorkspace"',
    'core."dataSource"',
    'core."objectMetadata"',
    'core."agentChatMessage"',
  ],
};

const CONTENTS = `
  Company: ; name text, "domainName" text, employees numeric, "searchVector" tsvector generated always as (to_tsvector('simple', coalesce(name, ''))) stored
  Person: > Company? ; name text, emails jsonb
  Opportunity: > Company?, > Person? as pointOfContactId ; amount numeric, stage text not null default 'NEW'
  Note: ; title text, body text
  NoteTarget: > Note?, > Person?, > Company?, > Opportunity?
  Task: > Person? as assigneeId ; title text, "dueAt" timestamptz
  TaskTarget: > Task?, > Person?, > Company?
  Message: ; subject text, "receivedAt" timestamptz
  MessageThread: ; subject text
  Attachment: > Note?, > Task? ; name text
  Workflow: ; name text, statuses text[]
  WorkflowVersion: > Workflow? ; trigger jsonb, steps jsonb
  WorkflowRun: > WorkflowVersion? ; status text
`;
