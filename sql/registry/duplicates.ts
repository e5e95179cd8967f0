/** One relation, one entry: a second one could open what the first one closes. */

import { RELATION_FIX } from './fields';
import { readRelation } from './relation';
import type { Report } from './report';
import { entriesOf, type Tree, textOf, treeAt } from './tree';

interface Mention {
  readonly section: string;
  readonly text: string;
  readonly tree: Tree;
}

const SECTIONS = ['tables', 'excluded', 'views', 'undecided'] as const;

/**
 * Reports relations that are entered more than once, however they are spelled, and keys that name no relation.
 * Equal spelling within one section is the tree's to report.
 */
export function checkRelations(root: Tree, report: Report): void {
  const mentions: Mention[] = SECTIONS.flatMap((section) =>
    [...entriesOf(root, section)].map(([text, tree]) => ({ section, text, tree })),
  ).sort((a, b) => (a.tree.keyAt ?? 0) - (b.tree.keyAt ?? 0));

  const first = new Map<string, Mention>();
  // The organizations table comes first wherever it stands: its entry is `organizations`, the other one is too much.
  const organizations = treeAt(root, ['organizations', 'table']);
  const name = textOf(treeAt(root, ['organizations']), 'table');
  if (organizations && name)
    enter(first, { section: 'organizations', text: name, tree: organizations }, report);
  for (const mention of mentions) enter(first, mention, report);
}

function enter(first: Map<string, Mention>, mention: Mention, report: Report): void {
  const { section, text, tree } = mention;
  const spelled = readRelation(text);
  if (!spelled) {
    // The value of organizations.table is checked with the shape.
    if (section !== 'organizations')
      report.atKey(tree, `${JSON.stringify(text)} is not the name of a table`, RELATION_FIX);
    return;
  }
  const earlier = spelled.meanings.map((meaning) => first.get(meaning)).find((found) => found !== undefined);
  for (const meaning of spelled.meanings) if (!first.has(meaning)) first.set(meaning, mention);
  if (!earlier) return;
  if (earlier.section === 'organizations') {
    report.atKey(
      tree,
      `${text} is the organizations table and also stands under ${section}`,
      `remove it from ${section}; its grants, replaces and samples go under organizations`,
    );
    return;
  }
  const where = `line ${report.location(earlier.tree).line}`;
  const same = earlier.section === section && earlier.text !== text;
  report.atKey(
    tree,
    `${text} is entered twice: first under ${earlier.section}${same ? ` as ${earlier.text}` : ''} in ${where}`,
    text.toLowerCase() === earlier.text.toLowerCase() && text !== earlier.text
      ? 'keep one of the two; if two tables differ in case only, quote both names'
      : 'keep one of the two',
  );
}
