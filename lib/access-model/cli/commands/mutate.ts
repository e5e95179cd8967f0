/** `access mutate`: each fault in each policy, and which check notices it. */
import { mutate, renderReport, reportToJson, scoreOf } from '../../mutate';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { open, vocabularyOf } from '../open';
import { type CheckOptions, checksFor } from './check';

export interface MutateOptions extends CheckOptions {
  /** Of a hundred mutants that change something, so many must be noticed. */
  readonly least: string;
}

/** So many mutants between two lines of progress: a few seconds. */
const STRIDE = 100;

export async function runMutate(options: MutateOptions, io: Io): Promise<number> {
  const analysis = await open(options);
  const vocabulary = await vocabularyOf(analysis);
  const checks = await checksFor(options, vocabulary);
  const report = mutate(analysis, checks, {
    vocabulary,
    progress: (done, of) => {
      if (done % STRIDE === 0) io.stderr(`${done} of ${of} mutants\n`);
    },
  });
  io.stdout(options.format === 'json' ? reportToJson(report) : renderReport(report));
  return scoreOf(report.results).score * 100 >= Number(options.least) ? EXIT.ok : EXIT.findings;
}
