/** The shape of the file: what `zod` says of it, as problems with places and fixes. */
import { stringify } from 'yaml';
import { z } from 'zod';
import { nearest } from './nearest';
import type { Report } from './report';
import { type RawRegistry, registrySchema } from './schema';
import { type MapTree, type Tree, toValue, treeAt } from './tree';

type Issue = z.core.$ZodIssue;

/**
 * Reports every fault of the shape. Returns the content when there is none.
 *
 * A misspelled key is reported, and then put right in the tree: the mistakes under it come out in the same run, and
 * the key it was meant to be does not count as missing.
 */
export function checkShape(root: Tree, report: Report): RawRegistry | undefined {
  if (root.kind === 'scalar' && root.value === null) {
    report.atValue(root, 'the registry is empty', 'declare organizations, roles and tables');
    return undefined;
  }
  let sound = true;
  for (;;) {
    const result = registrySchema.safeParse(toValue(root));
    if (result.success) return sound ? result.data : undefined;
    sound = false;
    const issues = result.error.issues.flatMap((issue) => leaves(issue));
    const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
    for (const { keys, path } of unknown) {
      const map = treeAt(root, path);
      if (map?.kind === 'map') for (const key of keys) putRight(map, key, path, report);
    }
    // Every round takes away at least one unknown key, so the rounds end.
    if (unknown.length === 0) {
      for (const issue of issues) reportIssue(issue, root, report);
      return undefined;
    }
  }
}

/** Of a failed union, the issues of the alternative that the value was meant to be; else the failure itself. */
function leaves(issue: Issue, prefix: readonly PropertyKey[] = []): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter(
      (errors) =>
        !errors.some(({ code, path: at }) => at.length === 0 && /^invalid_(type|value)$/.test(code)),
    );
    if (meant.length === 1) return (meant[0] ?? []).flatMap((inner) => leaves(inner, path));
  }
  return [{ ...issue, path }];
}

function putRight(map: MapTree, key: string, path: readonly PropertyKey[], report: Report): void {
  const value = map.entries.get(key);
  if (!value) return;
  const known = knownKeys(path);
  const guess = nearest(key, known);
  const keys = `the keys here are ${known.join(', ')}`;
  report.atKey(value, `unknown key ${JSON.stringify(key)}`, guess ? `did you mean ${guess}? ${keys}` : keys);
  map.entries.delete(key);
  if (guess && !map.entries.has(guess)) map.entries.set(guess, value);
}

function reportIssue(issue: Issue, root: Tree, report: Report): void {
  const tree = treeAt(root, issue.path);
  const name = nameOf(issue.path);
  if (!tree) {
    const parent = treeAt(root, issue.path.slice(0, -1)) ?? root;
    report.atKey(parent, `${name} is missing`, `add ${example(issue.path) ?? name}`);
    return;
  }
  const write = `write ${example(issue.path) ?? 'organizations, roles and tables'}`;
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union': {
      const wanted = issue.code === 'invalid_type' ? [issue.expected] : alternatives(issue);
      report.atValue(
        tree,
        `${name} must be ${[...new Set(wanted.map(kindName))].join(' or ')}, not ${found(tree)}`,
        typeFix(tree, wanted) ?? write,
      );
      return;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const guess = tree.kind === 'scalar' ? nearest(tree.source, values) : undefined;
      const all = `one of ${values.join(', ')}`;
      report.atValue(tree, `${found(tree)} is not ${all}`, guess ? `did you mean ${guess}?` : `write ${all}`);
      return;
    }
    case 'too_small':
      report.atValue(tree, `${name} is an empty list`, write);
      return;
    case 'invalid_format': {
      const blank = tree.kind === 'scalar' && tree.source.trim() === '';
      report.atValue(tree, blank ? `${name} is empty` : `${found(tree)} is not a ${name}`, write);
      return;
    }
    case 'custom':
      report.atValue(tree, `${found(tree)} is ${issue.message}`, String(issue.params?.fix ?? write));
      return;
    default:
      report.atValue(tree, `${name}: ${issue.message}`, write);
  }
}

/** What the text calls the place: its key, `item 2 of verbs`, or the registry itself. */
function nameOf(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'the registry';
  return typeof last === 'number' ? `item ${last + 1} of ${nameOf(path.slice(0, -1))}` : String(last);
}

function alternatives(issue: Extract<Issue, { code: 'invalid_union' }>): string[] {
  return issue.errors.flatMap((errors) =>
    errors.flatMap((inner) =>
      inner.code === 'invalid_type' && inner.path.length === 0 ? [inner.expected] : [],
    ),
  );
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** What stands there, in words. */
function found(tree: Tree): string {
  if (tree.kind !== 'scalar') return tree.kind === 'map' ? 'a map' : 'a list';
  if (tree.value === null) return 'nothing';
  return typeof tree.value === 'string'
    ? JSON.stringify(tree.value)
    : `the ${typeof tree.value} ${tree.source}`;
}

/** The value is right but for its notation. */
function typeFix(tree: Tree, wanted: readonly string[]): string | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  if (wanted.includes('string')) return `put it in quotes: '${tree.source}'`;
  if (wanted.includes('array')) return `write it as a list: [${tree.source}]`;
  return undefined;
}

/** The first example of the schema at a path, as a line of YAML. */
function example(path: readonly PropertyKey[]): string | undefined {
  const value = schemasAt(path)
    .map((schema) => (schema.meta()?.examples as readonly unknown[] | undefined)?.[0])
    .find((one) => one !== undefined);
  if (value === undefined) return undefined;
  const flow = stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();
  const key = path.at(-1);
  return typeof key === 'string' ? `${key}: ${flow}` : flow;
}

function knownKeys(path: readonly PropertyKey[]): string[] {
  return schemasAt(path).flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  );
}

/** The schemas that may apply at a path: wrappers and unions, and what is inside them. */
function schemasAt(path: readonly PropertyKey[]): z.ZodType[] {
  let schemas = unwrap(registrySchema);
  for (const step of path) {
    schemas = schemas.flatMap((schema) => inside(schema, step)).flatMap(unwrap);
  }
  return schemas;
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return [schema, ...unwrap(schema.unwrap() as z.ZodType)];
  }
  if (schema instanceof z.ZodUnion) return [schema, ...(schema.options as z.ZodType[]).flatMap(unwrap)];
  return [schema];
}

function inside(schema: z.ZodType, step: PropertyKey): z.ZodType[] {
  if (schema instanceof z.ZodObject) {
    const child = schema.shape[String(step)] as z.ZodType | undefined;
    return child ? [child] : [];
  }
  if (schema instanceof z.ZodRecord) return [schema.valueType as z.ZodType];
  if (schema instanceof z.ZodArray) return [schema.element as z.ZodType];
  return [];
}
