/** Where every table stands. Pure. */
import type { Format } from '../context';
import type { Status, TableStatus } from '../table-states';
import { json } from './json';
import { tablesLine } from './summary';
import { cell, code, columns, count, markdownTable } from './words';

export function renderStatus(status: Status, format: Format): string {
  switch (format) {
    case 'json':
      return json(status);
    case 'markdown':
      return [
        `### ${tablesLine(status)}`,
        '',
        markdownTable(
          ['table', 'state', ''],
          status.tables.map((table) => [code(table.table), stateText(table), cell(noteText(table))]),
        ),
        '',
        ...closing(status).map((line) => `- ${cell(line)}`),
      ].join('\n');
    default:
      return [
        ...columns(status.tables.map((table) => [table.table, stateText(table), noteText(table)])),
        '',
        tablesLine(status),
        ...closing(status),
      ].join('\n');
  }
}

function stateText({ state, pending }: TableStatus): string {
  const changes = pending > 0 ? count(pending, 'pending change') : '';
  switch (state) {
    case 'pending':
      return changes;
    case 'gap':
      return `gap${changes ? `, ${changes}` : ', sealed'}`;
    case 'excluded':
      return `excluded${changes ? `, ${changes}` : ''}`;
    case 'protected':
      return 'protected';
  }
}

function noteText({ children, note }: TableStatus): string {
  return [
    ...(children > 0 ? [`with ${count(children, 'partition or child', 'partitions or children')}`] : []),
    ...(note ? [note] : []),
  ].join('; ');
}

function closing({ engine, unlistedViews, registry }: Status): string[] {
  return [
    ...engine.map(
      ({ unit, pending }) =>
        `${count(pending, 'pending change')} of ${unit}: nothing is safe before they are applied`,
    ),
    ...(unlistedViews.length > 0 ? [`views in no list: ${unlistedViews.join(', ')}`] : []),
    `registry ${registry.file}: ${short(registry.hash)}; ${applied(registry)}`,
  ];
}

const short = (hash: string) => hash.slice(0, 12);

function applied({ hash, applied: was, appliedAt, appliedBy }: Status['registry']): string {
  const when = appliedAt ? ` at ${appliedAt}${appliedBy ? ` by ${appliedBy}` : ''}` : '';
  if (was === hash) return `applied${when}`;
  if (was !== undefined) return `applied is ${short(was)}${when}`;
  return appliedAt ? `never applied completely; last try${when}` : 'not applied';
}
