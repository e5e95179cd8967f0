/** Fields that several sections of the registry share. Each carries its description and an example. */
import { z } from 'zod';
import { isDay } from './day';
import { IDENTIFIER_BYTES, readRelation } from './relation';
import { VERBS } from './types';

/** How to write the name of a relation. */
export const RELATION_FIX = `write schema.table as SQL does: quotes where needed, each part at most ${IDENTIFIER_BYTES} bytes`;

export function text(description: string, example: string) {
  return z
    .string()
    .regex(/\S/)
    .meta({ description, examples: [example] });
}

export function identifier(description: string, example: string) {
  return z
    .string()
    .regex(/\S/)
    .refine((name) => Buffer.byteLength(name) <= IDENTIFIER_BYTES, {
      error: `a name longer than ${IDENTIFIER_BYTES} bytes, which PostgreSQL would cut`,
      params: { fix: 'write the name as the catalog has it' },
    })
    .meta({ description, examples: [example] });
}

export function relation(description: string, example: string) {
  return z
    .string()
    .refine((name) => readRelation(name) !== undefined, {
      error: 'not the name of a table',
      params: { fix: RELATION_FIX },
    })
    .meta({ description, examples: [example] });
}

/** One name or a list of them. */
export function columns(description: string, example: string | string[]) {
  const column = identifier('A column, as the catalog has it.', 'organization_id');
  return z.union([column, z.array(column).min(1)]).meta({ description, examples: [example] });
}

/** A section that may be left empty: every line of it commented out, say. */
export function section<Entry extends z.ZodType>(entry: Entry, description: string, example: object) {
  return z
    .record(z.string(), entry)
    .nullable()
    .optional()
    .meta({ description, examples: [example] });
}

export const verbs = (description: string) =>
  z.array(z.enum(VERBS)).meta({ description, examples: [['select', 'insert']] });

export const grants = (description: string) =>
  z
    .record(z.string(), verbs('What this role may do; an empty list takes everything away.'))
    .optional()
    .meta({ description, examples: [{ app_backend: ['select'] }] });

export const replaces = z
  .array(text('The name of a policy, or a pattern with *.', '*_tenant_id'))
  .optional()
  .meta({
    description: "Policies of others that this table's protection replaces: apply drops them.",
    examples: [['*_tenant_id']],
  });

export const samples = z
  .record(z.string(), text('A value as SQL writes it: quotes belong to it.', "'x'"))
  .optional()
  .meta({
    description: 'Values for columns that probes cannot guess, by column, as SQL literals.',
    examples: [{ kind: "'x'" }],
  });

export const exception = {
  reason: text('Why the exception is right.', 'the same for every tenant'),
  owner: text('Who answers for it: a team or a person.', 'platform'),
  until: z
    .string()
    .refine(isDay, { error: 'not a date', params: { fix: 'write a day that exists, as YYYY-MM-DD' } })
    .meta({
      description: 'The last day on which the exception holds, YYYY-MM-DD.',
      examples: ['2027-06-30'],
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    }),
};
