/** Columns for people, on a terminal: as wide as their widest cell, the last one as long as it is. */
import { plain } from '../../approvals/plain';
import type { Cell } from './csv';

export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [
    header,
    ...rows.map((row) => row.map((cell) => (cell === null ? '-' : plain(String(cell))))),
  ];
  // No spread: a ledger has more lines than a call may have arguments.
  const widths = header.map((_, column) =>
    lines.reduce((width, line) => Math.max(width, (line[column] ?? '').length), 0),
  );
  return lines
    .map((line) => {
      const cells = line.map((cell, column) => cell.padEnd(widths[column] ?? 0));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

/** `2026-04-15 10:00:00`, from ISO 8601 in UTC. */
export function time(iso: string | null): string | null {
  return iso === null ? null : iso.replace('T', ' ').replace(/(\.\d+)?Z$/, '');
}
