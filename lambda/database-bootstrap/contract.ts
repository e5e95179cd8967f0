/** Names that the bootstrap function and the stack that deploys it agree on. Nothing of ours is imported here. */

export const ENVIRONMENT = {
  host: 'TZ_DATABASE_HOST',
  port: 'TZ_DATABASE_PORT',
  database: 'TZ_DATABASE_NAME',
  /** ARN of the secret that RDS keeps for the master. */
  masterSecret: 'TZ_MASTER_SECRET',
  /** Names of the secrets with the logins of people. */
  breakGlassSecret: 'TZ_BREAK_GLASS_SECRET',
  auditorSecret: 'TZ_AUDITOR_SECRET',
  /** `pgaudit`, or `none` for a server that does not have it. */
  audit: 'TZ_AUDIT',
  /** Default: `database-ca.pem` beside the bundle. */
  caFile: 'TZ_CA_FILE',
} as const;

export const HANDLERS = { onEvent: 'index.onEvent' } as const;

/** Properties of the custom resource: a change of either prepares the database anew. */
export const PROPERTIES = {
  /** Hash of the function's package. */
  release: 'Release',
  /** A database restored from a backup has another. */
  host: 'Host',
} as const;
