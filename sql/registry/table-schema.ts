/** The shape of a registered table's entry. */
import { z } from 'zod';
import { columns, grants, identifier, relation, replaces, samples } from './fields';

const OPERATORS = ['ilike', '@@', '@>', 'lower='] as const;

const through = z
  .strictObject({
    table: relation('The registered table whose rows point here.', 'public.memberships'),
    column: identifier('Its column that references this table.', 'user_id').optional(),
    columns: columns('Its columns that reference this table, in order.', ['org_id', 'user_id']).optional(),
  })
  .optional()
  .meta({
    description: 'Visible when at least one visible row of that table points here.',
    examples: [{ table: 'public.memberships', column: 'user_id' }],
    oneOf: [{ required: ['column'] }, { required: ['columns'] }],
  });

const search = z
  .strictObject({
    column: identifier('The column that is searched.', 'title'),
    operator: z.enum(OPERATORS).meta({ description: 'The operator.', examples: ['ilike'] }),
  })
  .meta({ description: 'A search function.', examples: [{ column: 'title', operator: 'ilike' }] });

/** One entry of `tables`. */
export const table = z
  .strictObject({
    organization: columns(
      'The column with the key of the organization, or several of which all must be visible.',
      'organization_id',
    ).optional(),
    via: columns(
      'The column, or columns, of the foreign key whose target must be visible.',
      'employee_id',
    ).optional(),
    through,
    grants: grants("Verbs by role, where they differ from the role's own."),
    replaces,
    samples,
    search: z
      .array(search)
      .optional()
      .meta({
        description: 'Search functions that keep the index of an operator which is not leakproof.',
        examples: [[{ column: 'title', operator: 'ilike' }]],
      }),
  })
  .meta({
    description: 'How a table belongs to an organization: exactly one of organization, via, through.',
    examples: [{ organization: 'organization_id' }],
    oneOf: [{ required: ['organization'] }, { required: ['via'] }, { required: ['through'] }],
  });
