/** `access decisions`: what every statement comes to, as text that is kept and compared. */
import { writeFile } from 'node:fs/promises';
import { decisions, renderDecisions } from '../../mutate';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { open, type Source, vocabularyOf } from '../open';

export interface DecisionsOptions extends Source {
  /** Written to instead of printed. */
  readonly out?: string;
}

export async function runDecisions(options: DecisionsOptions, io: Io): Promise<number> {
  const analysis = await open(options);
  const text = renderDecisions(decisions(analysis, await vocabularyOf(analysis)));
  if (options.out === undefined) io.stdout(text);
  else await writeFile(options.out, text);
  return EXIT.ok;
}
