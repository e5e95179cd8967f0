/** Names that the image and the stacks that run it agree on. Nothing of ours is imported here. */

/** The backend listens here, inside its security group only. */
export const PORT = 8080;

export const PATHS = {
  /** The process runs. Says nothing about the database: a container is not restarted because of it. */
  health: '/healthz',
  /** The role is harmless, every table protected, and the registry's state the one that the image was built for. */
  ready: '/readyz',
  /**
   * For the load balancer: as `ready`, but a task that was ready stays in service when a deploy applies the next state,
   * until the deploy replaces it. Otherwise every change of the registry would be an outage.
   */
  traffic: '/readyz?superseded=accept',
} as const;

/** Environment variables of the container. All are parsed at boot. */
export const ENVIRONMENT = {
  stage: 'TZ_STAGE',
  /** `backend` or `support-shell`: one image, several services. */
  service: 'TZ_SERVICE',
  host: 'TZ_DATABASE_HOST',
  port: 'TZ_DATABASE_PORT',
  database: 'TZ_DATABASE_NAME',
  user: 'TZ_DATABASE_USER',
  /** `iam`: a token signed with the task's role, for each connection. `password`: on one machine. */
  login: 'TZ_DATABASE_LOGIN',
  /** `password` only. */
  password: 'TZ_DATABASE_PASSWORD',
  /** PEM file with the authorities that may vouch for the database. `iam` only. */
  caFile: 'TZ_CA_FILE',
  /** ARN or name of the secret with the keys that sign tenant tokens; or, on one machine, a file. */
  tokenKeys: 'TZ_TOKEN_KEYS',
  tokenKeysFile: 'TZ_TOKEN_KEYS_FILE',
  /** The same for the keys that sign sessions. */
  sessionKeys: 'TZ_SESSION_KEYS',
  sessionKeysFile: 'TZ_SESSION_KEYS_FILE',
} as const;

/**
 * What an engineer may change in production without a deploy: one parameter each, `/<prefix>/configuration/<key>`, read
 * when a task starts. Nothing here may decide who sees what, or where the app connects to.
 */
export const CONFIGURATION = {
  'log-level': { variable: 'TZ_LOG_LEVEL', default: 'info', pattern: '^(debug|info|warn|error)$' },
  'page-size': { variable: 'TZ_PAGE_SIZE', default: '50', pattern: '^([1-9]|[1-9][0-9]|[1-4][0-9]{2}|500)$' },
  'request-timeout-ms': {
    variable: 'TZ_REQUEST_TIMEOUT_MS',
    default: '10000',
    pattern: '^([1-9][0-9]{2,3}|[1-2][0-9]{4})$',
  },
} as const;
