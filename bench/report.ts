/** What a run found, as Markdown for people and as JSON for machines. Pure. */
import { type Benchmark, type Figure, isOver, type Limit, ratioOf } from './benchmark';
import type { Machine } from './machine';
import type { Sizes } from './sizes';

export interface Result {
  readonly benchmark: Benchmark;
  readonly figures: readonly Figure[];
}

export interface Report {
  readonly machine: Machine;
  readonly sizes: Sizes;
  /** Seconds. */
  readonly took: number;
  readonly results: readonly Result[];
}

export function toJson({ machine, sizes, took, results }: Report): string {
  const figures = results.flatMap(({ benchmark, figures }) =>
    figures.map((figure) => ({
      benchmark: benchmark.name,
      ...figure,
      ratio: ratio(figure),
      verdict: verdict(figure),
    })),
  );
  return `${JSON.stringify({ machine, sizes, took, figures }, undefined, 2)}\n`;
}

export function toMarkdown({ machine, sizes, took, results }: Report): string {
  const count = (n: number) => n.toLocaleString('en');
  return [
    '# Benchmark results',
    '',
    '<!-- Written by `npm run bench -- --markdown FILE`. -->',
    '',
    `${machine.date}, PostgreSQL ${machine.postgres}, Node.js ${machine.node}, ${machine.cores} cores (${machine.processor}), ` +
      `load ${machine.load} before the run, ${Math.round(took)} s.`,
    `${count(sizes.rows)} rows, ${count(sizes.organizations)} organizations, ${sizes.hidden} of them sensitive; ` +
      `${count(sizes.chainRows)} rows per table of the chains; ${count(sizes.documents)} documents.`,
    '',
    'A ratio compares medians of one run in which both sides took turns. Times are what the client sees, one round trip',
    'per statement, planned every time unless the line says "prepared". "-": shown for information, without a limit.',
    '',
    ...results.flatMap(({ benchmark, figures }) => [
      `## ${benchmark.name}`,
      '',
      `${benchmark.title}.`,
      '',
      ...table(figures),
      '',
    ]),
  ].join('\n');
}

const HEADINGS = ['figure', 'baseline', 'median us', 'baseline us', 'ratio', 'limit', 'rounds', 'verdict'];
/** Columns of text; the others are numbers and stand to the right. */
const TEXT = new Set([0, 1, 7]);

/** Padded, as the formatter of this repository writes tables. */
function table(figures: readonly Figure[]): string[] {
  const rows = figures.map(cells);
  const widths = HEADINGS.map((heading, i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[]) => {
    const padded = row.map((cell, i) =>
      TEXT.has(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, i) => (TEXT.has(i) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(HEADINGS), line(rule), ...rows.map(line)];
}

/** For the terminal, while it runs. */
export function row(figure: Figure): string {
  return cells(figure).join('  ');
}

function cells(figure: Figure): string[] {
  const isCount = figure.limit.kind === 'count';
  return [
    figure.name,
    figure.baseline,
    isCount ? String(figure.median) : microseconds(figure.median),
    isCount ? '-' : microseconds(figure.baselineMedian),
    ratio(figure)?.toFixed(2) ?? '-',
    limitText(figure.limit),
    String(figure.rounds),
    verdict(figure),
  ];
}

function ratio(figure: Figure): number | undefined {
  return figure.limit.kind === 'count' ? undefined : ratioOf(figure);
}

function microseconds(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function limitText(limit: Limit): string {
  switch (limit.kind) {
    case 'ratio':
      return limit.most.toFixed(2);
    case 'time':
      return `${limit.most / 1000} ms`;
    case 'count':
      return String(limit.most);
    case 'none':
      return '-';
  }
}

function verdict(figure: Figure): 'pass' | 'over' | '-' {
  if (figure.limit.kind === 'none') return '-';
  return isOver(figure) ? 'over' : 'pass';
}
