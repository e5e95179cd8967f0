/** `audit log`: the entries of the ledger, as they were written. */
import { CommandError } from '../../../sql/db/errors';
import type { Io } from '../../approvals/io';
import { type GivenDates, type Range, rangeOf } from '../dates';
import { allEntries } from '../ledger-source';
import { withLedger } from '../open';
import type { PlaceOptions } from '../options';
import { type LoggedEntry, renderLog, toLogged } from '../render/log';

/** What the database writes into the ledger (`guard.record`). */
export const EVENTS: readonly string[] = [
  'preview',
  'request',
  'approval',
  'grant',
  'denial',
  'flag',
  'code-refused',
  'approver-locked',
  'revocation',
  'revocation-proved',
  'break-glass',
  'review',
  'approver-added',
  'approver-confirmed',
  'approver-removed',
  'ticket',
  'shell-opened',
  'shell-closed',
];

export interface LogOptions extends PlaceOptions, GivenDates {
  readonly organization?: string;
  readonly event?: string;
  /** Sequence. */
  readonly after?: number;
  readonly limit?: number;
}

export async function runLog(options: LogOptions, io: Io): Promise<void> {
  const { at, from, to, organization, event, after = 0, limit = Number.POSITIVE_INFINITY } = options;
  if (organization === 'own') {
    throw new CommandError(
      'organization-by-key',
      'entries name organizations by their keys',
      'give the key of the own tenant',
    );
  }
  // A misspelt one would look like one that never happened.
  if (event !== undefined && !EVENTS.includes(event))
    throw new CommandError(
      'event-unknown',
      `${event} is no event of the ledger`,
      `it has ${EVENTS.join(', ')}`,
    );
  const dated = at !== undefined || from !== undefined || to !== undefined;
  const range = dated ? rangeOf(options, io.now()) : undefined;
  const found: LoggedEntry[] = [];
  await withLedger(options, io, async (ledger) => {
    for await (const entry of allEntries(ledger, after)) {
      const logged = toLogged(entry);
      if (organization !== undefined && logged.organization !== organization) continue;
      if (event !== undefined && logged.event !== event) continue;
      if (range && !within(range, logged.at)) continue;
      found.push(logged);
      if (found.length >= limit) break;
    }
  });
  io.stdout(renderLog(found, options.format ?? 'table'));
}

function within({ from, to }: Range, at: string): boolean {
  const time = Date.parse(at);
  return time >= from.getTime() && time < to.getTime();
}
