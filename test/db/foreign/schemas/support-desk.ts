/** A support desk with a forum, on Rails: integer keys, hardly a foreign key, polymorphic rows, triggers that count. */
import { models, rails, type Style } from './models';
import type { Product } from './product';

/** Columns by name only, as Rails made them for years. */
const loose: Style = { ...rails, foreignKey: undefined };

const LOOSE = `
  AccountUser: > Account, > User ; role int not null default 0, inviter_id bigint, active_at timestamp, unique (account_id, user_id)
  AccessToken: ; owner_type varchar, owner_id bigint, token varchar unique
  AgentBot: ; name varchar, outgoing_url varchar, account_id bigint, bot_type int default 0
  AgentBotInbox: ; inbox_id int, agent_bot_id int, status int default 0, account_id int
  Article: > Account, > Portal ; category_id int, folder_id int, title varchar, slug varchar not null unique, position int, locale varchar not null default 'en', meta jsonb default '{}'
  AttachmentBlob: ; key varchar not null unique, filename varchar not null, byte_size bigint not null check (byte_size >= 0), checksum varchar
  Attachment: ; file_type int default 0, external_url varchar, account_id int not null, message_id int not null, extension varchar
  AutomationRule: > Account ; name varchar not null, event_name varchar not null, conditions jsonb not null default '{}', actions jsonb not null default '{}', active boolean not null default true
  Campaign: > Account, > Inbox ; display_id int not null, title varchar not null, message text not null, sender_id int, trigger_rules jsonb default '{}'
  CannedResponse: > Account ; short_code varchar, content text
  Category: > Account ; portal_id int not null, name varchar, slug varchar not null, locale varchar default 'en', unique (slug, locale, portal_id)
  ChannelApi: > Account ; webhook_url varchar, identifier varchar unique, hmac_token varchar unique
  ChannelEmail: > Account ; email varchar not null unique, forward_to_email varchar not null unique
  ChannelWebWidget: ; website_url varchar, account_id int, website_token varchar unique, feature_flags int not null default 7
  ContactInbox: ; contact_id bigint, inbox_id bigint, source_id varchar not null, pubsub_token varchar unique, unique (inbox_id, source_id)
  Contact: > Account ; name varchar default '', email varchar, phone_number varchar, identifier varchar, custom_attributes jsonb default '{}', unique (email, account_id)
  Conversation: > Account, > Inbox ; status int not null default 0, assignee_id int, contact_id bigint, display_id int not null, uuid uuid not null default gen_random_uuid() unique, unique (account_id, display_id)
  ConversationParticipant: > Account, > User, > Conversation ; unique (user_id, conversation_id)
  Csat: > Account, > Conversation ; message_id bigint not null unique, rating int not null check (rating between 1 and 5)
  CustomAttributeDefinition: ; attribute_display_name varchar, attribute_key varchar, account_id bigint, attribute_model int default 0, unique (attribute_key, attribute_model, account_id)
  CustomFilter: > Account, > User ; name varchar not null, query jsonb not null default '{}'
  DashboardApp: > Account ; title varchar not null, content jsonb default '[]'
  DataImport: > Account ; data_type varchar not null, status int not null default 0
  EmailTemplate: ; name varchar not null, body text not null, account_id int, locale int not null default 0, unique (name, account_id)
  Folder: > Account, > Category ; name varchar
  Inbox: > Account ; channel_id int not null, channel_type varchar not null, name varchar not null, greeting_enabled boolean default false
  InboxMember: > User ; inbox_id int not null, unique (inbox_id, user_id)
  InstallationConfig: ; name varchar not null unique, serialized_value jsonb not null default '{}', locked boolean not null default true
  IntegrationHook: ; status int default 1, inbox_id int, account_id int, app_id varchar
  Label: > Account ; title varchar, color varchar not null default '#1f93ff' check (color ~ '^#[0-9a-f]{6}$'), unique (title, account_id)
  Macro: > Account ; name varchar not null, visibility int default 0, created_by_id bigint, actions jsonb not null default '{}'
  Mention: > User, > Conversation, > Account ; mentioned_at timestamp not null, unique (user_id, conversation_id)
  Message: > Inbox, > Conversation ; account_id int not null, content text, message_type int not null, sender_type varchar, sender_id bigint, content_attributes json default '{}', search tsvector
  Note: > Account, > Contact ; content text not null, user_id bigint
  NotificationSetting: ; account_id int, user_id int, email_flags int not null default 0, unique (account_id, user_id)
  Notification: > Account, > User ; notification_type int not null, primary_actor_type varchar not null, primary_actor_id bigint not null, read_at timestamp
  PlatformApp: ; name varchar not null
  PlatformAppPermissible: > PlatformApp ; permissible_type varchar not null, permissible_id bigint not null, unique (platform_app_id, permissible_id, permissible_type)
  Portal: ; account_id int not null, name varchar not null, slug varchar not null unique, custom_domain varchar unique, archived boolean default false
  PortalMember: ; portal_id bigint, user_id bigint, unique (portal_id, user_id)
  RelatedCategory: ; category_id bigint, related_category_id bigint, unique (category_id, related_category_id)
  ReportingEvent: ; name varchar, value double precision, account_id int, inbox_id int, user_id int, conversation_id int
  SlaPolicy: > Account ; name varchar not null, first_response_time_threshold double precision
  AppliedSla: > Account, > SlaPolicy, > Conversation ; sla_status int default 0, unique (account_id, sla_policy_id, conversation_id)
  Tagging: ; tag_id int, taggable_type varchar, taggable_id int, tagger_type varchar, tagger_id int, context varchar(128)
  Tag: ; name varchar unique, taggings_count int default 0
  TeamMember: > Team, > User ; unique (team_id, user_id)
  Team: > Account ; name varchar not null, allow_auto_assign boolean default true, unique (name, account_id)
  Telegram: ; bot_name varchar, account_id int not null, bot_token varchar not null unique
  Upload: ; user_id int not null, original_filename varchar not null, filesize bigint not null, sha1 varchar(40) unique
  UploadReference: > Upload ; target_type varchar not null, target_id int not null
  Webhook: ; account_id int, inbox_id int, url varchar, subscriptions jsonb default '[]', unique (account_id, url)
  WorkingHour: ; inbox_id bigint, account_id bigint, day_of_week int not null check (day_of_week between 0 and 6), open_hour int, close_hour int, check (open_hour is null or close_hour is null or close_hour >= open_hour)
  Topic: > Account ; title varchar(255) not null, posts_count int not null default 0, category_id int, archetype varchar not null default 'regular', check (category_id is null or archetype = 'regular')
  Post: > Topic ; post_number int not null, raw text not null, cooked text not null, reply_to_post_number int, unique (topic_id, post_number)
  PostAction: > Post, > User ; post_action_type_id int not null, deleted_at timestamp
  PostRevision: > Post ; modifications text, number int, unique (post_id, number)
  UserHistory: ; action int not null, acting_user_id int, target_user_id int, details text
  SiteSetting: ; name varchar not null unique, data_type int not null, value text
  StylesheetCache: ; target varchar not null, digest varchar not null, content text not null, unique (target, digest)
  Audit: ; auditable_id bigint, auditable_type varchar, associated_id bigint, associated_type varchar, audited_changes jsonb, version int default 0
  ArInternalMetadata: ; value varchar
`;

export const supportDesk: Product = {
  name: 'support_desk',
  organizations: 'accounts',
  tenants: ['71', '72'],
  prepare: () => 'create extension pg_trgm; create extension hstore; create extension ltree;',
  schema: () => `
    create table accounts (id serial primary key, name varchar not null, locale int default 0, settings jsonb default '{}', status int default 0);
    create table users (id serial primary key, provider varchar not null default 'email', uid varchar not null default '', email varchar, name varchar not null, pubsub_token varchar unique, ui_settings hstore, unique (uid, provider));
    ${models(loose, LOOSE)}
    alter table attachments add constraint fk foreign key (message_id) references messages on delete cascade;
    alter table posts add constraint topics foreign key (topic_id) references topics on delete cascade;
    alter table inboxes add constraint portal check (channel_type <> '');
    create table schema_migrations (version varchar primary key);
    create table category_paths (category_id bigint not null, path ltree not null, exclude using gist (path with =));
    create table dynamic_counters (n int);
    create table topic_views (topic_id int not null, viewed_at date not null, ip_address inet, user_id int);
    create unlogged table sidekiq_cache (key text primary key, value bytea);
    create index on messages using gin (content gin_trgm_ops);
    create sequence conv_dpid_seq_71; create sequence shared_numbers;
    alter table notes alter column id drop identity, alter column id set default nextval('shared_numbers');
    alter table labels alter column id drop identity, alter column id set default nextval('shared_numbers');
    create function conversation_number() returns trigger language plpgsql as $$ begin
      new.display_id := coalesce((select max(display_id) from conversations where account_id = new.account_id), 0) + 1; return new; end $$;
    create trigger conversations_before_insert before insert on conversations for each row execute function conversation_number();
    create function message_search() returns trigger language plpgsql as $$ begin
      new.search := to_tsvector('simple', coalesce(new.content, '')); new.content := trim(new.content); return new; end $$;
    create trigger search before insert or update of content on messages for each row execute function message_search();
    create function readonly() returns trigger language plpgsql as $$ begin raise exception 'audits are append-only'; end $$;
    create trigger readonly before update or delete on audits for each row execute function readonly();
    create trigger readonly before update or delete on notes for each row execute function readonly();
    create function count_posts() returns trigger language plpgsql as $$ begin
      update topics set posts_count = posts_count + 1 where id = new.topic_id;
      if not found then raise exception 'no topic'; end if; return null; end $$;
    create trigger count_posts after insert on posts for each row execute function count_posts();
    create constraint trigger later after insert on labels deferrable initially deferred for each row execute function message_search();
    create view open_conversations as select * from conversations where status = 0;
    create view team_sizes with (security_invoker) as select team_id, count(*) from team_members group by 1;
    create rule audit_insert as on insert to custom_filters do also notify filters;
    create rule no_delete as on delete to dashboard_apps do instead nothing;`,
  seed: `
    insert into accounts (id, name) values (71, 'a'), (72, 'b');
    insert into users (id, uid, name) values (1, 'a', 'a'), (2, 'b', 'b');
    insert into account_users (account_id, user_id) values (71, 1), (72, 2);
    insert into inboxes (id, account_id, channel_id, channel_type, name) values (1, 71, 1, 'x', 'x'), (2, 72, 1, 'x', 'x');
    insert into conversations (id, account_id, inbox_id, display_id) values (1, 71, 1, 0), (2, 72, 2, 0);
    insert into messages (id, account_id, inbox_id, conversation_id, message_type) values (1, 71, 1, 1, 0), (2, 72, 2, 2, 0);
    insert into attachments (id, account_id, message_id) values (1, 71, 1), (2, 72, 2);
    insert into topics (id, account_id, title) values (1, 71, 'a'), (2, 72, 'b');
    insert into posts (topic_id, post_number, raw, cooked) values (1, 1, '', ''), (2, 1, '', '');`,
  writes: [
    `insert into notes (account_id, contact_id, content) values (71, 1, 'x')`,
    `insert into posts (topic_id, post_number, raw, cooked) values (1, 2, '', '')`,
  ],
  seen: [
    'accounts',
    'account_users',
    'inboxes',
    'conversations',
    'messages',
    'attachments',
    'topics',
    'posts',
  ],
};
