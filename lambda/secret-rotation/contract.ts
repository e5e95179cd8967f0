/** Names that the rotation function and the stacks that use it agree on. Nothing of ours is imported here. */

export const ENVIRONMENT = {
  host: 'TZ_DATABASE_HOST',
  port: 'TZ_DATABASE_PORT',
  database: 'TZ_DATABASE_NAME',
  /** Login, by token, that gives keys to the database. */
  applierUser: 'TZ_APPLIER_USER',
  /** Names of the secrets that the function knows; it refuses any other. */
  tokenKeys: 'TZ_TOKEN_KEYS',
  sessionKeys: 'TZ_SESSION_KEYS',
  breakGlass: 'TZ_BREAK_GLASS_SECRET',
  auditor: 'TZ_AUDITOR_SECRET',
  /** Default: `database-ca.pem` beside the bundle. */
  caFile: 'TZ_CA_FILE',
} as const;

/** One handler for both callers: Secrets Manager, and CloudFormation by way of the provider framework. */
export const HANDLERS = { handler: 'index.handler' } as const;

/** Properties of the custom resource that sees to it that there are keys. */
export const PROPERTIES = {
  /** Hash of the function's package. */
  release: 'Release',
  /** A database restored from a backup has another, and the keys of the day of the backup. */
  host: 'Host',
} as const;

/** `state` of a secret in which nobody has put keys yet. */
export const NOT_YET = 'not yet';
