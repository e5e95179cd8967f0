/** Words and names that every rendering of the matrix shares. */
import { GROUPS } from '../capabilities/capability';
import type { Kind, Principal } from '../estate/estate';
import type { Cell, Row } from '../matrix/matrix';
import type { Path } from '../reach/graph';

/** Sections of the document, in the order of who is asked about first. */
export const SECTIONS: readonly { readonly title: string; readonly kinds: readonly Kind[] }[] = [
  { title: 'People', kinds: ['person', 'user', 'administrator', 'named'] },
  { title: 'Tasks', kinds: ['task'] },
  { title: 'Functions', kinds: ['function'] },
  { title: 'Pipelines', kinds: ['pipeline'] },
  { title: 'Deployment', kinds: ['deployment'] },
  { title: 'Services of AWS and other roles', kinds: ['service', 'role'] },
  { title: 'Strangers', kinds: ['stranger'] },
];

/** A matrix wider than this is no longer read: a list for each principal is. */
export const MOST_COLUMNS = 8;

/** What all names have in common, the name of the stage above all, tells nothing apart. */
export function shortener(rows: readonly Row[]): (name: string) => string {
  const stems = rows
    .map(({ principal: { name, kind } }) =>
      kind === 'task' || kind === 'function' || kind === 'pipeline'
        ? name.split('-').slice(0, 2).join('-')
        : '',
    )
    .filter((stem) => stem.includes('-'));
  const most = [...new Set(stems)].sort(
    (a, b) => stems.filter((each) => each === b).length - stems.filter((each) => each === a).length,
  )[0];
  const prefix = most && stems.filter((each) => each === most).length > 2 ? `${most}-` : undefined;
  return (name) => {
    const short = prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name;
    // The account and region at the end of the CDK's names, and the hash at the end of generated ones.
    return short.replace(/-\d{12}-[a-z0-9-]+$/, '').replace(/(?<=[a-z])[0-9A-F]{8}$/, '');
  };
}

export type Word = 'yes' | 'in part' | 'through others' | 'perhaps, through others' | 'no';

export function word({ direct, holds, path }: Cell): Word {
  if (path.length === 0) return direct.holds;
  return holds === 'yes' ? 'through others' : 'perhaps, through others';
}

export function pathText(path: Path, short: (name: string) => string): string {
  return path.map(({ technique, to }) => `${technique.verb} ${short(to.name)}`).join(', ');
}

export function byGroup(row: Row): { group: (typeof GROUPS)[number]; cells: Cell[] }[] {
  return GROUPS.map((group) => ({
    group,
    cells: row.cells.filter(({ capability }) => capability.group === group),
  })).filter(({ cells }) => cells.length > 0);
}

export const describe = ({ kind, caller, sessionMinutes, boundaryArn }: Principal): string =>
  [
    kind === 'named' ? 'named in policies, made elsewhere: taken for an administrator' : caller.arn,
    ...(sessionMinutes === undefined ? [] : [`sessions of ${sessionMinutes} minutes`]),
    ...(boundaryArn
      ? ['with a boundary']
      : kind === 'administrator' || kind === 'named'
        ? []
        : ['without a boundary']),
  ].join('; ');
