/** `access explain`: one question in words; or one capability of one principal. */
import { answer, answerLine } from '../../ask/answer';
import { capabilityInWords } from '../../ask/capability';
import { explain } from '../../ask/explain';
import { parseQuery } from '../../ask/query';
import { Problem } from '../../problem';
import { EXIT } from '../exit-codes';
import type { Io } from '../io';
import { open, type Source, vocabularyOf } from '../open';

export interface ExplainOptions extends Source {
  readonly principal: string;
  /** `service:Action`, or the id of a capability. */
  readonly what: string;
  readonly resource?: string;
  /** `key=value`; a key that is given twice has two values. */
  readonly context: readonly string[];
  readonly format: 'text' | 'json';
}

export async function runExplain(options: ExplainOptions, io: Io): Promise<number> {
  const analysis = await open(options);
  const capability = analysis.capabilities.find(({ id }) => id === options.what);
  if (capability && options.resource === undefined) {
    io.stdout(`${capabilityInWords(analysis, options.principal, capability)}\n`);
    return EXIT.ok;
  }
  const query = parseQuery(
    {
      principal: options.principal,
      action: options.what,
      ...(options.resource ? { resource: options.resource } : {}),
      context: keysOf(options.context),
    },
    'the question',
  );
  const found = answer(analysis, query, await vocabularyOf(analysis, [query.action]));
  io.stdout(
    `${options.format === 'json' ? JSON.stringify(answerLine(found), undefined, 2) : explain(found)}\n`,
  );
  return EXIT.ok;
}

function keysOf(given: readonly string[]): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const each of given) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(each) ?? [];
    if (key === undefined || value === undefined)
      throw new Problem(`--context ${each}: give key=value, as in ecs:container-name=web`);
    keys[key] = [...(keys[key] ?? []), value];
  }
  return keys;
}
