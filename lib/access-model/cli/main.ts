/** The edge of the command line: arguments in, exit code out. The one place that catches and prints errors. */
import { CommanderError } from 'commander';
import { Problem } from '../problem';
import { EXIT } from './exit-codes';
import type { Io } from './io';
import { buildProgram } from './program';

export async function main(argv: readonly string[], io: Io): Promise<number> {
  const { program, outcome } = buildProgram(io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    // It has printed what was asked for, or what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.couldNotRun;
    if (error instanceof Problem) {
      io.stderr(`error: ${error.message}\n`);
      return EXIT.couldNotRun;
    }
    const { message, stack } = error as Error;
    const [first] = message.split('\n');
    // Templates nest without end only where somebody means harm; anything else is a defect, for them to report.
    const why = error instanceof RangeError ? 'the input is nested too deeply' : 'this should not happen';
    io.stderr(`error: ${why}: ${first} (TENANT_ZERO_DEBUG=1 shows where)\n`);
    if (process.env.TENANT_ZERO_DEBUG) io.stderr(`${stack}\n`);
    return EXIT.couldNotRun;
  }
}
