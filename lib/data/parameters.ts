/**
 * Settings of PostgreSQL, each one a name that parameter groups of RDS and of Aurora both have. Memory and planner are left
 * to RDS, which computes them from the instance.
 */
import { Duration } from 'aws-cdk-lib';

const milliseconds = (duration: Duration) => String(duration.toMilliseconds());

/** Nobody connects without TLS, and nobody stores a password that is weaker than SCRAM. */
const connections = {
  'rds.force_ssl': '1',
  ssl_min_protocol_version: 'TLSv1.2',
  password_encryption: 'scram-sha-256',
  // Without it every role may give itself a password. The master may set them, and those whom it puts into `rds_password`.
  'rds.restrict_password_commands': '1',
};

/**
 * Ceilings for who sets nothing else. What needs longer says so in its session, as the registry function does for every
 * connection, or its role says so: `ALTER ROLE migrator SET statement_timeout = 0`.
 */
const timeouts = {
  // Twice what a request may take (`CONFIGURATION` in `app/contract.ts`): the app gives up first and says why.
  statement_timeout: milliseconds(Duration.seconds(60)),
  // It holds its locks, and keeps vacuum from cleaning up, while nobody works.
  idle_in_transaction_session_timeout: milliseconds(Duration.seconds(60)),
  // An IAM token lives for 15 minutes, its session for ever: a forgotten one ends here. Pools give up idle clients sooner.
  // It also lets a database pause, which one open session would prevent.
  idle_session_timeout: milliseconds(Duration.minutes(15)),
};

/** Who came and went, and what went wrong; no statement of the app, and no row of a customer. */
const logs = {
  // A list of stages since version 18; `1` is refused there.
  log_connections: 'all',
  log_disconnections: '1',
  log_lock_waits: '1',
  log_statement: 'none',
  // The text of a statement that failed may hold a password or a row. The app logs what it needs of its own failures.
  log_min_error_statement: 'panic',
  // No DETAIL: "Key (email)=(ada@example.com) already exists".
  log_error_verbosity: 'terse',
  // Should somebody log slow statements for a while: without their values.
  log_parameter_max_length: '0',
};

/**
 * pgaudit is loaded for all and switched on for people only, role by role: bootstrap runs
 * `ALTER ROLE break_glass SET pgaudit.log = 'all'`. Only superusers may set it, so nobody switches it off again.
 */
const audit = {
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'none',
  // "Whose row did they look at" is in the parameters. The log group is under the sensitive key; passwords are redacted.
  'pgaudit.log_parameter': '1',
  // Who reads the catalog for an hour prepares something.
  'pgaudit.log_catalog': '1',
  // Object auditing wants a role with privileges on every table; whole sessions of people are recorded instead.
};

export const PARAMETERS: Readonly<Record<string, string>> = {
  ...connections,
  ...timeouts,
  ...logs,
  ...audit,
};

/** For each instance of a cluster as well: sources differ on which of the two groups Aurora 18 loads libraries from. */
export const INSTANCE_PARAMETERS: Readonly<Record<string, string>> = {
  shared_preload_libraries: audit.shared_preload_libraries,
};
