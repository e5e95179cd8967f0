/** From the text of a file to a template: JSON, or YAML with the short forms. */
import { parseAllDocuments } from 'yaml';
import { Problem } from '../problem';
import type { Template } from './assembly';
import { shortForms } from './short-forms';

/**
 * Whatever the file holds: a template, or something else that happens to be JSON or YAML.
 *
 * @throws Problem where it is neither.
 */
export function parseText(file: string, text: string): unknown {
  return file.endsWith('.json') || text.trimStart().startsWith('{')
    ? parseJson(file, text)
    : parseYaml(file, text);
}

export function parseJson(file: string, text: string): unknown {
  try {
    // Some editors begin a file with a mark of its encoding.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Problem(`${file} is not valid JSON, correct it or synthesize again: ${firstLine(error)}`);
  }
}

/** Several documents in one file are something, but no template. */
function parseYaml(file: string, text: string): unknown {
  const documents = parseAllDocuments(text, { customTags: shortForms, merge: true });
  if (!Array.isArray(documents) || documents.length !== 1) return undefined;
  const [document] = documents;
  const error = document?.errors[0];
  if (error) throw new Problem(`${file} is not valid YAML, correct it: ${firstLine(error)}`);
  let value: unknown;
  try {
    value = document?.toJS();
  } catch (failure) {
    throw new Problem(`${file} is not valid YAML, correct it: ${firstLine(failure)}`);
  }
  // An unknown tag is only a warning to the parser, which then drops it: in a template that is a function.
  const warning = document?.warnings[0];
  if (warning && isTemplate(value)) {
    throw new Problem(`${file} has a YAML tag that is no function, correct it: ${firstLine(warning)}`);
  }
  return value;
}

/** Other tools write JSON and YAML with resources too; none of them writes types with `::`. */
export function isTemplate(value: unknown): value is Template {
  if (!isRecord(value) || !isRecord(value.Resources)) return false;
  const members = Object.entries(value.Resources).filter(([name]) => !name.startsWith('Fn::'));
  return members.every(
    ([, member]) => isRecord(member) && typeof member.Type === 'string' && member.Type.includes('::'),
  );
}

/** Of a file that is said to be a template. */
export function templateIn(file: string, text: string): Template {
  const value = parseText(file, text);
  // A stack of the CDK may be empty, and then has no Resources at all.
  if (isTemplate(value) || (isRecord(value) && value.Resources === undefined)) return value;
  throw new Problem(`${file} is no CloudFormation template: synthesize again, or remove it`);
}

/** A template may name things like the members that every object inherits. */
export function own<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members && Object.hasOwn(members, name) ? members[name] : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .split('\n', 1)[0]
    ?.replace(/:$/, '') ?? '';
