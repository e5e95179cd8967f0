/** Bad input: one clear line, exit code 2, nothing was answered. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
