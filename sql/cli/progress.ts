/** Progress on stderr: one line that is rewritten on a terminal; elsewhere only what explains a silence. */

export interface ProgressLine {
  /** What is being done. Shown on a terminal only, in place of the last one. */
  show(text: string): void;
  /** Why it takes longer than expected: a line of its own wherever stderr goes. */
  note(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

export interface ErrorStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export function progressLine(stderr: ErrorStream): ProgressLine {
  let shown = false;
  const clear = () => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    clear,
    show(text) {
      if (!stderr.isTTY) return;
      clear();
      // A line that wraps could not be rewritten.
      stderr.write(text.slice(0, Math.max(10, (stderr.columns ?? 80) - 1)));
      shown = true;
    },
    note(text) {
      clear();
      stderr.write(`${text}\n`);
    },
  };
}
