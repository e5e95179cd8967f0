/** Parts of the documents that are drawn or counted from the code. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { STAGES } from '../../bin/stages';
import { PlatformStack } from '../../lib/stacks/platform-stack';
import { architecture } from '../support/architecture';
import { costTable } from '../support/costs';
import { expectKeptPart } from '../support/kept-file';
import { testApp } from '../support/stages';
import { addPlatform, templatesOf } from '../support/templates';

const names = Object.keys(STAGES) as (keyof typeof STAGES)[];

test('the picture of the platform is the platform (npm run kept)', () => {
  const app = testApp();
  addPlatform(app, 'prod');
  expectKeptPart('docs/architecture.md', 'platform', architecture(app));
});

test('the table of costs counts what the templates hold (npm run kept)', () => {
  const stages = Object.fromEntries(names.map((name) => [name, templatesOf(name)]));
  expectKeptPart('docs/deploy.md', 'costs', costTable(stages));
});

describe('workflows', () => {
  const folder = path.join(__dirname, '../../.github/workflows');
  const text = (file: string) => readFileSync(path.join(folder, file), 'utf8');
  /** Stacks that a workflow deploys, in its order. */
  const deploys = (file: string) =>
    [...text(file).matchAll(/cdk deploy ([A-Za-z ]+?)\s+--exclusively/g)].flatMap(([, stacks]) =>
      (stacks as string).split(' '),
    );

  const stacks = () => {
    const app = testApp();
    addPlatform(app, 'prod');
    return app.node.children.filter((each): each is PlatformStack => each instanceof PlatformStack);
  };

  test('each stack is deployed by the workflow of its deployer, in order', () => {
    const of = (deployer: string) =>
      stacks()
        .filter((each) => each.deployer === deployer)
        .map(({ node }) => node.id);
    expect(deploys('deploy.yml')).toEqual(of('platform'));
    expect(deploys('deploy-sensitive.yml')).toEqual(of('sensitive'));
  });

  test.each(readdirSync(folder))('%s is YAML, asks for few permissions and has a time limit', (file) => {
    const workflow = parse(text(file));
    expect(workflow.permissions.contents).toBe('read');
    for (const job of Object.values<{ 'timeout-minutes'?: number; permissions?: object }>(workflow.jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      expect(job.permissions).toBeUndefined();
    }
  });

  test('only the sensitive workflow runs in the sensitive environment', () => {
    expect(text('deploy-sensitive.yml')).toMatch(/environment: \$\{\{ inputs\.stage \}\}-sensitive/);
    expect(text('deploy.yml')).not.toContain('sensitive:');
    expect(text('pull-request.yml')).not.toContain('id-token');
  });
});
