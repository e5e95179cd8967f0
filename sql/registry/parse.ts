/** The text of a registry to a `Registry`, or to everything that is wrong with it. Pure. */
import { buildRegistry } from './build';
import { checkContent } from './checks';
import { checkRelations } from './duplicates';
import { Report } from './report';
import { checkShape } from './shape';
import { readTree, treeAt } from './tree';
import type { Problem, Registry } from './types';

export type Parsed = { readonly registry: Registry } | { readonly problems: readonly Problem[] };

/**
 * @param text - the content of the file
 * @param file - its name, for locations
 * @param today - the day on which exceptions must still hold, `YYYY-MM-DD`
 */
export function parseRegistry(text: string, file: string, today: string): Parsed {
  const reading = readTree(text);
  const report = new Report(file, reading);
  // The shape goes first: it puts misspelled keys right, which spares the other checks their consequences.
  const raw = checkShape(reading.root, report);
  checkContent(reading.root, today, report);
  checkRelations(reading.root, report);
  const problems = report.problems();
  if (problems.length > 0) return { problems };
  if (!raw) throw new Error('the registry was refused without a reason');
  return {
    registry: buildRegistry(raw, file, (...path) =>
      report.location(treeAt(reading.root, path) ?? reading.root),
    ),
  };
}
