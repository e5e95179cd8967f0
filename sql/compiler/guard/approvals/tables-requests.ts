/** Requests, the codes given for them, and the ledger. All of it is `guard_owner`'s alone. */
import type { DesiredTableOfOurs } from '../../desired';

export function requestTables(): DesiredTableOfOurs[] {
  return [
    {
      schema: 'guard',
      name: 'requests',
      // What was asked never changes: `hash` is over all of it. `outcome` null: open, until it lapses. `minutes` 0: no grant.
      // Only approved requests for access have a row in guard.grants, whose `request` names them.
      create: `CREATE TABLE guard.requests (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('console', 'shell', 'flag', 'approver')),
  access text NOT NULL CHECK (access IN ('read', 'write')),
  organization text,
  own boolean NOT NULL,
  sensitive boolean,
  approver text,
  person text NOT NULL CHECK (person <> ''),
  login text NOT NULL CHECK (login <> ''),
  persona text NOT NULL,
  reason text NOT NULL,
  ticket text NOT NULL,
  minutes integer NOT NULL,
  blast jsonb NOT NULL,
  codes_needed integer NOT NULL,
  break_glass boolean NOT NULL,
  created_at timestamptz NOT NULL,
  hash text NOT NULL,
  outcome text CHECK (outcome IN ('approved', 'denied', 'revoked', 'lapsed')),
  decided_at timestamptz,
  denied_by text,
  denied_reason text,
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text
);
CREATE INDEX requests_created ON guard.requests (created_at)`,
      columns: [
        'id uuid',
        'kind text',
        'access text',
        'organization text',
        'own boolean',
        'sensitive boolean',
        'approver text',
        'person text',
        'login text',
        'persona text',
        'reason text',
        'ticket text',
        'minutes integer',
        'blast jsonb',
        'codes_needed integer',
        'break_glass boolean',
        'created_at timestamp with time zone',
        'hash text',
        'outcome text',
        'decided_at timestamp with time zone',
        'denied_by text',
        'denied_reason text',
        'reviewed_by text',
        'reviewed_at timestamp with time zone',
        'review_note text',
      ],
      nullable: [
        'organization',
        'sensitive',
        'approver',
        'outcome',
        'decided_at',
        'denied_by',
        'denied_reason',
        'reviewed_by',
        'reviewed_at',
        'review_note',
      ],
      constraints: [
        'PRIMARY KEY (id)',
        "CHECK ((kind = ANY (ARRAY['console'::text, 'shell'::text, 'flag'::text, 'approver'::text])))",
        "CHECK ((access = ANY (ARRAY['read'::text, 'write'::text])))",
        "CHECK ((person <> ''::text))",
        "CHECK ((login <> ''::text))",
        "CHECK ((outcome = ANY (ARRAY['approved'::text, 'denied'::text, 'revoked'::text, 'lapsed'::text])))",
      ],
    },
    {
      schema: 'guard',
      name: 'approvals',
      // One code of one approver. Person and login are those of that day: a name may pass to somebody else.
      create: `CREATE TABLE guard.approvals (
  request uuid NOT NULL,
  approver text NOT NULL,
  person text NOT NULL,
  login text NOT NULL,
  step bigint NOT NULL,
  drift integer NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (request, approver)
)`,
      columns: [
        'request uuid',
        'approver text',
        'person text',
        'login text',
        'step bigint',
        'drift integer',
        'at timestamp with time zone',
      ],
      nullable: [],
      constraints: ['PRIMARY KEY (request, approver)'],
    },
    {
      schema: 'guard',
      name: 'ledger',
      // The body is what is hashed; the other columns are read out of it. Bytes are compared, so it is text, not jsonb.
      create: `CREATE TABLE guard.ledger (
  sequence bigint PRIMARY KEY,
  body text NOT NULL,
  previous bytea NOT NULL,
  hash bytea NOT NULL,
  at bigint NOT NULL GENERATED ALWAYS AS (((body::jsonb) ->> 'at')::bigint) STORED,
  event text NOT NULL GENERATED ALWAYS AS ((body::jsonb) ->> 'event') STORED,
  person text GENERATED ALWAYS AS ((body::jsonb) ->> 'person') STORED,
  login text GENERATED ALWAYS AS ((body::jsonb) ->> 'login') STORED,
  persona text GENERATED ALWAYS AS ((body::jsonb) ->> 'persona') STORED,
  organization text GENERATED ALWAYS AS ((body::jsonb) ->> 'organization') STORED,
  request text GENERATED ALWAYS AS ((body::jsonb) ->> 'request') STORED,
  detail jsonb NOT NULL GENERATED ALWAYS AS ((body::jsonb) -> 'detail') STORED,
  CHECK (sequence = ((body::jsonb) ->> 'sequence')::bigint),
  CHECK (hash = sha256(previous || convert_to(body, 'UTF8')))
);
CREATE INDEX ledger_event ON guard.ledger (event, at)`,
      columns: [
        'sequence bigint',
        'body text',
        'previous bytea',
        'hash bytea',
        'at bigint',
        'event text',
        'person text',
        'login text',
        'persona text',
        'organization text',
        'request text',
        'detail jsonb',
      ],
      nullable: ['person', 'login', 'persona', 'organization', 'request'],
      constraints: [
        'PRIMARY KEY (sequence)',
        "CHECK ((sequence = (((body)::jsonb ->> 'sequence'::text))::bigint))",
        "CHECK ((hash = sha256((previous || convert_to(body, 'UTF8'::name)))))",
      ],
      triggers: [
        {
          name: 'tenant_zero_append_only',
          events: 'BEFORE DELETE OR UPDATE OR TRUNCATE',
          each: 'FOR EACH STATEMENT',
          call: 'guard.refuse_rewriting()',
        },
        {
          name: 'tenant_zero_follows',
          events: 'BEFORE INSERT',
          each: 'FOR EACH ROW',
          call: 'guard.refuse_gap()',
        },
      ],
    },
    {
      schema: 'guard',
      name: 'ledger_end',
      // One row: locked while an entry is written, so that there are no gaps; tells a ledger that lost its last entries.
      create: `CREATE TABLE guard.ledger_end (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sequence bigint NOT NULL,
  hash bytea NOT NULL CHECK (length(hash) = 32)
);
INSERT INTO guard.ledger_end (sequence, hash) VALUES (0, decode(repeat('00', 32), 'hex'))`,
      columns: ['only_row boolean', 'sequence bigint', 'hash bytea'],
      nullable: [],
      constraints: ['PRIMARY KEY (only_row)', 'CHECK (only_row)', 'CHECK ((length(hash) = 32))'],
    },
  ];
}
