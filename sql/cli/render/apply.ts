/** What an apply did. Pure. */
import type { ApplyReport } from '../../applier/apply';
import type { Format } from '../context';
import { json } from './json';
import { byUnit, changeLines, changeValue } from './plan';
import { cell, code, count } from './words';

/** What the renderers need of a report. */
export type ApplyView = Pick<ApplyReport, 'applied' | 'remaining' | 'registryHash'>;

export function renderApply(report: ApplyView, format: Format): string {
  switch (format) {
    case 'json':
      return json(applyValue(report));
    case 'markdown':
      return applyMarkdown(report);
    default:
      return applyText(report);
  }
}

export function applyValue({ applied, remaining, registryHash }: ApplyView): unknown {
  return {
    registryHash,
    complete: remaining.length === 0,
    applied: applied.map(changeValue),
    remaining: remaining.map(changeValue),
  };
}

/** `Applied 124 changes in 32 units.` */
export function appliedSentence({ applied, remaining }: ApplyView): string {
  const units = new Set(applied.map((change) => change.unit)).size;
  const done =
    applied.length === 0
      ? 'Nothing was changed.'
      : `Applied ${count(applied.length, 'change')} in ${count(units, 'unit')}.`;
  const rest =
    remaining.length === 0
      ? 'The database is what the registry says.'
      : `${count(remaining.length, 'change')} ${remaining.length === 1 ? 'remains' : 'remain'}.`;
  return `${done} ${rest}`;
}

function applyText(report: ApplyView): string {
  const units = byUnit(report.applied);
  const remaining = byUnit(report.remaining);
  return [
    ...[...units].map(([unit, changes]) => `  ${unit}: ${count(changes.length, 'change')}`),
    ...(remaining.size > 0 ? ['Remaining'] : []),
    ...[...remaining].flatMap(([unit, changes]) => [
      `  ${unit}`,
      ...changes.flatMap(changeLines).map((line) => `    ${line}`),
    ]),
    appliedSentence(report),
  ].join('\n');
}

function applyMarkdown(report: ApplyView): string {
  return [
    `### ${appliedSentence(report)}`,
    ...(report.remaining.length > 0 ? [''] : []),
    ...report.remaining.map(
      (change) =>
        `- ${code(change.unit)} ${cell(change.kind)} ${code(change.name)}${change.note ? `: ${cell(change.note)}` : ''}`,
    ),
  ].join('\n');
}
