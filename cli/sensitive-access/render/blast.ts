/** What a grant would open: tables and how many rows, roughly. Pure. */
import type { Ask, Blast, Preview } from '../../../lambda/approvals/protocol';
import { plain } from '../../approvals/plain';
import { count, facts, indented, table } from '../../approvals/table';
import { when } from '../../approvals/times';

/** Counts are rounded up by the database to one digit and zeros; so is the text `about`. */
export function blastRadius(blast: readonly Blast[]): string {
  if (blast.length === 0) return 'no rows of any table';
  const total = blast.reduce((sum, { rows }) => sum + rows, 0);
  const rows = blast.map((each) => [each.table, each.rows] as const);
  return table(['TABLE', 'ABOUT ROWS'], [...rows, [`total, ${count(blast.length, 'table')}`, total]]);
}

/** Before anybody is asked. */
export function preview(found: Preview, kind: Ask['kind'], now: Date): string {
  const { past, live, narrower } = found;
  const name = found.own ? `${found.organization}: THE OWN TENANT` : found.organization;
  const given = [
    facts([
      ['organization', name],
      ['for', kind === 'flag' ? 'good, until it is changed back' : count(found.minutes, 'minute')],
      ['needs', codes(found.codesNeeded)],
      [
        'you before',
        past.grants === 0
          ? 'never'
          : `${count(past.grants, 'grant')}, the last ${when(past.last ?? '', now)}`,
      ],
    ]),
    // A flag opens nothing to whoever asks.
    `${kind === 'flag' ? 'It concerns' : 'It would open'}:\n${indented(blastRadius(found.blast))}`,
  ];
  if (live.length > 0) {
    const grants = live.map((each) => [each.kind, each.access, when(each.until, now)] as const);
    given.push(`You have now:\n${indented(table(['KIND', 'ACCESS', 'UNTIL'], grants))}`);
  }
  if (narrower.length > 0)
    given.push(['Narrower:', ...narrower.map((each) => `  - ${plain(each)}`)].join('\n'));
  return given.join('\n\n');
}

/** `2 codes, of two different approvers` */
export function codes(needed: number): string {
  if (needed === 0) return 'no code';
  return needed === 1 ? '1 code, of an approver' : `${needed} codes, of ${needed} different approvers`;
}
