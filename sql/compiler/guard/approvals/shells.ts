/** Tickets and sessions: what a person needs to be somebody in the support shell. All of it is `guard_owner`'s alone. */
import type { BoundRegistry } from '../../bound';
import type { DesiredFunction, DesiredTableOfOurs } from '../../desired';
import { sessionFunctions } from './session';
import { ticketFunctions } from './tickets';

export function shellTables(): DesiredTableOfOurs[] {
  return [
    {
      schema: 'vault',
      name: 'tickets',
      // One per shell. The ticket itself is nowhere: `hash` is its SHA-256. `task`, `session`: of ECS Exec.
      create: `CREATE TABLE vault.tickets (
  id uuid PRIMARY KEY,
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  person text NOT NULL CHECK (person <> ''),
  login text NOT NULL CHECK (login <> ''),
  persona text NOT NULL,
  service text NOT NULL CHECK (service IN ('support-shell', 'backend', 'probe')),
  reason text NOT NULL,
  ticket text NOT NULL,
  write boolean NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  redeemed_at timestamptz,
  task text,
  session text,
  ended_at timestamptz,
  ended_why text
)`,
      columns: [
        'id uuid',
        'hash bytea',
        'person text',
        'login text',
        'persona text',
        'service text',
        'reason text',
        'ticket text',
        'write boolean',
        'issued_at timestamp with time zone',
        'expires_at timestamp with time zone',
        'redeemed_at timestamp with time zone',
        'task text',
        'session text',
        'ended_at timestamp with time zone',
        'ended_why text',
      ],
      nullable: ['redeemed_at', 'task', 'session', 'ended_at', 'ended_why'],
      constraints: [
        'PRIMARY KEY (id)',
        'UNIQUE (hash)',
        'CHECK ((length(hash) = 32))',
        "CHECK ((person <> ''::text))",
        "CHECK ((login <> ''::text))",
        "CHECK ((service = ANY (ARRAY['support-shell'::text, 'backend'::text, 'probe'::text])))",
      ],
    },
    {
      schema: 'vault',
      name: 'sessions',
      // `hash`: SHA-256 of the secret that the session carries. `login`: the person's; `role`: that of the database.
      // `recorded`: the ledger has it (guard.record_openings).
      create: `CREATE TABLE vault.sessions (
  hash bytea PRIMARY KEY CHECK (length(hash) = 32),
  shell uuid NOT NULL,
  pid integer NOT NULL,
  role text NOT NULL,
  person text NOT NULL CHECK (person <> ''),
  login text NOT NULL,
  write boolean NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  expires_at timestamptz NOT NULL,
  opened_in xid8 NOT NULL,
  ended_at timestamptz,
  recorded boolean NOT NULL
);
CREATE INDEX sessions_pid ON vault.sessions (pid) WHERE ended_at IS NULL;
CREATE INDEX sessions_unrecorded ON vault.sessions (opened_at) WHERE NOT recorded`,
      columns: [
        'hash bytea',
        'shell uuid',
        'pid integer',
        'role text',
        'person text',
        'login text',
        'write boolean',
        'opened_at timestamp with time zone',
        'expires_at timestamp with time zone',
        'opened_in xid8',
        'ended_at timestamp with time zone',
        'recorded boolean',
      ],
      nullable: ['ended_at'],
      constraints: ['PRIMARY KEY (hash)', 'CHECK ((length(hash) = 32))', "CHECK ((person <> ''::text))"],
    },
  ];
}

export function shellFunctions(bound: BoundRegistry): DesiredFunction[] {
  const gate = bound.registry.organizations.gate;
  return gate === undefined ? [] : [...sessionFunctions(bound), ...ticketFunctions(gate)];
}
