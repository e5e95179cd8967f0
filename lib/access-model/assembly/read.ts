/** Reads an assembly from a folder: the only file of the access model that touches the disk. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Problem } from '../problem';
import type { Assembly, RawStack, Template } from './assembly';
import {
  type Artifact,
  type Asset,
  artifactsOf,
  assetsOf,
  deploymentOf,
  destinationsOf,
  environmentOf,
  textOf,
} from './manifest';
import { nestedIn } from './nested';
import { isTemplate, parseJson, parseText, templateIn } from './template';

const TEMPLATE_FILE = /(\.template)?\.(json|yaml|yml)$|\.template$/;
const BOOTSTRAP_FILE = /^(\d{12})\.([a-z0-9-]+)\.(.+?)(\.template)?\.(json|yaml|yml)$/;

/**
 * A cloud assembly of the CDK, or a folder of templates; and what its subfolder `bootstrap/` says of the bootstrap stacks.
 *
 * @throws Problem where the folder is neither, with what to do about it.
 */
export async function readAssembly(directory: string): Promise<Assembly> {
  const files = await filesIn(directory);
  if (files === undefined) throw notSynthesized(directory, 'there is no such folder');
  const stacks = files.includes('manifest.json')
    ? await readCloudAssembly(directory)
    : await readTemplates(directory, files);
  if (stacks.length === 0) {
    throw new Problem(
      `${directory} is an empty assembly: its manifest has no stack, synthesize an app with one`,
    );
  }
  const all = [...stacks, ...(await readBootstrap(path.join(directory, 'bootstrap')))];
  const twice = all.find((stack, index) => all.findIndex(({ id }) => id === stack.id) < index);
  if (twice) throw new Problem(`${directory} has two stacks with the id ${twice.id}: rename one of them`);
  return { directory, stacks: all };
}

async function readCloudAssembly(directory: string, around: readonly string[] = []): Promise<RawStack[]> {
  const here = path.resolve(directory);
  if (around.includes(here)) throw new Problem(`${directory} is an assembly within itself: synthesize again`);
  const manifest = path.join(directory, 'manifest.json');
  const artifacts = artifactsOf(parseJson(manifest, await readNamed(manifest, directory)));
  const stacks: RawStack[] = [];
  for (const artifact of artifacts) {
    if (artifact.type === 'aws:cloudformation:stack') {
      stacks.push(...(await readStack(directory, artifact, artifacts)));
    } else if (artifact.type === 'cdk:cloud-assembly') {
      stacks.push(
        ...(await readCloudAssembly(path.join(directory, String(artifact.properties.directoryName)), [
          ...around,
          here,
        ])),
      );
    }
  }
  return stacks;
}

async function readStack(
  directory: string,
  artifact: Artifact,
  artifacts: readonly Artifact[],
): Promise<RawStack[]> {
  const manifests: unknown[] = [];
  for (const { id, type, properties } of artifacts) {
    if (type !== 'cdk:asset-manifest' || !artifact.dependencies.includes(id)) continue;
    const file = path.join(directory, String(properties.file));
    manifests.push(parseJson(file, await readNamed(file, 'manifest.json')));
  }
  const environment = environmentOf(artifact.environment);
  const file = path.join(directory, String(artifact.properties.templateFile));
  const stack: RawStack = {
    id: artifact.id,
    name: textOf(artifact.properties.stackName) ?? artifact.id,
    ...environment,
    template: templateIn(file, await readNamed(file, 'manifest.json')),
    deployment: deploymentOf(artifact, environment, manifests.flatMap(destinationsOf)),
  };
  return withNested(stack, { directory, assets: manifests.flatMap(assetsOf), files: [file] });
}

interface Surroundings {
  readonly directory: string;
  readonly assets: readonly Asset[];
  /** The template of the stack, and of those that it is nested in. */
  readonly files: readonly string[];
}

/** The stack, and the stacks that its resources make from template files of the assembly, to any depth. */
async function withNested(stack: RawStack, around: Surroundings): Promise<RawStack[]> {
  const { directory, assets, files } = around;
  const stacks = [stack];
  for (const { logicalId, file: named } of nestedIn(stack.template, assets)) {
    if (named === undefined) continue;
    const file = path.join(directory, named);
    if (files.includes(file)) throw new Problem(`${file} is a nested stack of itself: synthesize again`);
    const nested: RawStack = {
      id: `${stack.id}/${logicalId}`,
      name: `${stack.name}-${logicalId}`,
      account: stack.account,
      region: stack.region,
      template: templateIn(file, await readNamed(file, `${stack.id}.${logicalId}`)),
      deployment: stack.deployment,
      nested: { parent: stack.id, logicalId },
    };
    stacks.push(...(await withNested(nested, { ...around, files: [...files, file] })));
  }
  return stacks;
}

/** A folder without a manifest: every template in it, other JSON and YAML is none of our business. */
async function readTemplates(directory: string, files: readonly string[]): Promise<RawStack[]> {
  const named = files.filter((file) => TEMPLATE_FILE.test(file));
  if (named.length === 0) throw notSynthesized(directory, 'it has no manifest.json and no template');
  const templates = new Map<string, Template>();
  const failures: unknown[] = [];
  for (const file of named) {
    const full = path.join(directory, file);
    const content = await readFile(full, 'utf8');
    try {
      const value = parseText(full, content);
      if (isTemplate(value)) templates.set(file, value);
      else if (looksLikeTemplate(content)) {
        throw new Problem(
          `${full} is perhaps a template, and cannot be read as one: each member of Resources needs a Type`,
        );
      }
    } catch (error) {
      // A template must not be overlooked because of a missing comma; a file of another tool may be what it wants.
      if (file.includes('.template') || /\bResources\b/.test(content)) throw error;
      failures.push(error);
    }
  }
  if (failures.length === named.length) throw failures[0];
  if (templates.size === 0) {
    throw new Problem(
      `${directory} has no CloudFormation template: ${named[0]} is a foreign template, without Resources that have a Type such as AWS::S3::Bucket; name the folder of an assembly`,
    );
  }
  const nested = [...templates.values()].flatMap((template) =>
    nestedIn(template, []).map(({ file }) => file),
  );
  const bare = (file: string) => file.replace(TEMPLATE_FILE, '');
  const stacks: RawStack[] = [];
  for (const [file, template] of templates) {
    if (nested.includes(file)) continue;
    const alone = [...templates.keys()].every((other) => other === file || bare(other) !== bare(file));
    const name = alone ? bare(file) : file;
    const stack = { id: name, name, account: '', region: '', template };
    stacks.push(...(await withNested(stack, { directory, assets: [], files: [path.join(directory, file)] })));
  }
  return stacks;
}

/** Where a template is overlooked, what it gives is missing from every answer. */
const looksLikeTemplate = (content: string): boolean =>
  /\bResources\b/.test(content) && /['"]?Type['"]?\s*:\s*['"]?AWS::/.test(content);

async function readBootstrap(directory: string): Promise<RawStack[]> {
  const files = ((await filesIn(directory)) ?? []).filter((file) => TEMPLATE_FILE.test(file));
  const parsed = files.map((file) => {
    const [, account, region, name] = BOOTSTRAP_FILE.exec(file) ?? [];
    if (!account || !region || !name) {
      throw new Problem(
        `${path.join(directory, file)} does not say whose it is: name it <account>.<region>.<name>.template.json`,
      );
    }
    return { file, account, region, name };
  });
  const stacks: RawStack[] = [];
  for (const { file, account, region, name } of parsed) {
    const full = path.join(directory, file);
    // The same name in two environments is usual, and an id must be one stack's.
    const alone = parsed.filter((other) => other.name === name).length === 1;
    const id = `bootstrap/${alone ? name : `${account}.${region}.${name}`}`;
    stacks.push({ id, name, account, region, template: templateIn(full, await readFile(full, 'utf8')) });
  }
  return stacks;
}

async function readNamed(file: string, by: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new Problem(`${file} is missing, though ${by} names it: synthesize again`);
  }
}

/** Sorted: the order of a file system is no order. */
async function filesIn(directory: string): Promise<string[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).sort();
  } catch {
    return undefined;
  }
}

const notSynthesized = (directory: string, why: string) =>
  new Problem(
    `${directory} has not been synthesized: ${why}; synthesize the app first, or name the folder of its assembly`,
  );
