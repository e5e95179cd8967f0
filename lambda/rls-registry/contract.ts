/** Names that the registry function and the stack that deploys it agree on. Nothing of ours is imported here. */

/** Environment variables. All are read at cold start; `settings.ts` says what may be left out. */
export const ENVIRONMENT = {
  /** Endpoint of the writer. With a login by secret it may stand in the secret instead. */
  host: 'TZ_DATABASE_HOST',
  /** Default: 5432, or what the secret says. */
  port: 'TZ_DATABASE_PORT',
  /** Name of the database. With a login by secret it may stand in the secret instead. */
  database: 'TZ_DATABASE_NAME',
  /** `iam` or `secret`. */
  login: 'TZ_LOGIN',
  /** `iam`: the login that applies and verifies. */
  applierUser: 'TZ_APPLIER_USER',
  /** `secret`: ARN or name of its secret. */
  applierSecret: 'TZ_APPLIER_SECRET',
  /** Folder of the migrations, relative to the bundle. Default: no migrations are run. */
  migrationsDir: 'TZ_MIGRATIONS_DIR',
  /** `iam`, with migrations: the login that migrates. */
  migratorUser: 'TZ_MIGRATOR_USER',
  /** `secret`, with migrations: ARN or name of its secret. */
  migratorSecret: 'TZ_MIGRATOR_SECRET',
  /** Default: `registry.yaml` beside the bundle. */
  registryFile: 'TZ_REGISTRY_FILE',
  /** PEM file with the authorities that may vouch for the database. Default: `database-ca.pem` beside the bundle. */
  caFile: 'TZ_CA_FILE',
  /** `existing` (default), `synthetic` or `none`; see VerifyOptions. */
  probes: 'TZ_PROBES',
  /** How long to go on connecting to a database that is starting. Default: 60. */
  connectSeconds: 'TZ_CONNECT_SECONDS',
  /** How long to wait for another applier, and for each busy table. Default: 120. */
  lockSeconds: 'TZ_LOCK_SECONDS',
} as const;

/** Files of the deployment package. */
export const PACKAGE = {
  bundle: 'index.mjs',
  registry: 'registry.yaml',
  migrations: 'migrations',
  certificates: 'database-ca.pem',
} as const;

/** Handlers, as Lambda names them. */
export const HANDLERS = { onEvent: 'index.onEvent', onSchedule: 'index.onSchedule' } as const;

/** Properties of the custom resource. */
export const PROPERTIES = {
  /**
   * What is deployed, as a text that differs between releases and is the same when CloudFormation rolls back to one: the
   * hash of the function's package, and of the image when that brings migrations of its own. CloudFormation calls the
   * function only when a property changes.
   */
  release: 'Release',
} as const;

/** Attributes of the custom resource. */
export const ATTRIBUTES = {
  /** Registered tables. */
  tables: 'Tables',
  /** Tables under forced row security: registered ones, their partitions, and sealed ones. */
  protected: 'Protected',
  changes: 'Changes',
  /** Warnings and errors that the log has, forgiven ones too. */
  findings: 'Findings',
  /** Tables that a rollback left sealed: newer than the release that was rolled back to. */
  sealedTables: 'SealedTables',
  durationMs: 'DurationMs',
  stateHash: 'StateHash',
} as const;

export const METRICS = {
  namespace: 'TenantZero/RlsRegistry',
  /** Dimensions of every metric. */
  dimensions: { database: 'Database', operation: 'Operation' },
  operations: { deploy: 'deploy', verify: 'verify' },
  names: {
    /** Findings that fail. */
    findings: 'Findings',
    /** Those of them that are differences between registry and catalog. */
    drift: 'Drift',
    tablesProtected: 'TablesProtected',
    /** Tables without rows to probe: nothing speaks against their isolation, nothing was measured for it. */
    unproved: 'Unproved',
    durationMs: 'DurationMs',
  },
} as const;

/** CloudWatch cuts a log event at 256 KB; the rest is for what Lambda puts around a line. */
export const LOG_LINE_MAX_BYTES = 250_000;
