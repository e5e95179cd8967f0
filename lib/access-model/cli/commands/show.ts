/** `access show`: the matrix, or whether the document that was committed still says it. */
import { readFile, writeFile } from 'node:fs/promises';
import { matrix } from '../../matrix/matrix';
import { Problem } from '../../problem';
import { html } from '../../show/html';
import { json } from '../../show/json';
import { markdown } from '../../show/markdown';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { directoryOf, open, type Source } from '../open';

export interface ShowOptions extends Source {
  readonly format: 'markdown' | 'json' | 'html';
  /** Written to instead of printed. */
  readonly out?: string;
  /** Compared with; nothing is printed but whether it is stale. */
  readonly check?: string;
}

export async function runShow(options: ShowOptions, io: Io): Promise<number> {
  const text = await rendered(options);
  if (options.check !== undefined) return compare(options.check, text, io);
  if (options.out === undefined) io.stdout(text);
  else await writeFile(options.out, text);
  return EXIT.ok;
}

async function rendered(options: ShowOptions): Promise<string> {
  const analysis = await open(options);
  const rows = matrix(analysis);
  const title = `Effective access: ${options.assembly ? directoryOf(options) : options.stage}`;
  switch (options.format) {
    case 'markdown':
      return markdown(rows, title, analysis.estate.unresolved.length);
    case 'html':
      return html(rows, title);
    case 'json':
      return json(analysis, rows);
  }
}

async function compare(file: string, text: string, io: Io): Promise<number> {
  const kept = await readFile(file, 'utf8').catch(() => {
    throw new Problem(`${file} cannot be read: write it with --out ${file}`);
  });
  if (kept === text) return EXIT.ok;
  io.stderr(`${file} is stale: write it again with --out ${file}, and look at what changed\n`);
  return EXIT.findings;
}
