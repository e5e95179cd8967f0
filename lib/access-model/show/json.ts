/** The matrix for machines. */
import { readable } from '../assembly/unresolved';
import type { Analysis } from '../matrix/analysis';
import type { Row } from '../matrix/matrix';
import type { Path } from '../reach/graph';

export function json({ estate }: Analysis, rows: readonly Row[]): string {
  const content = {
    capabilities: (rows[0]?.cells ?? []).map(({ capability: { id, title, group } }) => ({
      id,
      title,
      group,
    })),
    principals: rows.map(
      ({ principal: { name, kind, caller, id, boundaryArn, sessionMinutes }, cells, becomes }) => ({
        name,
        kind,
        arn: caller.arn,
        ...(id ? { id } : {}),
        ...(boundaryArn ? { boundary: boundaryArn } : {}),
        ...(sessionMinutes === undefined ? {} : { sessionMinutes }),
        // What is not here is refused, and no path leads to it.
        holds: Object.fromEntries(
          cells
            .filter(({ holds }) => holds !== 'no')
            .map(({ capability, direct, holds, path }) => [
              capability.id,
              { holds, direct: direct.holds, ...(path.length > 0 ? { path: steps(path) } : {}) },
            ]),
        ),
        becomes: becomes.map(({ principal, path }) => ({ name: principal.name, path: steps(path) })),
      }),
    ),
    unresolved: estate.unresolved.map(({ where, what }) => ({ where, what: readable(what) })),
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

const steps = (path: Path) =>
  path.map(({ to, technique, holds, steps: own }) => ({
    to: to.name,
    technique: technique.id,
    holds,
    actions: [...new Set(own.map(({ action }) => action))],
  }));
