/** Puts the answers to what `init` asked into the registry that it proposed. Pure. */
import { type Document, isMap, parseDocument, type YAMLMap } from 'yaml';
import { CommandError } from '../db/errors';

/**
 * `answers` is a piece of a registry: what it says is added to `proposal`, section by section, and what it says of a
 * table takes that table out of `undecided`. Comments of both stay. An answer to what nobody asked is an error: it
 * would be a decision that no longer decides anything.
 */
export function answerProposal(proposal: string, answers: string): { yaml: string; undecided: string[] } {
  const registry = parse(proposal, 'the proposed registry');
  const answered = parse(answers, 'the answers');
  const undecided = section(registry, 'undecided');
  const listed = new Set(['tables', 'excluded', 'views'].flatMap((name) => keys(section(registry, name))));
  const stale: string[] = [];
  for (const pair of (answered.contents as YAMLMap).items) {
    const name = String(pair.key);
    if (!isMap(pair.value)) {
      registry.set(name, pair.value);
      continue;
    }
    for (const entry of pair.value.items) {
      const key = String(entry.key);
      const isTable = name === 'tables' || name === 'excluded' || name === 'views';
      if (isTable && !undecided?.has(key) && !listed.has(key)) stale.push(`${name}: ${key}`);
      if (isTable)
        for (const other of ['tables', 'excluded', 'views'])
          if (other !== name) section(registry, other)?.delete(key);
      undecided?.delete(key);
      registry.setIn([name, key], entry.value);
    }
  }
  if (stale.length > 0) {
    throw new CommandError(
      'answer-unasked',
      `these answers name relations that the database does not have: ${stale.join(', ')}`,
      'remove them from the answers',
    );
  }
  const open = keys(undecided);
  if (open.length === 0) registry.delete('undecided');
  return { yaml: registry.toString({ lineWidth: 0, singleQuote: true }), undecided: open };
}

function parse(text: string, what: string): Document {
  const document = parseDocument(text, { uniqueKeys: true });
  const [error] = document.errors;
  if (error)
    throw new CommandError('answers-invalid', `${what}: ${error.message.split('\n')[0]}`, 'correct the YAML');
  if (!isMap(document.contents))
    throw new CommandError(
      'answers-invalid',
      `${what} is not a map`,
      'write a piece of a registry: excluded: { ... }',
    );
  return document as unknown as Document;
}

function section(document: Document, name: string): YAMLMap | undefined {
  const value = document.get(name);
  return isMap(value) ? (value as YAMLMap) : undefined;
}

function keys(map: YAMLMap | undefined): string[] {
  return map?.items.map((pair) => String(pair.key)) ?? [];
}
