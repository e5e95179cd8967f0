/** Who could see it, and who did: for people, for spreadsheets, for programs. Pure. */
import { plainJson } from '../../approvals/plain';
import type { Range } from '../dates';
import type { AuditRow } from '../ledger-source';
import { type Cell, csv } from './csv';
import { table, time } from './table';

export const FORMATS = ['table', 'csv', 'json'] as const;
export type Format = (typeof FORMATS)[number];

/** Name in files, title on a terminal, and what stands there. */
const COLUMNS: readonly (readonly [name: string, title: string, cell: (row: AuditRow) => Cell])[] = [
  ['how', 'could/did', ({ how }) => how],
  ['person', 'who', ({ person }) => person],
  ['login', 'login', ({ login }) => login],
  ['persona', 'persona', ({ persona }) => persona],
  ['kind', 'kind', ({ kind }) => kind],
  ['access', 'access', ({ access }) => access],
  ['from', 'from', ({ from }) => from],
  ['until', 'until', ({ until }) => until],
  ['request', 'request', ({ request }) => request],
  ['approved_by', 'approved by', ({ approvedBy }) => (approvedBy.length > 0 ? approvedBy.join(' ') : null)],
  ['ticket', 'ticket', ({ ticket }) => ticket],
  ['reason', 'reason', ({ reason }) => reason],
  ['note', 'note', ({ note }) => note],
];

export interface Question extends Range {
  readonly organization: string;
}

export function renderAudit(question: Question, rows: readonly AuditRow[], format: Format): string {
  const cells = rows.map((row) => COLUMNS.map(([, , cell]) => cell(row)));
  if (format === 'json') return `${plainJson(rows.map(toJson), 2)}\n`;
  if (format === 'csv') {
    return csv(
      COLUMNS.map(([name]) => name),
      cells,
    );
  }
  // On a terminal people are known by their login; a shortened id would make all of them one.
  const shown = COLUMNS.filter(([name]) => name !== 'person');
  const short = rows.map((row) => shown.map(([name, , cell]) => shortened(name, cell(row))));
  return `${heading(question)}\n\n${table(
    shown.map(([, title]) => title),
    short,
  )}`;
}

/** The same names as in the other formats, in the same order. */
function toJson(row: AuditRow): object {
  const members = COLUMNS.map(([name, , cell]) => [
    name,
    name === 'approved_by' ? row.approvedBy : cell(row),
  ]);
  return Object.fromEntries(members);
}

/** Files have ids and times to the last digit; on a terminal they would push the reason out of sight. */
function shortened(column: string | undefined, cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  if (column === 'from' || column === 'until') return time(cell);
  return column === 'request' ? cell.replace(/^([0-9a-f]{8})-[0-9a-f-]{27}$/, '$1') : cell;
}

function heading({ organization, from, to }: Question): string {
  return `Who could see ${organization}, and who did, from ${time(from.toISOString())} until ${time(to.toISOString())} (UTC)`;
}
