/** Reads the registry from disk: the one impure file of this folder. */
import { readFile } from 'node:fs/promises';
import { CommandError } from '../db/errors';
import { todayUtc } from './day';
import { parseRegistry } from './parse';
import { formatProblem } from './report';
import type { Problem, Registry } from './types';

/** The registry has problems; `message` lists them all, one per line. Code `registry-invalid`. */
export class RegistryInvalid extends CommandError {
  constructor(readonly problems: readonly Problem[]) {
    super(
      'registry-invalid',
      problems.map(formatProblem).join('\n'),
      `Correct ${problems.length === 1 ? 'the problem' : `the ${problems.length} problems`} in the registry.`,
    );
  }
}

/**
 * Reads and parses a registry.
 *
 * @param today - default: the day it is in UTC
 * @throws {CommandError} `registry-unreadable` when the file cannot be read, `registry-invalid` ({@link RegistryInvalid}) when its content is wrong
 */
export async function loadRegistry(file: string, today: string = todayUtc()): Promise<Registry> {
  const parsed = parseRegistry(await readText(file), file, today);
  if ('problems' in parsed) throw new RegistryInvalid(parsed.problems);
  return parsed.registry;
}

async function readText(file: string): Promise<string> {
  try {
    // Fatal: a byte that is not UTF-8 would turn into another name without a word.
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(
      'registry-unreadable',
      `cannot read the registry ${file}: ${why}`,
      'Name a readable UTF-8 file.',
      'user',
      cause,
    );
  }
}
