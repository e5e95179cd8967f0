/** Stages and apps for tests: the real literals, changed at will. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { STAGES } from '../../bin/stages';
import { parseStage, type Stage, type StageLiteral } from '../../lib/stage';

export function stageNamed(name: keyof typeof STAGES, change: Partial<StageLiteral> = {}): Stage {
  return parseStage({ ...STAGES[name], ...change });
}

/** With the feature flags of `cdk.json`, without the rules that take seconds. */
export function testApp(): App {
  const { context } = JSON.parse(readFileSync(path.join(__dirname, '../../cdk.json'), 'utf8'));
  return new App({ context, builtinCloudFormationValidation: false, analyticsReporting: false });
}
