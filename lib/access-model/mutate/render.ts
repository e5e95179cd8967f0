/** A report of mutants for people, and for machines. */
import { readable } from '../assembly/unresolved';
import type { MutantKind } from './mutant';
import {
  type Equivalence,
  type MutationReport,
  type Outcome,
  type Result,
  type Score,
  scoreOf,
  scoresByKind,
} from './report';

/** Of what masks a mutant, so many are named. */
const MOST_NAMED = 4;

export function renderReport(report: MutationReport): string {
  const total = scoreOf(report.results);
  const open = report.results.filter(({ outcome }) => outcome.outcome === 'not noticed');
  const equivalent = report.results.filter(({ outcome }) => outcome.outcome === 'equivalent');
  return [
    `${percent(total)} of ${total.noticed + total.notNoticed} mutants were noticed by ${report.checks.join(', ')}; ${total.equivalent} more change nothing.`,
    '',
    ...scoresByKind(report).map(kindLine),
    ...section('Not noticed', open),
    ...section('Equivalent', equivalent),
    '',
  ].join('\n');
}

const percent = ({ score }: Score): string => `${(Math.floor(score * 1000) / 10).toFixed(1)} %`;

function kindLine([kind, score]: [MutantKind, Score]): string {
  const { noticed, notNoticed, equivalent } = score;
  return `  ${kind.padEnd(24)} ${percent(score).padStart(7)}  ${noticed} noticed, ${notNoticed} not, ${equivalent} equivalent`;
}

function section(title: string, results: readonly Result[]): string[] {
  if (results.length === 0) return [];
  return ['', `${title}:`, ...results.flatMap(resultLines)].map(readable);
}

function resultLines({ mutant: { id, direction }, outcome }: Result): string[] {
  return [`  ${id} (${direction})`, ...details(outcome).map((line) => `      ${line}`)];
}

function details(outcome: Outcome): readonly string[] {
  switch (outcome.outcome) {
    case 'noticed':
      return [`noticed by ${outcome.by.join(', ')}`];
    case 'equivalent':
      return [reasonOf(outcome.why)];
    case 'not noticed':
      return outcome.differs.length > 0 ? outcome.differs : ['no request was found that shows it'];
  }
}

function reasonOf(why: Equivalence): string {
  if (why.reason !== 'masked') return why.reason;
  const more = why.by.length - MOST_NAMED;
  return `masked: ${why.by.slice(0, MOST_NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** With scores, so that nobody has to count. */
export function reportToJson(report: MutationReport): string {
  const { checks, results } = report;
  const kinds = Object.fromEntries(scoresByKind(report));
  const listed = results.map(({ mutant, outcome }) => ({ ...mutant, ...outcome }));
  return `${JSON.stringify({ checks, total: scoreOf(results), kinds, mutants: listed }, null, 2)}\n`;
}
