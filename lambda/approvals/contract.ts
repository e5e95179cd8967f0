/** Names that the approval function, its callers and the stacks around it agree on. Nothing of ours is imported here. */

export const HANDLERS = { handler: 'index.handler' } as const;

export const ENVIRONMENT = {
  stage: 'TZ_STAGE',
  /** The function's own name: part of what callers sign, so that a call to one stage is no call to another. */
  functionName: 'TZ_FUNCTION_NAME',
  account: 'TZ_ACCOUNT',
  host: 'TZ_DATABASE_HOST',
  port: 'TZ_DATABASE_PORT',
  database: 'TZ_DATABASE_NAME',
  /** Login, by token, that may call the functions of the approval path. */
  gateUser: 'TZ_GATE_USER',
  /** Logins, by token, as which a revocation is proved, and a shell's sessions are ended. */
  supportUser: 'TZ_SUPPORT_USER',
  consoleUser: 'TZ_CONSOLE_USER',
  /** Name or ARN of the secret with the keys that sign tokens: a proof for the console needs one. */
  tokenKeys: 'TZ_TOKEN_KEYS',
  /** Names of the secrets of approvers begin so: `tz-prod/sensitive/approver/`. */
  approverSecrets: 'TZ_APPROVER_SECRETS',
  /** Comma-separated names of the approvers that the stage declares. */
  approvers: 'TZ_APPROVERS',
  /** ARN of the topic for people. */
  topic: 'TZ_TOPIC',
  /** The bucket in which nothing is changed, and the folder for heads of the ledger. */
  auditBucket: 'TZ_AUDIT_BUCKET',
  /** Hours of an ordinary day, UTC, `6-20`: approvals outside are counted apart. */
  officeHours: 'TZ_OFFICE_HOURS',
  /** `iam`; on one machine `password`, with one variable for each login below. */
  login: 'TZ_DATABASE_LOGIN',
  /** JSON: password by login. `password` only. */
  passwords: 'TZ_DATABASE_PASSWORDS',
  /** Default: `database-ca.pem` beside the bundle. */
  caFile: 'TZ_CA_FILE',
} as const;

/** In the audit bucket. */
export const LEDGER_FOLDER = 'ledger';

/** Of `GetCallerIdentity`: what the caller signs, so that a proof of who calls belongs to this very call. */
export const CALL_HEADER = 'x-tenant-zero-call';

/** What the schedule sends, once a minute. */
export const MEASURE = { scheduled: 'measure' } as const;

/** What is measured of requests and codes. The dashboard and the alarms of the platform read it. */
export const METRICS = {
  namespace: 'TenantZero/Approvals',
  /** The one dimension of every metric. */
  dimension: 'Stage',
  names: {
    requests: 'Requests',
    approvals: 'Approvals',
    denials: 'Denials',
    /** A wrong code, a used one, or one of somebody who is locked. */
    codesRefused: 'CodesRefused',
    /** Measured once a minute, not counted. */
    grantsAlive: 'GrantsAlive',
    /** Broken glass that no approver has looked at yet. Measured once a minute. */
    reviewsOpen: 'ReviewsOpen',
    breakGlass: 'BreakGlass',
    revocations: 'Revocations',
    /** Approvals outside office hours. */
    unusualHours: 'UnusualHours',
    /** Somebody who is none of the personas, or asks for what theirs may not. */
    unexpectedPrincipals: 'UnexpectedPrincipals',
    /** Something was decided, and the topic for people could not be reached. */
    notificationsLost: 'NotificationsLost',
  },
} as const;
