/** The picture of the platform, drawn from the construct tree: stacks, their parts, and what passes between them. */
import type { App, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { PlatformStack } from '../../lib/stacks/platform-stack';
import { imports } from './templates';

/** What the CDK puts into a stack for itself. */
const NOT_PARTS =
  /^(Boundary|BootstrapVersion|CheckBootstrapVersion|Exports|Custom::.*|.*CustomResourceProvider)$/;

/** A flow chart in the language of Mermaid. */
export function architecture(app: App): string {
  const assembly = app.synth();
  const stacks = app.node.children.filter((each): each is PlatformStack => each instanceof PlatformStack);
  const lines = ['flowchart TB'];
  for (const deployer of ['sensitive', 'platform'] as const) {
    lines.push(`  subgraph ${deployer}["deployed by ${deployer}"]`);
    for (const stack of stacks.filter((each) => each.deployer === deployer)) {
      lines.push(`    ${stack.node.id}["<b>${stack.node.id}</b><br/>${partsOf(stack).join('<br/>')}"]`);
    }
    lines.push('  end');
  }
  const exporters = new Map(stacks.map((each) => [each.stackName, each.node.id]));
  for (const stack of stacks) {
    const { template } = assembly.getStackArtifact(stack.artifactId);
    const from = new Set(imports(template).flatMap((name) => exporters.get(name.split(':')[0] ?? '') ?? []));
    for (const each of [...from].sort()) lines.push(`  ${each} --> ${stack.node.id}`);
  }
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\`\n`;
}

function partsOf(stack: Stack): string[] {
  return stack.node.children
    .filter((child: IConstruct) => !NOT_PARTS.test(child.node.id) && !isReference(child))
    .map((child) => words(child.node.id));
}

/** Imported things are parts of another stack. */
function isReference(construct: IConstruct): boolean {
  return construct.node.findAll().every((each) => !('cfnResourceType' in each));
}

function words(id: string): string {
  return id.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`).toLowerCase();
}
