/** `access ask`: questions as JSON lines, answers as JSON lines, in the same order. */
import { readFile } from 'node:fs/promises';
import { answer, answerLine } from '../../ask/answer';
import { parseQueries } from '../../ask/query';
import { Problem } from '../../problem';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { open, type Source, vocabularyOf } from '../open';

export interface AskOptions extends Source {
  /** A file of questions; `-` for standard input. */
  readonly file: string;
}

/** All questions are read and understood before the first is answered. */
export async function runAsk(options: AskOptions, io: Io): Promise<number> {
  const source = options.file === '-' ? 'standard input' : options.file;
  const text = await readFile(options.file === '-' ? '/dev/stdin' : options.file, 'utf8').catch(() => {
    throw new Problem(`${source} cannot be read: give a file of JSON lines, or - for standard input`);
  });
  const queries = parseQueries(text, source);
  if (queries.length === 0)
    throw new Problem(
      `${source} holds no question: {"principal": "...", "action": "s3:GetObject", "resource": "arn:..."}`,
    );
  const analysis = await open(options);
  const vocabulary = await vocabularyOf(
    analysis,
    queries.map(({ action }) => action),
  );
  const answers = queries.map((query) => answer(analysis, query, vocabulary));
  io.stdout(`${answers.map((each) => JSON.stringify(answerLine(each))).join('\n')}\n`);
  return answers.some(({ asExpected }) => asExpected === false) ? EXIT.findings : EXIT.ok;
}
