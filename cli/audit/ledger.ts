/** The ledger, read over any connection: page by page, and in smaller pages where one is too large to be carried. */
import { z } from 'zod';
import { CommandError } from '../../sql/db/errors';
import { type Connection, TooLarge } from './connection';
import { isoOf } from './instant';
import type { AuditRow, Entry, LedgerSource } from './ledger-source';
import { AUDIT, DERIVED, LEDGER_PAGE, type Row } from './statements';

const ROWS = 1000;

const text = z.string().nullable();
const time = z.string().transform((micros, context) => {
  const iso = isoOf(Number(micros));
  if (iso !== undefined) return iso;
  context.addIssue('is no time');
  return z.NEVER;
});
const auditRow = z.object({
  how: z.enum(['could', 'did', 'nobody']),
  person: text,
  login: text,
  persona: text,
  kind: text,
  access: text,
  from: time,
  until: time,
  request: text,
  approved_by: text,
  ticket: text,
  reason: text,
  note: text,
});
const names = z.array(z.string()).nullable();

const hex = z.string().regex(/^[0-9a-f]*$/);
const entryRow = z.object({
  sequence: z.coerce.number(),
  body: z.string(),
  previous: hex,
  hash: hex,
  ...(Object.fromEntries(DERIVED.map((name) => [name, text])) as Record<
    (typeof DERIVED)[number],
    typeof text
  >),
});

export function ledgerOver(connection: Connection): LedgerSource {
  // What was carried once is not exceeded again: the entries that follow are as long as those before.
  let carried = Number.POSITIVE_INFINITY;
  return {
    audit: (organization, from, to) =>
      smaller(ROWS, (size) =>
        connection.snapshot(async (session) => {
          const found: AuditRow[] = [];
          for (;;) {
            const rows = await session.rows(AUDIT, {
              organization,
              from: from.toISOString(),
              to: to.toISOString(),
              size,
              skip: found.length,
            });
            found.push(...rows.map(toAuditRow));
            if (rows.length < size) return found;
          }
        }),
      ),
    page: (after, most) =>
      smaller(Math.min(most, carried), (size) => {
        if (size < most) carried = size;
        return connection.snapshot(async (session) =>
          (await session.rows(LEDGER_PAGE, { after, size })).map(toEntry),
        );
      }),
    close: () => connection.close(),
  };
}

/** From the start again: an error ends the transaction that it happened in. */
async function smaller<T>(size: number, read: (size: number) => Promise<T>): Promise<T> {
  try {
    return await read(size);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    if (size > 1) return smaller(Math.floor(size / 2), read);
    throw new CommandError(
      'row-too-large',
      'one row is larger than the Data API carries',
      'read it over a connection: --database-url',
      'system',
      error,
    );
  }
}

function toAuditRow(row: Row): AuditRow {
  const { approved_by, ...rest } = trusted(auditRow, row);
  return { ...rest, approvedBy: (approved_by === null ? null : names.parse(JSON.parse(approved_by))) ?? [] };
}

function toEntry(row: Row): Entry {
  const { sequence, body, previous, hash, ...columns } = trusted(entryRow, row);
  return { sequence, body, previous, hash, columns };
}

function trusted<T>(schema: z.ZodType<T>, row: Row): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(
    'answer-unknown',
    `the database answers in a shape that this version does not know: ${issue?.path.join('.')}: ${issue?.message}`,
    'use the version that the stage was deployed with',
    'system',
  );
}
