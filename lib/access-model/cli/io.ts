/** Where a command writes to: replaced in tests. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
}
