/** What to write when YAML itself is broken. */
import type { ErrorCode, YAMLError } from 'yaml';

/** Faults of one value: what stands around it is still sound. */
export const RESOLVE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_ALIAS',
  'BAD_DQ_ESCAPE',
  'TAG_RESOLVE_FAILED',
]);

const FIXES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'write the value out',
  BAD_DIRECTIVE: 'remove the line: the registry needs no directives',
  BAD_DQ_ESCAPE: 'use single quotes, where a backslash is a backslash',
  BAD_INDENT: 'indent the line like its neighbours, and close the bracket or quote opened above it',
  BAD_SCALAR_START: "put the value in single quotes: '...'",
  BLOCK_AS_IMPLICIT_KEY: 'begin the nested map on a line of its own, indented',
  BLOCK_IN_FLOW: 'inside brackets write [a, b] and { a: b } only',
  MISSING_CHAR: 'close the bracket or quote opened here or above, and write a space behind the colon',
  MULTILINE_IMPLICIT_KEY: 'write the key on one line, with its colon',
  MULTIPLE_DOCS: 'remove the --- line: a registry is one document',
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'remove the tag (!...)',
  // The usual cause: YAML ends the text at the second quote of "Core"."Workspace".
  UNEXPECTED_TOKEN: `put the text in single quotes: '"Core"."Workspace"'`,
};

/** Where the parser speaks to programmers. */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: 'a second document begins',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

/** What is wrong, and what to write instead. */
export function syntaxFault(error: YAMLError): { message: string; fix: string } {
  return {
    message: MESSAGES[error.code] ?? error.message,
    fix: FIXES[error.code] ?? 'correct the quotes, brackets and indentation around this place',
  };
}
