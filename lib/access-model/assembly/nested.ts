/** Which resources of a template make a stack, and from which file of the assembly. */
import type { Template } from './assembly';
import type { Asset } from './manifest';
import { isRecord } from './template';

export interface NestedStack {
  readonly logicalId: string;
  /** In the folder of the assembly; `undefined` where the template comes from somewhere else. */
  readonly file?: string;
}

export function nestedIn(template: Template, assets: readonly Asset[]): NestedStack[] {
  return Object.entries(template.Resources ?? {}).flatMap(([logicalId, resource]) => {
    if (!isRecord(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return [];
    const named = resource.Metadata?.['aws:asset:path'];
    const file = typeof named === 'string' ? named : published(resource.Properties?.TemplateURL, assets);
    return [{ logicalId, file }];
  });
}

/** The metadata is written at the wish of the CDK's command line; where an asset is published to is always there. */
function published(url: unknown, assets: readonly Asset[]): string | undefined {
  const text = JSON.stringify(url ?? '');
  return assets.find(({ key }) => text.includes(`/${key}`))?.file;
}
