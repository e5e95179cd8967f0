/** What the session of ECS Exec is told to run: `tz-psql --ticket=<ticket> [--write]`, or `tz-psql --prove`. */
import { parseArgs } from 'node:util';
import { TICKET } from '../../sql/support-session';

export type Wanted =
  /** Says whether the session would be restricted, and ends. */
  { readonly kind: 'prove' } | { readonly kind: 'session'; readonly ticket: string; readonly write: boolean };

/** @throws {Error} that says what is wrong, and never quotes the ticket */
export function wanted(argv: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ticket: { type: 'string' },
      write: { type: 'boolean', default: false },
      prove: { type: 'boolean', default: false },
    },
  });
  if (values.prove) return { kind: 'prove' };
  if (values.ticket === undefined)
    throw new Error('a session needs a ticket: npm run -s support-shell -- open');
  if (!TICKET.test(values.ticket)) throw new Error('that is no ticket');
  return { kind: 'session', ticket: values.ticket, write: values.write };
}
