/** The least that a CDK app with as many bundled functions can be: what `npm run synth` is compared with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { bundleFunctions } from '../../scripts/bundle-functions';

async function main(): Promise<void> {
  const app = new App();
  const scratch = await mkdtemp(path.join(tmpdir(), 'tenant-zero-empty-'));
  try {
    const stack = new Stack(app, 'Empty');
    for (const [name, { directory }] of Object.entries(await bundleFunctions(scratch))) {
      new LambdaFunction(stack, name, {
        code: Code.fromAsset(directory),
        handler: 'index.handler',
        runtime: Runtime.NODEJS_24_X,
      });
    }
    app.synth();
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

void main();
