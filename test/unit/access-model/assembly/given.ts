/** Made-up templates and assemblies, in memory and on disk. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RawStack, Resolved, Template } from '../../../../lib/access-model/assembly/assembly';
import { resolve } from '../../../../lib/access-model/assembly/resolve';
import { readable, type Unresolved } from '../../../../lib/access-model/assembly/unresolved';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-central-1';

export function stack(template: Template, given: Partial<RawStack> = {}): RawStack {
  return { id: 'Shop', name: 'shop', account: ACCOUNT, region: REGION, template, ...given };
}

export const resolved = (...stacks: RawStack[]): Resolved => resolve({ directory: 'cdk.out', stacks });

/** The value of an expression in a property, with marks as people read them, and what is listed for it. */
export function resolvedValue(
  expression: unknown,
  rest: Template = {},
  given: Partial<RawStack> = {},
): { value: unknown; unresolved: readonly Unresolved[] } {
  const holder = { Type: 'AWS::Some::Thing', Properties: { It: expression } };
  const { resources, unresolved } = resolved(
    stack({ ...rest, Resources: { ...rest.Resources, Holder: holder } }, given),
  );
  const found = resources.find(({ logicalId }) => logicalId === 'Holder')?.properties.It;
  return { value: forPeople(found), unresolved };
}

/** `<parameter X has no default>` for a mark. */
export function forPeople(value: unknown): unknown {
  if (typeof value === 'string') return readable(value);
  if (Array.isArray(value)) return value.map(forPeople);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, forPeople(member)]));
}

const folders: string[] = [];

afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

/** A folder with these files, until the end of the test file; an object is written as JSON. */
export function folder(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  folders.push(directory);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return directory;
}

/** An artifact of the manifest of a cloud assembly. */
export const stackArtifact = (
  templateFile: string,
  given: object = {},
  environment = `aws://${ACCOUNT}/${REGION}`,
) => ({
  type: 'aws:cloudformation:stack',
  environment,
  properties: { templateFile, ...given },
});

export const bucket = (properties: Readonly<Record<string, unknown>> = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: properties,
});

/** A template with a nested stack. */
export const nested = (metadata: object, properties: object = {}) => ({
  Resources: { In: { Type: 'AWS::CloudFormation::Stack', Metadata: metadata, Properties: properties } },
});
