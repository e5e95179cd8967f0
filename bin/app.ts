/**
 * The CDK entry: one stage, as a tree of stacks.
 *
 *     npx cdk synth -c stage=prod -c deployment=$(git rev-parse HEAD)
 *
 * `stage` defaults to dev; `deployment` to the time of the synth, so that no deploy leaves the registry out; `image` is
 * the digest of an image other than the stage's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, FileSystem } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { FunctionPackage } from '../lib/functions/function-package';
import { platform } from '../lib/stacks/platform';
import { parseStage, type StageLiteral } from '../lib/stage';
import { addBootstrapTemplates } from '../scripts/bootstrap-templates';
import { type BuiltFunction, bundleFunctions } from '../scripts/bundle-functions';
import { STAGES } from './stages';

async function main(): Promise<void> {
  // Not by itself at the end of the process: after an error there would be an empty assembly.
  const app = new App({ autoSynth: false });
  const context = (key: string): string | undefined => app.node.tryGetContext(key);
  const stage = parseStage(literalOf(context('stage') ?? 'dev', context('image')));
  // A folder of its own: two stages may be synthesized at the same time.
  const scratch = await mkdtemp(path.join(tmpdir(), 'tenant-zero-'));
  try {
    const built = await bundleFunctions(scratch);
    platform(app, {
      stage,
      deployment: context('deployment') ?? new Date().toISOString(),
      packages: {
        databaseBootstrap: packageOf(built.databaseBootstrap),
        secretRotation: packageOf(built.secretRotation),
        approvals: packageOf(built.approvals),
        rlsRegistry: packageOf(built.rlsRegistry),
        migrationTask: packageOf(built.migrationTask),
      },
    });
    const { directory } = app.synth();
    await addBootstrapTemplates(stage, directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function packageOf({ directory }: BuiltFunction): FunctionPackage {
  return { code: Code.fromAsset(directory), hash: FileSystem.fingerprint(directory) };
}

function literalOf(name: string, digest: string | undefined): StageLiteral {
  if (!Object.hasOwn(STAGES, name)) {
    throw new Error(
      `there is no stage "${name}", but ${Object.keys(STAGES).join(', ')}: give one with -c stage=dev, or add it to bin/stages/index.ts`,
    );
  }
  const literal: StageLiteral = STAGES[name as keyof typeof STAGES];
  return digest === undefined ? literal : { ...literal, image: { ...literal.image, digest } };
}

main().catch((error: Error) => {
  // Ours say what to do; of others the stack is wanted.
  console.error(error.name === 'Error' || error.name === 'StageInvalid' ? error.message : error);
  process.exitCode = 2;
});
