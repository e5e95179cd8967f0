/** What the server answered, as text: aligned rows, or the command that was done. Pure. */
import { plain } from '../approvals/plain';

export interface Answer {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly { readonly name: string }[];
  /** As the server wrote them. */
  readonly rows: readonly (readonly (string | null)[])[];
}

const NULL = '(null)';

export function answerText({ command, rowCount, fields, rows }: Answer): string {
  if (fields.length === 0) return `${command}${rowCount === null ? '' : ` ${rowCount}`}`;
  // What tenants wrote must not move the cursor of whoever reads it.
  const names = fields.map(({ name }) => plain(name));
  const cells = rows.map((row) => row.map((value) => (value === null ? NULL : plain(value))));
  // Not as arguments of one call: a long answer has more rows than a call may have arguments.
  const widths = names.map((name, i) =>
    cells.reduce((widest, row) => Math.max(widest, row[i]?.length ?? 0), name.length),
  );
  const line = (row: readonly string[]) =>
    ` ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')}`.trimEnd();
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const count = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  return [line(names), rule, ...cells.map(line), count].join('\n');
}

/** As psql says it, with the SQLSTATE: that is what our documents list. */
export function errorText(error: unknown): string {
  const { code, message, detail, hint } = error as Record<
    'code' | 'message' | 'detail' | 'hint',
    string | undefined
  >;
  return [
    `ERROR${code ? ` ${code}` : ''}: ${plain(String(message))}`,
    ...(detail ? [`DETAIL: ${plain(detail)}`] : []),
    ...(hint ? [`HINT: ${plain(hint)}`] : []),
  ].join('\n');
}
