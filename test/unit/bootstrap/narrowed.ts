/** The bootstrap templates of production, narrowed from that of the pinned CDK. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { narrowBootstrap } from '../../../lib/bootstrap/narrow';
import { type Deployer, STACKS } from '../../../lib/bootstrap/stacks';
import { namesOf } from '../../../lib/names';
import { stageNamed } from '../../support/stages';

export const ROOT = path.join(__dirname, '../../..');
export const upstream = () =>
  parse(
    readFileSync(path.join(ROOT, 'node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml'), 'utf8'),
  );
export const VERSION = '0.0.0-test';
export const stage = stageNamed('prod');
export const names = namesOf(stage);
export const { account, region } = stage;
export const DEPLOYERS = Object.keys(STACKS) as Deployer[];
export const templates = Object.fromEntries(
  DEPLOYERS.map((deployer) => [deployer, narrowBootstrap(upstream(), stage, deployer, VERSION)]),
);

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: as it stands in the template
  readonly Properties: any;
}
export const resources = (deployer: Deployer) => templates[deployer].Resources as Record<string, Resource>;
