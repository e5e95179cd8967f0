/** Names of principals and capabilities in promises: `*` stands for anything, everything else for itself. */
import { matchesIgnoringCase } from '../policy/pattern';

export const isLike = (pattern: string, name: string): boolean => matchesIgnoringCase(pattern, name);
export const isAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((each) => isLike(each, name));
