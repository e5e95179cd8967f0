/**
 * Names of principals and capabilities in promises: `*` stands for anything. A `?` at the end says that it may be missing:
 * not every stage has it, or it is had in part.
 */
import { matchesIgnoringCase } from '../policy/pattern';

export const isLike = (pattern: string, name: string): boolean => matchesIgnoringCase(certain(pattern), name);
export const isAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((each) => isLike(each, name));

export const mayBeMissing = (pattern: string): boolean => pattern.endsWith('?');

/** Patterns that match none of the names, and should. */
export const unmatched = (patterns: readonly string[], names: readonly string[]): string[] =>
  patterns.filter((pattern) => !mayBeMissing(pattern) && !names.some((name) => isLike(pattern, name)));

const certain = (pattern: string): string => pattern.replace(/\?$/, '');
