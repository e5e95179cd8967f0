/** The report for machines. */
import { readable } from '../../assembly/unresolved';
import { broadened } from '../broadened';
import type { Report } from './report';

export function diffJson({ base, head, changes, judgement }: Report): string {
  const content = { base, head, broadened: broadened(changes), judgement, changes };
  return `${JSON.stringify(content, (_, value) => (typeof value === 'string' ? readable(value) : value), 2)}\n`;
}
