/** Files that are generated and committed, so that their changes are reviewed. `npm run kept` writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');

/** Fails when the file does not hold this text; with `KEEP=1`, writes it. */
export function expectKept(file: string, text: string): void {
  const absolute = path.join(ROOT, file);
  if (process.env.KEEP === '1') {
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
  const kept = existsSync(absolute) ? readFileSync(absolute, 'utf8') : `(there is no ${file}: npm run kept)`;
  expect(kept).toBe(text);
}

/** The same for the part of a file between `<!-- begin NAME -->` and `<!-- end NAME -->`. */
export function expectKeptPart(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
  const whole = readFileSync(path.join(ROOT, file), 'utf8');
  const from = whole.indexOf(begin);
  const to = whole.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no part between "${begin.trim()}" and "${end}"`);
  expectKept(file, `${whole.slice(0, from + begin.length)}${text}${whole.slice(to)}`);
}
