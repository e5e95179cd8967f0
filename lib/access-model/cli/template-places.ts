/** Where a resource stands in the files of an assembly. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locate, Place } from '../diff/render/report';

const TEMPLATE = /\.(json|yaml|yml|template)$/;

/**
 * @param folder - of the assembly
 * @param shown - that folder, as results name it: a worktree is gone by then
 */
export async function placesIn(folder: string, shown: string): Promise<Locate> {
  const byLogicalId = new Map<string, Place[]>();
  for (const file of await templatesIn(folder)) {
    const lines = (await readFile(path.join(folder, file), 'utf8')).split('\n');
    const place = (i: number): Place => ({ file: path.join(shown, file), line: i + 1 });
    lines.forEach((line, i) => {
      const [, logicalId] = /^ {1,4}"?([A-Za-z0-9]+)"?: ?\{?\s*$/.exec(line) ?? [];
      if (logicalId) byLogicalId.set(logicalId, [...(byLogicalId.get(logicalId) ?? []), place(i)]);
    });
  }
  return (where) => {
    // A stack may have dots in its name; a logical id has none.
    const dot = where?.lastIndexOf('.') ?? -1;
    if (where === undefined || dot < 0) return { file: path.join(shown, 'manifest.json'), line: 1 };
    const stack = where.slice(0, dot).split('/');
    const found = byLogicalId.get(where.slice(dot + 1)) ?? [];
    const own = found.find(({ file }) => stack.some((each) => path.basename(file).includes(`${each}.`)));
    return own ?? found[0] ?? { file: path.join(shown, `${stack[0]}.template.json`), line: 1 };
  };
}

async function templatesIn(folder: string): Promise<string[]> {
  const all: string[] = [];
  for (const sub of ['', 'bootstrap']) {
    const entries = await readdir(path.join(folder, sub), { withFileTypes: true }).catch(() => []);
    const files = entries.filter((each) => each.isFile() && TEMPLATE.test(each.name));
    all.push(...files.map(({ name }) => path.join(sub, name)).sort());
  }
  return all.filter((file) => !/manifest\.json$|tree\.json$|\.assets\.json$/.test(file));
}
