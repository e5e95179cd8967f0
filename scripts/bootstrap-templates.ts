/** The narrowed bootstrap templates of a stage: from the template that the pinned CDK ships. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { narrowBootstrap } from '../lib/bootstrap/narrow';
import { type Deployer, STACKS } from '../lib/bootstrap/stacks';
import type { Template } from '../lib/bootstrap/upstream';
import { environmentsOf, type Stage } from '../lib/stage';

/** @throws {BootstrapShapeUnknown} when the template is not shaped as that of the pinned CDK */
export function bootstrapTemplate(stage: Stage, deployer: Deployer): Template {
  const manifest = require.resolve('aws-cdk/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const upstream = path.join(path.dirname(manifest), 'lib/api/bootstrap/bootstrap-template.yaml');
  return narrowBootstrap(parse(readFileSync(upstream, 'utf8')), stage, deployer, version);
}

export const bootstrapStackName = ({ name }: Stage, deployer: Deployer): string =>
  `tz-${name}-bootstrap-${deployer}`;

/**
 * Beside the templates of an assembly: the access model reads them, because the roles that deploy are half of who may do
 * what. The CDK reads nothing but what its manifest names.
 */
export async function addBootstrapTemplates(stage: Stage, assembly: string): Promise<void> {
  const folder = path.join(assembly, 'bootstrap');
  await mkdir(folder, { recursive: true });
  for (const deployer of Object.keys(STACKS) as Deployer[]) {
    const text = JSON.stringify(bootstrapTemplate(stage, deployer), undefined, 1);
    for (const { account, region } of environmentsOf(stage, deployer)) {
      const name = `${account}.${region}.${bootstrapStackName(stage, deployer)}.template.json`;
      await writeFile(path.join(folder, name), text);
    }
  }
}
