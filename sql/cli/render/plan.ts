/** A plan for a reader: what changes, who gains and who loses, what is left alone. Pure. */
import type { Change } from '../../planner/change';
import type { Plan } from '../../planner/plan';
import type { Format } from '../context';
import { json } from './json';
import { cell, clip, code, count, markdownTable } from './words';

/** What the renderers need of a plan. */
export type PlanView = Pick<Plan, 'changes' | 'impact' | 'leftAlone'> & {
  readonly bound: {
    readonly database: string;
    readonly registry: { readonly file: string; readonly hash: string };
  };
};

export function renderPlan(plan: PlanView, format: Format): string {
  switch (format) {
    case 'json':
      return json(planValue(plan));
    case 'markdown':
      return planMarkdown(plan);
    default:
      return planText(plan);
  }
}

const SIGN = { add: '+', change: '~', remove: '-' } as const;

/** Comparable: the same difference is the same value, in the same order. */
export function planValue({ bound, changes, impact, leftAlone }: PlanView): unknown {
  return {
    database: bound.database,
    registry: { file: bound.registry.file, hash: bound.registry.hash },
    changes: changes.map(changeValue),
    impact,
    leftAlone,
  };
}

export function changeValue({ unit, kind, action, name, before, after, note, as, sql }: Change): unknown {
  return { unit, kind, action, name, before, after, note, as, sql };
}

export function byUnit(changes: readonly Change[]): Map<string, Change[]> {
  const units = new Map<string, Change[]>();
  for (const change of changes) units.set(change.unit, [...(units.get(change.unit) ?? []), change]);
  return units;
}

/** One change as `+ policy name: ...`. What the engine leaves to somebody else carries a second line. */
export function changeLines(change: Change): string[] {
  const { kind, action, name, before, after, sql, note } = change;
  const moved =
    action === 'change' ? `${before ?? '(nothing)'} -> ${after ?? '(nothing)'}` : (after ?? before ?? '');
  const text = `${SIGN[action]} ${kind === 'row-security' ? '' : `${kind} `}${name}${moved === '' || moved === name ? '' : `: ${moved}`}`;
  const manual =
    sql.length === 0 ? [`! not done by apply${note ? `: ${note}` : ''}`] : note ? [`! ${note}`] : [];
  return [clip(text), ...manual];
}

export function totals(changes: readonly Change[]): string {
  if (changes.length === 0) return 'Nothing to do: the database is what the registry says.';
  const manual = changes.filter((change) => change.sql.length === 0).length;
  const units = new Set(changes.map((change) => change.unit)).size;
  const rest = manual > 0 ? ` ${count(manual, 'is', 'are')} for somebody else, marked with "!".` : '';
  return `${count(changes.length, 'change')} in ${count(units, 'unit')}: rls apply.${rest}`;
}

function planText(plan: PlanView): string {
  const lines: string[] = [];
  for (const [unit, changes] of byUnit(plan.changes)) {
    lines.push(
      unit,
      ...changes.flatMap(changeLines).map((line) => (line.startsWith('!') ? `      ${line}` : `  ${line}`)),
      '',
    );
  }
  if (plan.impact.length > 0)
    lines.push('Who gains and who loses', ...plan.impact.map(({ sentence }) => `  ${sentence}`), '');
  if (plan.leftAlone.length > 0)
    lines.push(
      'Left alone: policies of others',
      ...plan.leftAlone.map(({ relation, policies }) => `  ${relation}: ${policies.join(', ')}`),
      '',
    );
  return [...lines, totals(plan.changes)].join('\n');
}

function planMarkdown(plan: PlanView): string {
  const rows = plan.changes.map((change) => [
    code(change.unit),
    SIGN[change.action] === '-' ? '−' : SIGN[change.action],
    `${cell(change.kind)} ${code(change.name)}`,
    change.before === undefined ? '' : code(clip(change.before)),
    change.after === undefined ? '' : code(clip(change.after)),
  ]);
  return [
    `### Plan for ${cell(plan.bound.database)}`,
    '',
    totals(plan.changes),
    ...(plan.impact.length > 0
      ? ['', '#### Who gains and who loses', '', ...plan.impact.map(({ sentence }) => `- ${cell(sentence)}`)]
      : []),
    ...(plan.leftAlone.length > 0
      ? [
          '',
          '#### Left alone',
          '',
          ...plan.leftAlone.map(
            ({ relation, policies }) => `- ${code(relation)}: ${policies.map(code).join(', ')}`,
          ),
        ]
      : []),
    ...(rows.length > 0
      ? [
          '',
          '<details><summary>Changes</summary>',
          '',
          markdownTable(['unit', '', 'what', 'before', 'after'], rows),
          '',
          '</details>',
        ]
      : []),
  ].join('\n');
}
