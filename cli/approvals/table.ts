/** Text in columns. Cells come from other people: nothing in them acts on the terminal. Pure. */
import { plain } from './plain';

type Cell = string | number;

/** Numbers stand to the right. Ends without a newline. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return columns(
    [head, ...rows],
    (column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
}

/** `name  value`, one line each; what has no value is left out. */
export function facts(pairs: readonly (readonly [name: string, value: Cell | undefined])[]): string {
  return columns(pairs.filter((pair): pair is readonly [string, Cell] => pair[1] !== undefined));
}

function columns(
  rows: readonly (readonly Cell[])[],
  isRight: (column: number) => boolean = () => false,
): string {
  const cells = rows.map((row) => row.map((cell) => plain(String(cell))));
  const widths = (cells[0] ?? []).map((_, column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isRight(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  return cells.map((row) => line(row).trimEnd()).join('\n');
}

export function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** `1 code`, `2 codes` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
