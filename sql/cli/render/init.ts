/** What `init` wrote, and what it leaves to a person. Pure. */
import type { Proposal } from '../../discovery/propose';
import type { Format } from '../context';
import { json } from './json';
import { count } from './words';

/** What the renderer needs of a proposal. */
export type ProposalView = Pick<Proposal, 'registered' | 'undecided' | 'questions'>;

export function renderInit(file: string, proposal: ProposalView, format: Format): string {
  const { registered, undecided, questions } = proposal;
  if (format === 'json') return json({ file, registered, undecided, questions });
  return [
    `wrote ${file}: ${count(registered, 'table')} registered, ${undecided.length} undecided`,
    ...(undecided.length > 0
      ? ['', 'Undecided: closed to everybody until you move them to tables: or excluded:']
      : []),
    ...undecided.map(({ table, because }) => `  ${table}: ${because}`),
    ...(questions.length > 0 ? ['', 'Policies of their own'] : []),
    ...questions.map(({ table, text }) => `  ${table} ${text}`),
    '',
    `next: read ${file}, then rls plan --registry ${file}`,
  ].join('\n');
}
