/** Advice as text for a person and as JSON for a machine. */
import type { Advice } from './advise';
import type { Ratio } from './measure';

/** Below this a full scan is quick whatever the policy says. */
const SMALL = 10_000;

export function adviceText(advices: readonly Advice[]): string {
  if (advices.length === 0) return 'No table derives its organization from another one.\n';
  const parts = advices.map((advice) => [headline(advice), ...body(advice)].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

export function adviceJson(advices: readonly Advice[]): string {
  return `${JSON.stringify(advices, null, 2)}\n`;
}

function headline({ table, parent, depth, estimatedRows, measured }: Advice): string {
  const { children, parents, organizations } = measured.size;
  const levels = depth === 1 ? '1 foreign key' : `${depth} foreign keys`;
  return [
    `${table}: organization through ${parent}, ${levels}`,
    `  rows: ${rows(estimatedRows)}`,
    `  one row by key: ${times(measured.lookup)}`,
    `  one organization's aggregate: ${times(measured.aggregate)}`,
    `  measured on ${children} made-up rows under ${parents} parents of ${organizations} organizations`,
  ].join('\n');
}

function body({ migration }: Advice): string[] {
  if (migration.kind === 'blocked') return [`  no column can replace it: ${migration.reason}`];
  const steps = migration.steps.map(({ title, why, sql }, at) =>
    [`-- ${at + 1}. ${title}`, `-- ${why}`, sql].join('\n'),
  );
  return [`  afterwards in the registry: { organization: ${migration.registry.organization} }`, '', ...steps];
}

function rows(estimate: number | undefined): string {
  if (estimate === undefined) return 'not known, the table was never analysed';
  const about = `about ${Math.round(estimate).toLocaleString('en-US')}`;
  return estimate < SMALL ? `${about}: small, this can wait` : about;
}

function times({ ratio, derivedMs, directMs }: Ratio): string {
  return `${ratio.toFixed(1)}x (${derivedMs.toFixed(2)} ms against ${directMs.toFixed(2)} ms)`;
}
