/**
 * The shape of `registry.yaml` as people write it: snake_case, most keys optional. Descriptions and examples serve
 * editors (through the JSON Schema) and the fixes of problems alike. What needs more than one place of the file to
 * decide is in `checks.ts`.
 */
import { z } from 'zod';
import { exception, grants, identifier, relation, replaces, samples, section, text, verbs } from './fields';
import { table } from './table-schema';

const SEES = [
  'current-organization',
  'assigned-organizations',
  'non-sensitive',
  'everything',
  'nothing',
] as const;

const organizations = z
  .strictObject({
    table: relation('The table of organizations.', 'public.organizations'),
    id: identifier('Its key column, which other tables reference.', 'id'),
    sensitive: z
      .union([
        z.literal('managed').meta({ description: "The engine's own private list." }),
        identifier('A boolean column of the organizations table.', 'is_sensitive'),
        z.strictObject({ column: identifier('For a column whose name is "managed".', 'managed') }),
      ])
      .meta({
        description: 'Where it says that an organization is sensitive: a boolean column, or `managed`.',
        examples: ['is_sensitive', 'managed'],
      }),
    own: z
      .union([
        identifier('A boolean column of the organizations table.', 'is_own'),
        z.strictObject({ id: text('The key of the own organization, as text.', 'the-key') }),
      ])
      .optional()
      .meta({ description: 'The own tenant.', examples: ['is_own', { id: 'the-key' }] }),
    gate: identifier('The one role that may change the sensitive flag.', 'sensitive_gate').optional(),
    grants: grants(
      'Verbs by role on the organizations table. Default: select for every role that sees some organization.',
    ),
    replaces,
    samples,
  })
  .meta({
    description: 'The table of organizations, and what is sensitive or own among them.',
    examples: [{ table: 'public.organizations', id: 'id', sensitive: 'is_sensitive' }],
  });

const assignments = z
  .strictObject({
    table: relation('The table that assigns people to organizations.', 'access.staff_assignments'),
    person: identifier('Its column of the person.', 'staff_id'),
    organization: identifier('Its column of the organization.', 'organization_id'),
  })
  .optional()
  .meta({
    description: 'Where `assigned-organizations` finds who is assigned to what.',
    examples: [{ table: 'access.staff_assignments', person: 'staff_id', organization: 'organization_id' }],
  });

const MINUTES_PER_DAY = 1440;
const minutes = (description: string, example: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(MINUTES_PER_DAY)
    .meta({ description, examples: [example] });

const approvals = z
  .strictObject({
    auditor: identifier('The role that reads the ledger; it must see nothing.', 'auditor'),
    default_minutes: minutes(
      'How long a grant lasts when the request does not say. Default: 30.',
      30,
    ).optional(),
    max_minutes: minutes('The longest grant that may be asked for. Default: 240.', 240).optional(),
  })
  .optional()
  .meta({
    description:
      'The approval path: requests, approvals by code, grants that end, tickets for shells, and the ledger. Needs `organizations.gate`.',
    examples: [{ auditor: 'auditor', default_minutes: 30, max_minutes: 240 }],
  });

const role = z
  .strictObject({
    sees: z.enum(SEES).meta({ description: 'Whose rows the role sees.', examples: [...SEES] }),
    verbs: verbs(
      'What the role may do on a registered table that does not say otherwise. Default: all four, and none for `nothing`.',
    ).optional(),
    login: z
      .boolean()
      .optional()
      .meta({
        description: 'The role is a login of its own. Default: false.',
        examples: [true],
      }),
    settings: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()]).meta({
          description: 'The value of the setting.',
          examples: ['30s'],
        }),
      )
      .optional()
      .meta({
        description: 'Settings fixed for the role in this database, and re-checked.',
        examples: [{ statement_timeout: '30s' }],
      }),
  })
  .meta({ description: 'A database role.', examples: [{ sees: 'current-organization' }] });

const excluded = z
  .strictObject({ ...exception, grants: grants('Verbs by role. Default: nobody may do anything.') })
  .meta({
    description: 'A table of no organization.',
    examples: [{ reason: 'the same for every tenant', owner: 'platform', until: '2027-06-30' }],
  });

const view = z.strictObject({ grants: grants('Verbs by role. Default: nobody may do anything.') }).meta({
  description: 'A view that roles may use. It must be security_invoker.',
  examples: [{ grants: { app_backend: ['select'] } }],
});

const undecided = z
  .strictObject({
    because: text('Why `init` could not decide.', 'two foreign keys lead to the organizations'),
    choices: z.array(z.unknown()).optional().meta({ description: 'What could be written under `tables`.' }),
  })
  .meta({
    description: 'A gap: the table stays closed until somebody moves the entry.',
    examples: [{ because: 'two foreign keys lead to the organizations' }],
  });

const known = { rule: 'TZ121', on: ['public.*'], reason: 'accepted', owner: 'platform', until: '2027-01-31' };
const pattern = text('The key of a finding, or a pattern with *.', 'public.*');
const acknowledged = z
  .strictObject({
    rule: z
      .string()
      .regex(/^TZ\d{3}$/)
      .meta({ description: 'The number of the rule.', examples: ['TZ121'] }),
    on: z
      .union([pattern, z.array(pattern).min(1)])
      .meta({ description: 'Which findings of the rule.', examples: [['public.*']] }),
    ...exception,
  })
  .meta({
    description: 'A finding that is known and borne for a while.',
    examples: [known],
  });

/** The file as a whole. `registry.schema.json` is made from it. */
export const registrySchema = z
  .strictObject({
    organizations,
    assignments,
    approvals,
    owner: identifier('The role that must own every registered table.', 'platform_owner').optional(),
    migrations: z
      .strictObject({ login: identifier('The login that migrates.', 'migrator') })
      .optional()
      .meta({
        description: 'Who may work on registered tables as their owner.',
        examples: [{ login: 'migrator' }],
      }),
    appliers: z
      .array(identifier('A login that applies the registry.', 'registry_applier'))
      .nullable()
      .optional()
      .meta({
        description: 'Logins that apply the registry; they may be members of the roles it manages.',
        examples: [['registry_applier']],
      }),
    administrators: z
      .array(identifier('A login that administers the server.', 'tz_master'))
      .nullable()
      .optional()
      .meta({
        description:
          'Logins that administer the server and are no superusers, such as the master user of RDS. What they hold is no finding: they could take it in any case.',
        examples: [['tz_master']],
      }),
    fail_on: z
      .enum(['error', 'warning'])
      .optional()
      .meta({
        description: 'The mildest severity that fails `verify` and `check`. Default: warning.',
        examples: ['warning', 'error'],
      }),
    replaces,
    roles: z.record(z.string(), role).meta({
      description: 'The roles that this registry speaks of; at least one.',
      examples: [{ app_backend: { sees: 'current-organization' } }],
      minProperties: 1,
    }),
    tables: section(table, 'Tables whose rows belong to organizations, quoted as in SQL.', {
      'public.employees': { organization: 'organization_id' },
    }),
    excluded: section(excluded, 'Tables of no organization, each an exception that ends.', {
      'public.currencies': { reason: 'the same for every tenant', owner: 'platform', until: '2027-06-30' },
    }),
    views: section(view, 'Views that roles may use.', {
      'public.directory': { grants: { app_backend: ['select'] } },
    }),
    undecided: section(undecided, 'Tables that `init` could not decide.', {
      'public.users': { because: 'two foreign keys lead to the organizations' },
    }),
    acknowledged: z
      .array(acknowledged)
      .nullable()
      .optional()
      .meta({
        description: 'Findings of the verifier that are borne for a while.',
        examples: [[known]],
      }),
  })
  .meta({
    title: 'tenant-zero registry',
    description: 'Which tables belong to an organization, and who sees them.',
  });

/** The file's content once its shape is right. */
export type RawRegistry = z.infer<typeof registrySchema>;
