/** What a stage may say: one zod shape, from which the type of the literals and the parsed type both come. */
import { z } from 'zod';

/** A text of a certain form. The example is what an error message shows. */
const like = (pattern: RegExp, example: string) =>
  z
    .string({ error: `is missing, or is no text such as ${example}` })
    .regex(pattern, { error: `does not have the form of ${example}` });

const account = like(/^\d{12}$/, '"111122223333"');
const region = like(/^[a-z]{2}(-[a-z]+)+-\d$/, '"eu-central-1"');
const cidr = like(/^(\d{1,3}\.){3}\d{1,3}\/1[6-9]$/, '"10.20.0.0/16"');
const days = z.int({ error: 'is not a whole number of days, such as 30' }).min(1).max(3653);
const capacity = z.number({ error: 'is not a number of capacity units, such as 0.5' }).min(0).max(256);
const group = like(
  /^([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  '"c3d4e5f6-0000-4000-8000-000000000001", a group id of Identity Center',
);
/** Identity Center knows no shorter session than an hour. */
const minutes = z.int().min(60, { error: 'is less than 60, the least that Identity Center takes' }).max(720);

/** The two sets of bootstrap roles: whoever deploys with one has what its execution role may do. */
const bootstrap = z.strictObject({
  /** Deploys network, data, registry and services. */
  platform: like(/^[a-z0-9]{1,10}$/, '"tzdev"'),
  /** Deploys who may enter, what is secret, and what is recorded. */
  sensitive: like(/^[a-z0-9]{1,10}$/, '"tzdevsens"'),
});

const network = z.strictObject({
  cidr,
  /** Three zones, by name: nothing is looked up. */
  availabilityZones: z.array(like(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, '"eu-central-1a"')).length(3, {
    error: 'does not name three zones, such as ["eu-central-1a", "eu-central-1b", "eu-central-1c"]',
  }),
  /** Ways out for the backend, about 38 USD a month each before traffic; with 0 it reaches AWS by endpoints only. */
  natGateways: z.int().min(0).max(3),
  /** Networks beyond AWS that the backend may reach by them, at port 443. "Everywhere" is not one. */
  outbound: z.array(like(/^(\d{1,3}\.){3}\d{1,3}\/([89]|[12]\d|3[0-2])$/, '"198.51.100.0/24"')).default([]),
  /** In how many zones interface endpoints stand, about 8 USD a month for each of them. */
  endpointZones: z.int().min(1).max(3),
  /** The region's managed prefix list of S3: `aws ec2 describe-managed-prefix-lists`. */
  s3PrefixList: like(/^pl-[0-9a-f]{8,17}$/, '"pl-6ea54007"'),
});

const aurora = z.strictObject({
  kind: z.literal('aurora'),
  /** Aurora capacity units. 0 lets the database pause. */
  minCapacity: capacity,
  maxCapacity: capacity.min(1),
  /** Minutes without connections after which a database with `minCapacity: 0` pauses. */
  pauseAfterMinutes: z.int().min(5).max(1440).optional(),
  /** Reader instances; with at least one, a failure of the writer takes about a minute. */
  readers: z.int().min(0).max(15),
  /** Adds readers up to this many when they are busy. */
  maxReaders: z.int().min(0).max(15),
});

const instance = z.strictObject({
  /** One PostgreSQL instance: no Data API, so no auditor through it. */
  kind: z.literal('instance'),
  instanceType: like(/^[a-z0-9]+\.[a-z0-9]+$/, '"t4g.medium"'),
  storageGib: z.int().min(20).max(65_536),
  multiAz: z.boolean(),
});

const database = z.strictObject({
  engine: z.discriminatedUnion('kind', [aurora, instance]),
  name: like(/^[a-z][a-z0-9_]{0,62}$/, '"tenant_zero"'),
  /** Point-in-time recovery. */
  backupDays: z.int().min(1).max(35),
  /** AWS Backup: copies kept in a vault; `locked` makes it immutable for as long. */
  vault: z.strictObject({ retentionDays: days, locked: z.boolean() }).optional(),
  /** Run before the registry is applied, as the migration role, in a task of the app image. */
  migrationCommand: z.array(z.string().min(1)).min(1).optional(),
});

const service = z.strictObject({
  /** 1024 is one virtual CPU. */
  cpu: z.union([256, 512, 1024, 2048, 4096].map((units) => z.literal(units))),
  memoryMib: z.int().min(512).max(30_720),
  minTasks: z.int().min(1).max(100),
  maxTasks: z.int().min(1).max(100),
});

const persona = z.strictObject({
  /** Groups of Identity Center that are assigned to the permission set. */
  groups: z.array(group).min(1, { error: 'is empty; name the id of at least one group' }),
  sessionMinutes: minutes,
});

export const stageShape = z.strictObject({
  name: like(/^[a-z][a-z0-9]{1,11}$/, '"dev"'),
  account,
  region,
  /** Kept, protected from deletion, backed up. */
  protection: z.enum(['disposable', 'retained'], { error: 'is neither "disposable" nor "retained"' }),
  bootstrap,
  network,
  database,
  image: z.strictObject({
    repository: like(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, '"tenant-zero/app"'),
    digest: like(/^sha256:[0-9a-f]{64}$/, `"sha256:${'0123456789abcdef'.repeat(4)}"`),
  }),
  backend: service,
  web: z.strictObject({
    domain: like(/^([a-z0-9-]+\.)+[a-z]{2,}$/, '"app.example.com"'),
    certificateArn: like(
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
      '"arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-4000-8000-000000000000"',
    ),
    /** Requests of one address in five minutes, before the firewall refuses more. */
    rateLimit: z.int().min(100).max(2_000_000),
  }),
  identityCenter: z.strictObject({
    /** The account that administers Identity Center: permission sets are made there. */
    account,
    region,
    instanceArn: like(
      /^arn:aws[a-z-]*:sso:::instance\/(sso)?ins-[0-9a-zA-Z.-]{16}$/,
      '"arn:aws:sso:::instance/ssoins-0123456789abcdef"',
    ),
    personas: z.strictObject({
      ProdEngineer: persona,
      BreakGlassAdmin: persona,
      SensitiveApprover: persona,
      SecurityAuditor: persona,
    }),
  }),
  /** May administer the sensitive key beside its deployer. */
  sensitiveAdministrators: z
    .array(
      like(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
        '"arn:aws:iam::111122223333:role/sensitive-administrator"',
      ),
    )
    .min(1, { error: 'is empty; name the ARN of a role that may change the policy of the sensitive key' }),
  /**
   * As Identity Center calls them. What stands before the @ names the secret with the seed of their codes; every alert goes to
   * these addresses too: broken glass is heard by whoever would have been asked.
   */
  approvers: z
    .array(like(/^[a-z][a-z0-9-]{1,30}@([a-z0-9-]+\.)+[a-z]{2,}$/, '"ada@example.com", in lower case'))
    .min(2, { error: 'needs two approvers at least: the own tenant takes codes of two people' }),
  github: z.strictObject({
    repository: like(/^[\w.-]+\/[\w.-]+$/, '"example/tenant-zero"'),
    /** Environments of the workflow; the second wants reviewers of its own. */
    platformEnvironment: like(/^[\w-]+$/, '"dev"'),
    sensitiveEnvironment: like(/^[\w-]+$/, '"dev-sensitive"'),
    /** An account has one provider for GitHub; the first stage in it makes it. */
    createProvider: z.boolean(),
  }),
  alerts: z.strictObject({
    /** Answers for the own tenant's data, and hears of everything. */
    owner: z.email({ error: 'is missing, or is no address such as "owner@example.com"' }),
    emails: z.array(z.email({ error: 'is not an address, such as "alerts@example.com"' })).min(1, {
      error: 'is empty; an alarm that reaches nobody is none. Name an address such as "alerts@example.com"',
    }),
    /** Chat through Amazon Q Developer in chat applications. */
    slack: z
      .strictObject({
        workspaceId: like(/^T[0-9A-Z]{8,}$/, '"T0123456789"'),
        channelId: like(/^C[0-9A-Z]{8,}$/, '"C0123456789"'),
      })
      .optional(),
  }),
  logs: z.strictObject({
    retentionDays: z.union(
      [30, 90, 180, 365, 731, 1096, 3653].map((each) => z.literal(each)),
      {
        error: 'is none of 30, 90, 180, 365, 731, 1096, 3653',
      },
    ),
    /** How long nobody can delete an entry of the audit bucket. */
    auditLockDays: days,
  }),
  /** Service control policies; only where this repository manages the organization. */
  organization: z
    .strictObject({
      account,
      region,
      targets: z
        .array(like(/^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32}|\d{12})$/, '"ou-abcd-11112222"'))
        .min(1),
    })
    .optional(),
});
