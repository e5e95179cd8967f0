/** The engine's own tables. All belong to `guard_owner`, and nobody else holds a privilege on them. */
import { literal } from '../../db/names';
import type { DesiredTableOfOurs } from '../desired';
import { approvalTables } from './approvals';

/** `approvals`: the registry has that section. */
export function guardTables(keyType: string, approvals: boolean): DesiredTableOfOurs[] {
  return [...ownTables(keyType), ...(approvals ? approvalTables(keyType) : [])];
}

function ownTables(keyType: string): DesiredTableOfOurs[] {
  return [
    {
      schema: 'guard',
      name: 'state',
      // What was applied last. `detail` is the applier's memory, see sql/planner/state.ts.
      create: `CREATE TABLE guard.state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  key_type text NOT NULL,
  registry_hash text,
  applied_at timestamptz,
  applied_by text,
  detail jsonb NOT NULL DEFAULT '{}'
);
INSERT INTO guard.state (key_type) VALUES (${literal(keyType)})`,
      columns: [
        'only_row boolean',
        'key_type text',
        'registry_hash text',
        'applied_at timestamp with time zone',
        'applied_by text',
        'detail jsonb',
      ],
      nullable: ['registry_hash', 'applied_at', 'applied_by'],
      constraints: ['PRIMARY KEY (only_row)', 'CHECK (only_row)'],
    },
    {
      schema: 'guard',
      name: 'sensitive_organizations',
      // The truth about who is hidden. An organization that was deleted stays: its key must not come back as an ordinary one.
      create: `CREATE TABLE guard.sensitive_organizations (
  organization ${keyType} PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT statement_timestamp()
)`,
      columns: [`organization ${keyType}`, 'since timestamp with time zone'],
      nullable: [],
      constraints: ['PRIMARY KEY (organization)'],
      triggers: [
        {
          name: 'tenant_zero_rebuild',
          events: 'AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE',
          each: 'FOR EACH STATEMENT',
          call: 'guard.rebuild_hidden()',
        },
      ],
    },
    {
      schema: 'guard',
      name: 'hidden',
      // The same list as one array in one row: what policies read. A missing row is an error, never an empty list.
      create: `CREATE TABLE guard.hidden (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  organizations ${keyType}[] NOT NULL CHECK (array_position(organizations, NULL) IS NULL),
  members integer NOT NULL,
  CHECK (cardinality(organizations) = members)
);
INSERT INTO guard.hidden (organizations, members) VALUES ('{}', 0)`,
      columns: ['only_row boolean', `organizations ${keyType}[]`, 'members integer'],
      nullable: [],
      constraints: [
        'PRIMARY KEY (only_row)',
        'CHECK (only_row)',
        `CHECK ((array_position(organizations, NULL::${keyType}) IS NULL))`,
        'CHECK ((cardinality(organizations) = members))',
      ],
    },
    {
      schema: 'guard',
      name: 'grants',
      // Live sensitive access. `kind` is the shape of the session it is for. One of `read` counts in read-only transactions
      // only. `request`: what it was approved for; null for one that somebody made by hand.
      create: `CREATE TABLE guard.grants (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person text NOT NULL CHECK (person <> ''),
  organization ${keyType} NOT NULL,
  kind text NOT NULL CHECK (kind IN ('console', 'shell')),
  starts_at timestamptz NOT NULL DEFAULT statement_timestamp(),
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz,
  access text NOT NULL DEFAULT 'read' CHECK (access IN ('read', 'write')),
  request uuid,
  CHECK (ends_at > starts_at)
);
CREATE INDEX grants_person ON guard.grants (person, ends_at)`,
      columns: [
        'id bigint',
        'person text',
        `organization ${keyType}`,
        'kind text',
        'starts_at timestamp with time zone',
        'ends_at timestamp with time zone',
        'revoked_at timestamp with time zone',
        'access text',
        'request uuid',
      ],
      nullable: ['revoked_at', 'request'],
      constraints: [
        'PRIMARY KEY (id)',
        "CHECK ((person <> ''::text))",
        "CHECK ((kind = ANY (ARRAY['console'::text, 'shell'::text])))",
        'CHECK ((ends_at > starts_at))',
        "CHECK ((access = ANY (ARRAY['read'::text, 'write'::text])))",
      ],
      additions: {
        'access text': `ALTER TABLE guard.grants ADD COLUMN access text NOT NULL DEFAULT 'read'`,
        'request uuid': `ALTER TABLE guard.grants ADD COLUMN request uuid;
CREATE INDEX grants_person ON guard.grants (person, ends_at)`,
      },
    },
    {
      schema: 'guard',
      name: 'probes',
      // A row means: this very transaction probes. It is never committed; a committed one matches no later transaction.
      create: `CREATE TABLE guard.probes (transaction xid8 PRIMARY KEY)`,
      columns: ['transaction xid8'],
      nullable: [],
      constraints: ['PRIMARY KEY (transaction)'],
    },
    {
      schema: 'vault',
      name: 'signing_keys',
      // The two padded halves of RFC 2104, so that verification is two SHA-256 and no key ever leaves in one piece.
      create: `CREATE TABLE vault.signing_keys (
  id text PRIMARY KEY CHECK (id ~ '^[a-z0-9_-]{1,32}$'),
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64),
  added_at timestamptz NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY
)`,
      columns: [
        'id text',
        'inner_pad bytea',
        'outer_pad bytea',
        'added_at timestamp with time zone',
        'sequence bigint',
      ],
      nullable: [],
      constraints: [
        'PRIMARY KEY (id)',
        "CHECK ((id ~ '^[a-z0-9_-]{1,32}$'::text))",
        'CHECK ((length(inner_pad) = 64))',
        'CHECK ((length(outer_pad) = 64))',
      ],
    },
  ];
}
