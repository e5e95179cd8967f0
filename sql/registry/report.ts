/** Collects problems with their places, and leaves out what is only guessed behind a syntax error. */
import type { Reading, Tree } from './tree';
import type { Location, Problem } from './types';

export class Report {
  private readonly found = new Map<string, Problem>();

  constructor(
    private readonly file: string,
    private readonly reading: Reading,
  ) {
    for (const fault of reading.faults) this.add(fault.offset, fault.message, fault.fix);
  }

  /** At the value itself. */
  atValue(tree: Tree, message: string, fix: string): void {
    if (this.isSound(tree)) this.add(tree.at, message, fix);
  }

  /** At the key in front of the value; at the value where it has none. */
  atKey(tree: Tree, message: string, fix: string): void {
    if (this.isSound(tree)) this.add(tree.keyAt ?? tree.at, message, fix);
  }

  /** The whole value was read as it is written. One that ends where a syntax error begins may be cut short. */
  isSound(tree: Tree): boolean {
    return tree.end < this.reading.soundUntil;
  }

  location(tree: Tree): Location {
    return this.place(tree.keyAt ?? tree.at);
  }

  /** In the order of the file. */
  problems(): Problem[] {
    return [...this.found.values()].sort(
      (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
    );
  }

  private place(offset: number): Location {
    return { file: this.file, ...this.reading.linePos(offset) };
  }

  /** Once: an anchored value is read again at each of its aliases. */
  private add(offset: number, message: string, fix: string): void {
    this.found.set(`${offset} ${message}`, { location: this.place(offset), message, fix });
  }
}

/** `file:line:column message -> fix`, as editors and terminals link it. */
export function formatProblem(problem: Problem): string {
  const { file, line, column } = problem.location;
  return `${file}:${line}:${column} ${problem.message} -> ${problem.fix}`;
}
