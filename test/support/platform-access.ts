/** Effective access of a stage, as the command line computes it, without its bundles. */
import type { STAGES } from '../../bin/stages';
import { readAssembly } from '../../lib/access-model/assembly/read';
import { type Analysis, analyse } from '../../lib/access-model/matrix/analysis';
import type { Stage } from '../../lib/stage';
import { addBootstrapTemplates } from '../../scripts/bootstrap-templates';
import { stageNamed, testApp } from './stages';
import { addPlatform } from './templates';

export async function accessOf(stage: keyof typeof STAGES | Stage): Promise<Analysis> {
  return analyse(await readAssembly(await assemblyOf(stage)));
}

/** The folder of a synthesized stage, with its bootstrap templates. */
export async function assemblyOf(stage: keyof typeof STAGES | Stage): Promise<string> {
  const app = testApp();
  const parsed = typeof stage === 'string' ? stageNamed(stage) : stage;
  addPlatform(app, parsed);
  const { directory } = app.synth();
  await addBootstrapTemplates(parsed, directory);
  return directory;
}
