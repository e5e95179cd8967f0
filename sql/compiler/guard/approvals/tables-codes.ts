/** Approvers, their attempts, the time steps they used, and stored answers. No seed and no code is in any of them. */
import type { DesiredTableOfOurs } from '../../desired';

export function codeTables(): DesiredTableOfOurs[] {
  return [
    {
      schema: 'vault',
      name: 'approvers',
      // `counted_at`: when somebody of this name first counted. `own_from`: from when their codes count for the own tenant.
      create: `CREATE TABLE vault.approvers (
  name text PRIMARY KEY CHECK (name <> ''),
  person text NOT NULL CHECK (person <> ''),
  login text NOT NULL CHECK (login <> ''),
  state text NOT NULL CHECK (state IN ('unconfirmed', 'waits-for-approval', 'counts', 'removed')),
  since timestamptz NOT NULL,
  last_step bigint,
  locked_until timestamptz,
  counted_at timestamptz,
  own_from timestamptz
)`,
      columns: [
        'name text',
        'person text',
        'login text',
        'state text',
        'since timestamp with time zone',
        'last_step bigint',
        'locked_until timestamp with time zone',
        'counted_at timestamp with time zone',
        'own_from timestamp with time zone',
      ],
      nullable: ['last_step', 'locked_until', 'counted_at', 'own_from'],
      constraints: [
        'PRIMARY KEY (name)',
        "CHECK ((name <> ''::text))",
        "CHECK ((person <> ''::text))",
        "CHECK ((login <> ''::text))",
        "CHECK ((state = ANY (ARRAY['unconfirmed'::text, 'waits-for-approval'::text, 'counts'::text, 'removed'::text])))",
      ],
    },
    {
      schema: 'vault',
      name: 'attempts',
      // Written down before the code is looked at. Without an outcome it counts as a failure: so does a crash.
      // `not-looked-at`: somebody else decided the request meanwhile, and nobody compared the code with anything.
      create: `CREATE TABLE vault.attempts (
  id uuid PRIMARY KEY,
  approver text NOT NULL,
  person text NOT NULL,
  login text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('approve', 'deny', 'review', 'confirm-approver', 'remove-approver')),
  request uuid,
  hash text,
  subject text,
  reason text,
  at timestamptz NOT NULL,
  outcome text CHECK (outcome IN ('accepted', 'wrong', 'used', 'malformed', 'not-looked-at'))
);
CREATE INDEX attempts_approver ON vault.attempts (approver, at)`,
      columns: [
        'id uuid',
        'approver text',
        'person text',
        'login text',
        'purpose text',
        'request uuid',
        'hash text',
        'subject text',
        'reason text',
        'at timestamp with time zone',
        'outcome text',
      ],
      nullable: ['request', 'hash', 'subject', 'reason', 'outcome'],
      constraints: [
        'PRIMARY KEY (id)',
        "CHECK ((purpose = ANY (ARRAY['approve'::text, 'deny'::text, 'review'::text, 'confirm-approver'::text, 'remove-approver'::text])))",
        "CHECK ((outcome = ANY (ARRAY['accepted'::text, 'wrong'::text, 'used'::text, 'malformed'::text, 'not-looked-at'::text])))",
      ],
    },
    {
      schema: 'vault',
      name: 'used_steps',
      // A code is used once, whatever the functions above it believe.
      create: `CREATE TABLE vault.used_steps (
  approver text NOT NULL,
  step bigint NOT NULL,
  attempt uuid NOT NULL,
  PRIMARY KEY (approver, step)
)`,
      columns: ['approver text', 'step bigint', 'attempt uuid'],
      nullable: [],
      constraints: ['PRIMARY KEY (approver, step)'],
    },
    {
      schema: 'vault',
      name: 'calls',
      // Answers of the function, so that the same call again does nothing twice. Answers with a secret are never stored.
      create: `CREATE TABLE vault.calls (
  id text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('INPROGRESS', 'COMPLETED')),
  until timestamptz NOT NULL,
  expires timestamptz NOT NULL,
  payload text NOT NULL,
  response jsonb
);
CREATE INDEX calls_expires ON vault.calls (expires)`,
      columns: [
        'id text',
        'status text',
        'until timestamp with time zone',
        'expires timestamp with time zone',
        'payload text',
        'response jsonb',
      ],
      nullable: ['response'],
      constraints: [
        'PRIMARY KEY (id)',
        "CHECK ((status = ANY (ARRAY['INPROGRESS'::text, 'COMPLETED'::text])))",
      ],
    },
  ];
}
