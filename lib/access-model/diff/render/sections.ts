/** Sections of rows within a limit: what does not fit is counted, and said. */
import { count } from './words';

export interface Section {
  /** In front of the rows: a heading, the head of a table. */
  readonly before: string;
  readonly rows: readonly string[];
  readonly after?: string;
}

/** Of a comment on GitHub, which counts characters; bytes are never fewer. */
export const LIMIT = 65_536;

/** The first sections get the room first; none is left out without a word. */
export function withinLimit(intro: string, sections: readonly Section[], limit = LIMIT): string {
  const shown = sections.filter(({ rows }) => rows.length > 0);
  const frames = shown.map((section) => framed(section, [], section.rows.length));
  // Each section keeps room for its frame with the line about what is left out.
  let room = limit - bytes([intro, ...frames].join('\n\n')) - 2;
  const texts = shown.map((section, i) => {
    const fitting: string[] = [];
    for (const row of section.rows) {
      const size = bytes(row) + 1;
      // Nothing after the first row that does not fit: what is shown is the beginning, in order.
      if (size > room) break;
      room -= size;
      fitting.push(row);
    }
    const left = section.rows.length - fitting.length;
    return left === section.rows.length ? (frames[i] ?? '') : framed(section, fitting, left);
  });
  return `${[intro, ...texts].join('\n\n')}\n`;
}

function framed({ before, rows, after }: Section, fitting: readonly string[], left: number): string {
  const more =
    left > 0 ? [`\nand ${left} more of ${count(rows.length, 'line')}, in the report of the job`] : [];
  return [before, ...fitting, ...more, ...(after ? [after] : [])].join('\n');
}

const bytes = (text: string): number => Buffer.byteLength(text);
