/** What `npm start` prints. Pure. */
import type { Measured, Reached } from './measure';
import type { TenantClass } from './tenants';

const CLASSES: readonly TenantClass[] = ['ordinary', 'sensitive', 'own'];

/** `counts`: tenants by class. */
export function measuredTable(
  measured: readonly Measured[],
  counts: Readonly<Record<TenantClass, number>>,
): string {
  const rows = [
    ['connected as', ...CLASSES.map((each) => `${each} (${counts[each]})`)],
    ...measured.map(({ observer, sees, changes }) => [
      observer,
      ...CLASSES.map((each) => `${cell(sees, each)} / ${cell(changes, each)}`),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}`;
  return [
    'Rows it sees / rows it can change, by class of tenant, as measured:',
    ...rows.map(line),
    '  An SQLSTATE: every table answers with this error. docs/error-codes.md',
  ].join('\n');
}

/** read_only_sql_transaction says more than its number; the others are looked up. */
function cell(reached: Reached, is: TenantClass): string {
  if (!('refused' in reached)) return String(reached[is]);
  return reached.refused === '25006' ? 'read-only' : reached.refused;
}

export function stepLine(milliseconds: number, what: string): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${what}`;
}

/** `TENANTS` by name and key: what `--organization` takes. */
export function tenantLines(tenants: readonly { id: string; name: string; is: TenantClass }[]): string {
  const width = Math.max(...tenants.map(({ name }) => name.length));
  return [
    'Organizations:',
    ...tenants.map(({ id, name, is }) => `  ${name.padEnd(width)}  ${id}  ${is}`),
  ].join('\n');
}

export function addresses(logins: readonly string[], url: (login: string) => string): string {
  const width = Math.max(...logins.map((login) => login.length));
  return ['Connect:', ...logins.map((login) => `  ${login.padEnd(width)}  ${url(login)}`)].join('\n');
}
