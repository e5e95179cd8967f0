/** `audit`: who could see an organization, and who did. */
import { CommandError } from '../../../sql/db/errors';
import type { Io } from '../../approvals/io';
import { type GivenDates, rangeOf } from '../dates';
import { withLedger } from '../open';
import type { PlaceOptions } from '../options';
import { renderAudit } from '../render/audit';

export interface AuditOptions extends PlaceOptions, GivenDates {
  readonly organization?: string;
}

export async function runAudit(options: AuditOptions, io: Io): Promise<void> {
  const organization = options.organization?.trim();
  if (!organization) {
    throw new CommandError(
      'organization-missing',
      'which organization?',
      'give --organization with its key, or own for the own tenant; audit --help lists the other commands',
    );
  }
  const range = rangeOf(options, io.now());
  const rows = await withLedger(options, io, (ledger) => ledger.audit(organization, range.from, range.to));
  io.stdout(renderAudit({ organization, ...range }, rows, options.format ?? 'table'));
}
