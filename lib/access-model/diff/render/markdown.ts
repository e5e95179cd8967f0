/** The report as a comment on a pull request: who gains what first, statements below and folded. */
import { type Accepted, fails } from '../accepted';
import { broadened } from '../broadened';
import type { Report } from './report';
import { capabilityRows, identityRows, requestRows, statementRows } from './rows';
import { type Section, withinLimit } from './sections';
import { code, count, plainText } from './words';

/** By it the one comment is found that is updated. */
export const MARKER = '<!-- tenant-zero access diff -->';

/** @param limit - of bytes; @default that of a comment on GitHub */
export function diffMarkdown(report: Report, limit?: number): string {
  const { changes, judgement } = report;
  const nothing = changes.principals.length + changes.statements.length + changes.requests.length === 0;
  const sections = [
    table('Capabilities', ['who', 'may', 'before', 'now', 'through'], capabilityRows(changes)),
    table('Who becomes whom', ['who', 'becomes', 'before', 'now', 'through'], identityRows(changes)),
    list('❌ Entries past their day, to be removed or accepted again:', judgement.lapsed.map(entry)),
    foldedList(
      'Not accepted, as <code>docs/access-changes.yaml</code> would name them',
      judgement.unaccepted.map(({ id }) => code(id)),
    ),
    folded('Requests', ['', 'request', 'who', 'on', 'by'], requestRows(changes)),
    folded('Statements', ['', 'policy', 'statement', 'at', 'before', 'now'], statementRows(changes)),
    folded('Accepted', ['change', 'by', 'until', 'reason'], judgement.accepted.map(acceptedRow)),
    list('Entries that match nothing here, to be removed once merged:', judgement.stale.map(entry)),
  ];
  return withinLimit(`${MARKER}\n${intro(report, nothing)}`, sections, limit);
}

function intro({ base, head, changes, judgement }: Report, nothing: boolean): string {
  const between = `${code(base)} → ${code(head)}`;
  if (nothing) return `**Access does not change.** ${between}`;
  const all = broadened(changes).length;
  if (all === 0)
    return `**Nothing broadens access**; something is narrowed, or only written anew. ${between}`;
  const open = judgement.unaccepted.length;
  const verdict = open === 0 ? 'all of them accepted' : `${open} of them not accepted`;
  const sign = fails(judgement) ? '❌' : '✅';
  return `${sign} **${count(all, 'change')} ${all === 1 ? 'broadens' : 'broaden'} access**, ${verdict}. ${between}`;
}

const entry = ({ change, until, 'accepted-by': by }: Accepted): string =>
  `${code(change)} (${plainText(by)}, until ${plainText(until)})`;

function acceptedRow({ change, by }: Report['judgement']['accepted'][number]): string[] {
  return [code(change.id), plainText(by['accepted-by']), plainText(by.until), plainText(by.reason)];
}

const list = (title: string, items: readonly string[]): Section => ({
  before: `${title}\n`,
  rows: items.map((each) => `- ${each}`),
});

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): Section {
  return {
    before: `### ${title}\n\n${line(head)}\n${line(head.map(() => '---'))}`,
    rows: rows.map(line),
  };
}

const foldedList = (title: string, items: readonly string[]): Section => ({
  before: `<details><summary>${title} (${items.length})</summary>\n`,
  rows: items.map((each) => `- ${each}`),
  after: '\n</details>',
});

function folded(title: string, head: readonly string[], rows: readonly (readonly string[])[]): Section {
  const summary = `<details><summary>${title} (${rows.length})</summary>`;
  return {
    before: `${summary}\n\n${line(head)}\n${line(head.map(() => '---'))}`,
    rows: rows.map(line),
    after: '\n</details>',
  };
}
