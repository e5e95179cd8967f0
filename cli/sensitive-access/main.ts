/** `sensitive-access`, from arguments to exit code. */
import { refuseCodeAsArgument } from '../approvals/codes';
import type { ExitCode } from '../approvals/exit-codes';
import type { Io } from '../approvals/io';
import { runProgram } from '../approvals/run-program';
import { buildProgram } from './program';

export function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  return runProgram(argv, io, () => {
    // Before anything reads them: an error of the parser would repeat the code.
    refuseCodeAsArgument(argv);
    return buildProgram(io);
  });
}
