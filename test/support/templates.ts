/** The templates of a stage, synthesized once per test file. */
import type { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { STAGES } from '../../bin/stages';
import type { FunctionPackage } from '../../lib/functions/function-package';
import { platform } from '../../lib/stacks/platform';
import type { Stage } from '../../lib/stage';
import { stageNamed, testApp } from './stages';

export interface TemplateResource {
  readonly stack: string;
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is what CloudFormation reads, not what we declare
  readonly Properties?: any;
  readonly DeletionPolicy?: string;
}

export interface SynthesizedTemplate {
  readonly stack: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly template: any;
}

/** A function that does nothing, for all of them: bundles have tests of their own. */
const NOTHING: FunctionPackage = { code: Code.fromInline('export {}'), hash: 'test' };

export function addPlatform(app: App, stage: keyof typeof STAGES | Stage, deployment = 'test'): void {
  platform(app, {
    stage: typeof stage === 'string' ? stageNamed(stage) : stage,
    deployment,
    packages: {
      databaseBootstrap: NOTHING,
      secretRotation: NOTHING,
      approvals: NOTHING,
      rlsRegistry: NOTHING,
      migrationTask: NOTHING,
    },
  });
}

export function templatesOf(stage: keyof typeof STAGES | Stage, deployment = 'test'): SynthesizedTemplate[] {
  const app = testApp();
  addPlatform(app, stage, deployment);
  return app.synth().stacks.map((each) => ({ stack: each.id, template: each.template }));
}

export function resourcesOf(templates: readonly SynthesizedTemplate[]): TemplateResource[] {
  return templates.flatMap(({ stack, template }) =>
    Object.entries(template.Resources ?? {}).map(([id, resource]) => ({
      stack,
      id,
      ...(resource as Omit<TemplateResource, 'stack' | 'id'>),
    })),
  );
}

/** Names of values that a template takes from other stacks: `<stack name>:<what>`. */
export function imports(template: unknown): string[] {
  return [...JSON.stringify(template).matchAll(/\{"Fn::ImportValue":"([^"]+)"\}/g)].map(
    ([, name]) => name as string,
  );
}

/** Names of values that a template gives to others. */
export function exportsOf({ template }: SynthesizedTemplate): string[] {
  return Object.values<{ Export?: { Name: string } }>(template.Outputs ?? {}).flatMap(({ Export }) =>
    Export ? [Export.Name] : [],
  );
}
