/** Where in the registry file a finding has its cause: the entry of the table or the role that its key names. Pure. */
import path from 'node:path';
import type { BoundRegistry } from '../../compiler/bound';
import type { Location } from '../../registry';
import type { Finding } from '../../verifier/types';

export interface Place {
  /** Relative to the working directory where it lies inside, with forward slashes. */
  readonly file: string;
  /** 1 when no entry is known. */
  readonly line: number;
}

export type Locate = (finding: Finding) => Place;

/** What locating needs of the bound registry. */
export type Located = Pick<BoundRegistry, 'registry' | 'tables' | 'excluded' | 'views' | 'unregistered'>;

export function locator(bound: Located, cwd: string = process.cwd()): Locate {
  const { registry } = bound;
  const file = relative(registry.file, cwd);
  const entries = new Map<string, Location>();
  for (const { relation, entry, children } of [...bound.tables, ...bound.excluded]) {
    for (const each of [relation, ...children]) entries.set(each.text, entry.location);
  }
  for (const { relation, entry } of bound.views) entries.set(relation.text, entry.location);
  for (const { relation, undecided } of bound.unregistered)
    if (undecided) entries.set(relation.text, undecided.location);
  for (const role of registry.roles) entries.set(role.name, role.location);
  // The longest name first: `public.employees` must not answer for `public.employees_archive`.
  const names = [...entries.keys()].sort((a, b) => b.length - a.length);
  return ({ key }) => {
    const name = names.find(
      (each) => key === each || (key.startsWith(each) && /[\s.(]/.test(key[each.length] ?? '')),
    );
    return { file, line: (name !== undefined && entries.get(name)?.line) || 1 };
  };
}

export function relative(file: string, cwd: string): string {
  const inside = path.relative(cwd, path.resolve(cwd, file));
  const shown = inside.startsWith('..') || path.isAbsolute(inside) ? path.resolve(cwd, file) : inside;
  return shown.split(path.sep).join('/');
}
