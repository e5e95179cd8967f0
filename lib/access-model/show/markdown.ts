/** The matrix as a document that people review: docs/access-model.md. */
import { GROUPS } from '../capabilities/capability';
import type { Row } from '../matrix/matrix';
import { describe, MOST_COLUMNS, pathText, SECTIONS, shortener, word } from './render-text';

const SIGN = {
  yes: '**yes**',
  'in part': 'in part',
  'through others': 'via others',
  'perhaps, through others': 'via others?',
  no: '–',
} as const;

/** @param unresolved - how many values of the templates nobody knows */
export function markdown(rows: readonly Row[], title: string, unresolved = 0): string {
  const short = shortener(rows);
  const sections = SECTIONS.map(({ title: heading, kinds }) => ({
    heading,
    rows: rows.filter(({ principal }) => kinds.includes(principal.kind)),
  })).filter(({ rows: own }) => own.length > 0);
  return [
    `# ${title}`,
    '',
    'What each principal can do, computed from the synthesized templates. **yes**: by its own policies. *in part*: some of what it',
    'takes, or it depends on what no template says. *via others*: after becoming somebody else; the path stands below the table.',
    '–: no, and no path leads there.',
    '',
    ...(unresolved > 0
      ? [
          `**${unresolved} values in the templates are not known**: what depends on them is *in part*. They are listed by the command check.`,
          '',
        ]
      : []),
    ...sections.flatMap(({ heading, rows: own }) => [
      `## ${heading}`,
      '',
      ...(own.length <= MOST_COLUMNS ? table(own, short) : lists(own, short)),
      '',
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

type Short = (name: string) => string;

function table(rows: readonly Row[], short: Short): string[] {
  const [first] = rows;
  if (!first) return [];
  const lines = [
    `| may | ${rows.map(({ principal }) => cell(short(principal.name))).join(' | ')} |`,
    `|---|${rows.map(() => '---').join('|')}|`,
  ];
  for (const group of GROUPS) {
    for (const { title, signs } of merged(rows, group)) lines.push(`| ${cell(short(title))} | ${signs} |`);
  }
  return [...lines, '', ...rows.flatMap((row) => notes(row, short))];
}

/** Objects of which everybody may the same stand in one line. */
function merged(rows: readonly Row[], group: (typeof GROUPS)[number]): { title: string; signs: string }[] {
  const lines = new Map<string, { verb: string; objects: string[]; signs: string }>();
  rows[0]?.cells.forEach(({ capability: { id, title, object = '', group: own } }, i) => {
    if (own !== group) return;
    const signs = rows.map(({ cells }) => SIGN[word(cells[i] as Row['cells'][number])]).join(' | ');
    const verb = object === '' ? title : title.slice(0, -object.length - 1);
    const key = object === '' ? id : `${verb}\n${signs}`;
    const line = lines.get(key) ?? { verb, objects: [], signs };
    if (object !== '') line.objects.push(object);
    lines.set(key, line);
  });
  return [...lines.values()].map(({ verb, objects, signs }) => ({
    title: [verb, objects.join(', ')].join(' ').trim(),
    signs,
  }));
}

function notes(row: Row, short: Short): string[] {
  const { principal, becomes } = row;
  return [
    `**${cell(short(principal.name))}**: ${cell(describe(principal))}.`,
    ...(becomes.length === 0
      ? ['Becomes nobody else.']
      : row.principal.kind === 'administrator' || row.principal.kind === 'named'
        ? [
            `Becomes ${becomes.length} others: an administrator is stopped by another account, not by policies of its own.`,
          ]
        : ['Becomes:', '', ...becomes.map(({ path }) => `- ${cell(pathText(path, short))}`)]),
    '',
  ];
}

/** For principals that are many: what each may, by itself and through others. */
function lists(rows: readonly Row[], short: Short): string[] {
  return rows.flatMap((row) => {
    const { principal, cells, becomes } = row;
    const own = cells
      .filter(({ direct }) => direct.holds !== 'no')
      .map(
        ({ capability, direct }) => `${short(capability.title)}${direct.holds === 'yes' ? '' : ' (in part)'}`,
      );
    const through = cells
      .filter(({ direct, path }) => direct.holds === 'no' && path.length > 0)
      .map(({ capability }) => short(capability.title));
    return [
      `**${cell(short(principal.name))}**: ${cell(describe(principal))}`,
      '',
      `- may: ${own.length > 0 ? cell(own.join('; ')) : 'nothing of what is asked here'}`,
      ...(becomes.length > 0
        ? [
            `- becomes: ${cell(becomes.map(({ principal: to, path }) => `${short(to.name)} (${path.map(({ technique }) => technique.id).join(', ')})`).join('; '))}`,
          ]
        : []),
      ...(through.length > 0 ? [`- and so may: ${cell(through.join('; '))}`] : []),
      '',
    ];
  });
}

/** A name from a template shall not end a cell, nor begin markup. */
const cell = (text: string): string => text.replace(/[|`*<>[\]\\]/g, '\\$&').replaceAll('\n', ' ');
