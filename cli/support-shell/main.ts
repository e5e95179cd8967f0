/** `support-shell`, from arguments to exit code. */
import type { ExitCode } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';
import { runProgram } from '../approvals/run-program';
import { buildProgram } from './program';

export function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  return runProgram(argv, io, () => buildProgram(io));
}
