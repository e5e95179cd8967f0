/** Values as JSON: indented, ending with a newline; what is undefined is null, so that every object has all its keys. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, (_, each) => (each === undefined ? null : each), 2)}\n`;
}
