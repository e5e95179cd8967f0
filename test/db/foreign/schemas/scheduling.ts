/** A scheduling product on Prisma: quoted camelCase, cuid keys, implicit join tables, teams of teams. */
import { models, prisma } from './models';
import type { Product } from './product';

const TABLES = `
  Team: > Team? as parentId, > User? as ownerId ; slug citext unique, name text not null, "isOrganization" boolean not null default false, metadata jsonb check (metadata is null or jsonb_typeof(metadata) = 'object')
  User: > Schedule? as defaultScheduleId ; email citext not null unique, username text, locale text default 'en', role "UserPermissionRole" not null default 'USER', uuid uuid not null default gen_random_uuid() unique
  Membership: > Team!, > User! ; role "MembershipRole" not null, accepted boolean not null default false, unique ("userId", "teamId")
  Profile: > User!, > Team! as organizationId ; uid text not null, username text not null, unique ("userId", "organizationId")
  Account: > User! ; provider text not null, "providerAccountId" text not null, unique (provider, "providerAccountId")
  Session: > User! ; "sessionToken" text not null unique, expires timestamp(3) not null
  UserPassword: > User! ; hash text not null check (char_length(hash) >= 20)
  Schedule: > User! ; name text not null, "timeZone" text
  EventType: > Team?, > User? as ownerId, > EventType? as parentId, > Schedule? ; slug text not null, length int not null check (length > 0 and length % 5 = 0), "seatsPerTimeSlot" smallint, price numeric(10, 2) not null default 0 check (price >= 0), unique ("teamId", slug)
  TeamEventType: > Team! ; slug text not null check (slug ~ '^[a-z0-9-]+$'), title text not null, hidden boolean not null default false
  Host: > TeamEventType!, > User! ; "isFixed" boolean not null default false, priority int check (priority between 0 and 4)
  Booking: > TeamEventType!, > User? ; uid text not null unique, "startTime" timestamp(3) not null, "endTime" timestamp(3) not null, status "BookingStatus" not null default 'ACCEPTED', tags text[] not null default '{}', "idempotencyKey" text unique, rating int check (rating is null or rating between 1 and 5), check ("endTime" > "startTime")
  BookingReference: > Booking! ; type text not null, "meetingUrl" text
  Attendee: > Booking! ; email text not null check (position('@' in email) > 1), name text not null, "timeZone" text not null
  BookingSeat: > Booking!, > Attendee! ; "referenceUid" text not null unique, data jsonb
  Payment: > Booking! ; uid text not null unique, amount int not null check (amount > 0), currency char(3) not null check (currency = upper(currency)), success boolean not null, refunded boolean not null
  Refund: > Payment! ; amount int not null, reason text
  RefundNote: > Refund! ; body text not null
  Availability: > Schedule! ; days int[] not null check (cardinality(days) > 0), "startTime" time not null, "endTime" time not null
  TravelSchedule: > User! ; "timeZone" text not null, during tsrange
  Credential: > User?, > Team? ; type text not null, key jsonb not null, check (("userId" is null) <> ("teamId" is null))
  SelectedCalendar: > User!, > Credential? ; integration text not null, "externalId" text not null
  DestinationCalendar: > User?, > TeamEventType?, > Credential? ; "externalId" text not null
  Webhook: > User?, > Team?, > TeamEventType? ; "subscriberUrl" text not null check ("subscriberUrl" like 'https://%'), "eventTriggers" "WebhookTriggerEvents"[] not null, active boolean not null default true
  WebhookDelivery: > Webhook! ; payload jsonb not null, "responseCode" int
  ApiKey: > User!, > Team? ; "hashedKey" text not null unique check (length("hashedKey") = 64)
  Workflow: > Team!, > User? ; name text not null, "time" int, "timeUnit" "TimeUnit", check (("time" is null) = ("timeUnit" is null))
  WorkflowStep: > Workflow! ; "stepNumber" int not null, action "WorkflowActions" not null, "sendTo" text, unique ("workflowId", "stepNumber")
  WorkflowsOnEventTypes: > Workflow!, > TeamEventType! ; unique ("workflowId", "teamEventTypeId")
  WorkflowReminder: > WorkflowStep?, > Booking? ; method "WorkflowActions" not null, "scheduledDate" timestamp(3) not null
  Feedback: > User! ; rating text not null, date timestamp(3) not null
  Feature: ; slug text not null unique, enabled boolean not null default false, type text
  TeamFeatures: > Team!, > Feature! ; "assignedAt" timestamp(3) not null
  UserFeatures: > User!, > Feature! ; "assignedAt" timestamp(3) not null
  App: ; slug text not null unique, "dirName" text not null unique, keys jsonb, categories "AppCategories"[]
  AppRoutingForm: > Team?, > User ; name text not null, fields jsonb, routes jsonb
  AppRoutingFormResponse: > AppRoutingForm! ; "formFillerId" text not null default gen_random_uuid()::text, response jsonb not null
  VerificationToken: > Team? ; identifier text not null, token text not null unique, expires timestamp(3) not null
  ResetPasswordRequest: ; email text not null, expires timestamp(3) not null
  Impersonations: > User as impersonatedUserId, > User as impersonatedById ; reason text
  InstantMeetingToken: > TeamEventType, > Team! ; token text not null unique, expires timestamp(3) not null
  OAuthClient: > Team! as organizationId ; name text not null, "redirectUris" text[] not null, permissions int not null
  PlatformAuthorizationToken: > OAuthClient!, > User! ; unique ("userId", "oAuthClientId")
  AccessToken: > OAuthClient!, > User! ; secret text not null unique, "expiresAt" timestamp(3) not null
  OutOfOfficeReason: > User? ; emoji text not null, reason text not null unique, enabled boolean not null default true
  OutOfOfficeEntry: > User!, > User? as toUserId, > OutOfOfficeReason? ; start timestamp(3) not null, "end" timestamp(3) not null
  Attribute: > Team! ; name text not null, slug text not null unique, type "AttributeType" not null
  AttributeOption: > Attribute! ; value text not null, slug text not null
  AttributeToUser: > Membership! as memberId, > AttributeOption! ; weight int
  Domain: > Team! ; slug citext not null unique check (slug::text ~ '^[a-z0-9.-]+[.][a-z]{2,}$'), verified boolean not null default false, primary_ boolean not null default false
  Link: > Domain!, > Team!, > Folder? ; key text not null, url text not null, clicks bigint not null default 0, unique ("domainId", key)
  Folder: > Team!, > Folder? as parentId ; name text not null
  Tag: > Team! ; name citext not null, unique (name, "teamId")
  LinkTag: > Link!, > Tag! ; unique ("linkId", "tagId")
  Partner: ; email citext unique, name text not null
  ProgramEnrollment: > Team!, > Partner! ; status "ProgramStatus" not null, unique ("partnerId", "teamId")
  Payout: > Team!, > Partner! ; amount int not null check (amount >= 0), period daterange, exclude using gist ("partnerId" with =, period with &&)
  Commission: > Payout?, > ProgramEnrollment!, > Link? ; earnings int not null, "invoiceId" text, unique ("invoiceId", "programEnrollmentId")
  Document: > Team!, > User as userId ; title text not null, status "DocumentStatus" not null default 'DRAFT', "externalId" text, "completedAt" timestamp(3), check ((status = 'COMPLETED') = ("completedAt" is not null))
  DocumentData: > Document! ; type text not null check (type in ('S3_PATH', 'BYTES', 'BYTES_64')), data text not null, "initialData" text not null
  Recipient: > Document! ; email varchar(255) not null, token text not null, role "RecipientRole" not null, "signingOrder" int, unique ("documentId", email)
  Field: > Document!, > Recipient! ; page int not null check (page >= 1), "positionX" numeric(65, 30) not null default 0, "customText" text not null, inserted boolean not null
  Signature: > Recipient!, > Field! ; "signatureImageAsBase64" text, "typedSignature" text, check (num_nonnulls("signatureImageAsBase64", "typedSignature") = 1)
  DocumentAuditLog: > Document! ; type text not null, data jsonb not null, "userId" text
  Subscription: > Team ; status "SubscriptionStatus" not null default 'INACTIVE', "planId" text not null unique, "periodEnd" timestamp(3)
  AvatarImage: > Team?, > User? ; data text not null, "objectKey" text not null
`;

export const scheduling: Product = {
  name: 'scheduling',
  organizations: '"Team"',
  tenants: ['cltenantaaaaaaaaaaaaaaaaa', 'cltenantbbbbbbbbbbbbbbbbb'],
  prepare: () => 'create extension citext; create extension btree_gist; create extension pg_trgm;',
  schema: () => `
    create type "UserPermissionRole" as enum ('USER', 'ADMIN');
    create type "MembershipRole" as enum ('MEMBER', 'ADMIN', 'OWNER');
    create type "BookingStatus" as enum ('CANCELLED', 'ACCEPTED', 'REJECTED', 'PENDING');
    create type "WebhookTriggerEvents" as enum ('BOOKING_CREATED', 'BOOKING_CANCELLED');
    create type "TimeUnit" as enum ('DAY', 'HOUR', 'MINUTE');
    create type "WorkflowActions" as enum ('EMAIL_HOST', 'EMAIL_ATTENDEE', 'SMS');
    create type "AppCategories" as enum ('calendar', 'messaging');
    create type "AttributeType" as enum ('TEXT', 'NUMBER');
    create type "ProgramStatus" as enum ('approved', 'pending');
    create type "DocumentStatus" as enum ('DRAFT', 'PENDING', 'COMPLETED');
    create type "RecipientRole" as enum ('CC', 'SIGNER');
    create type "SubscriptionStatus" as enum ('ACTIVE', 'INACTIVE');
    ${models(prisma, TABLES)}
    create table "_UserToTeamEventType" ("A" text not null references "TeamEventType" on delete cascade on update cascade,
      "B" text not null references "User" on delete cascade on update cascade);
    create unique index "_UserToTeamEventType_AB_unique" on "_UserToTeamEventType" ("A", "B");
    create index on "_UserToTeamEventType" ("B");
    create table "_DocumentToFolder" ("A" text not null references "Document" on delete cascade on update cascade,
      "B" text not null references "Folder" on delete cascade on update cascade, primary key ("A", "B"));
    create table "_AttributeOptionToTag" ("A" text not null references "AttributeOption" on delete cascade,
      "B" text not null references "Tag" on delete cascade);
    create table "_prisma_migrations" (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, started_at timestamptz not null default now());
    create unique index on "Team" (lower(name), "parentId") where "isOrganization";
    create view "BookingTimeStatus" as select id, "startTime", case when "endTime" < now() then 'past' else 'upcoming' end as "timeStatus" from "Booking";
    create view "ActiveBooking" with (security_invoker = true) as select * from "Booking" where status = 'ACCEPTED';
    create materialized view "BookingCounts" as select "teamEventTypeId", count(*) from "Booking" group by 1;
    create function "touchUpdatedAt"() returns trigger language plpgsql as $$ begin new."updatedAt" := now(); return new; end $$;
    create trigger touch before insert or update on "Booking" for each row execute function "touchUpdatedAt"();`,
  seed: `
    insert into "Team" (id, name, "updatedAt") values ('cltenantaaaaaaaaaaaaaaaaa', 'a', now()), ('cltenantbbbbbbbbbbbbbbbbb', 'b', now());
    insert into "User" (id, email, "updatedAt") values ('ua', 'a@example.com', now()), ('ub', 'b@example.com', now());
    insert into "Membership" (id, "teamId", "userId", role, "updatedAt") values ('ma', 'cltenantaaaaaaaaaaaaaaaaa', 'ua', 'OWNER', now()), ('mb', 'cltenantbbbbbbbbbbbbbbbbb', 'ub', 'OWNER', now());
    insert into "TeamEventType" (id, "teamId", slug, title, "updatedAt") values ('ea', 'cltenantaaaaaaaaaaaaaaaaa', 'x', 'x', now()), ('eb', 'cltenantbbbbbbbbbbbbbbbbb', 'x', 'x', now());
    insert into "Booking" (id, "teamEventTypeId", uid, "startTime", "endTime") select 'b' || id, id, id, now(), now() + interval '1 h' from "TeamEventType";
    insert into "Payment" (id, "bookingId", uid, amount, currency, success, refunded, "updatedAt") select 'p' || id, id, id, 1, 'EUR', true, false, now() from "Booking";
    insert into "Refund" (id, "paymentId", amount, "updatedAt") select 'r' || id, id, 1, now() from "Payment";
    insert into "RefundNote" (id, "refundId", body, "updatedAt") select 'n' || id, id, 'x', now() from "Refund";`,
  writes: [`insert into "RefundNote" (id, "refundId", body, "updatedAt") values ('x', 'rpbea', 'x', now())`],
  seen: [
    '"Team"',
    '"User"',
    '"Membership"',
    '"TeamEventType"',
    '"Booking"',
    '"Payment"',
    '"Refund"',
    '"RefundNote"',
  ],
};
