/** The matrix as one page without anything from elsewhere. */
import { GROUPS } from '../capabilities/capability';
import type { Row } from '../matrix/matrix';
import { describe, pathText, shortener, word } from './render-text';

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; } th, td { border: 1px solid #ccc; padding: .25rem .5rem; text-align: left; }
thead th { position: sticky; top: 0; background: #f4f4f4; writing-mode: vertical-rl; } thead th:first-child { writing-mode: initial; }
.yes { background: #fde2e1; font-weight: 600; } .in-part, .perhaps { background: #fff3cd; } .through { background: #fdebd8; } .no { color: #595959; }
`;

const CLASS = {
  yes: 'yes',
  'in part': 'in-part',
  'through others': 'through',
  'perhaps, through others': 'perhaps',
  no: 'no',
} as const;

export function html(rows: readonly Row[], title: string): string {
  const short = shortener(rows);
  const head = rows.map(
    ({ principal }) =>
      `<th scope="col" title="${escaped(describe(principal))}">${escaped(short(principal.name))}</th>`,
  );
  const body = GROUPS.flatMap((group) => {
    const indexes = (rows[0]?.cells ?? []).flatMap(({ capability }, i) =>
      capability.group === group ? [i] : [],
    );
    if (indexes.length === 0) return [];
    return [
      `<tr><th colspan="${rows.length + 1}" scope="rowgroup">${escaped(group)}</th></tr>`,
      ...indexes.map((i) => line(rows, i, short)),
    ];
  });
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head>`,
    `<body><h1>${escaped(title)}</h1><p>Computed from the synthesized templates. The path of what is reached through others shows on the cell.</p>`,
    `<table><thead><tr><th scope="col">may</th>${head.join('')}</tr></thead><tbody>`,
    ...body,
    '</tbody></table></body></html>',
    '',
  ].join('\n');
}

function line(rows: readonly Row[], i: number, short: (name: string) => string): string {
  const cells = rows.map(({ cells: own }) => {
    const cell = own[i] as Row['cells'][number];
    const text = word(cell);
    const path = cell.path.length > 0 ? ` title="${escaped(pathText(cell.path, short))}"` : '';
    return `<td class="${CLASS[text]}"${path}>${text}</td>`;
  });
  return `<tr><th scope="row">${escaped(short(rows[0]?.cells[i]?.capability.title ?? ''))}</th>${cells.join('')}</tr>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
