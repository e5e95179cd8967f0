import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Benchmark, type Figure, times } from '../benchmark';
import { measure } from '../measure';

const ROOT = path.join(__dirname, '../..');
const run = promisify(execFile);

/** Through the command line that people use, with its start and its rules. */
async function synth(app: string, ...more: string[]): Promise<void> {
  const output = path.join(ROOT, 'cdk.out/bench');
  await rm(output, { recursive: true, force: true });
  const cli = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  await run(
    process.execPath,
    [cli, 'synth', '--all', '--quiet', '--no-lookups', '--output', output, '--app', app, ...more],
    { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
  );
}

export const synthesis: Benchmark = {
  name: 'synth',
  title: 'Synthesizing dev, against an empty app with the same bundled functions',
  async run({ sizes }): Promise<Figure[]> {
    const [name, baseline] = ['synth of dev', 'an empty app with the same functions'];
    const { medians, rounds } = await measure(
      [
        { name: baseline, run: () => synth('node --import tsx bench/world/empty-app.ts') },
        {
          name,
          run: () => synth('node --import tsx bin/app.ts', '-c', 'stage=dev', '-c', 'deployment=bench'),
        },
      ],
      { budget: sizes.budget, least: 3 },
    );
    const [baselineMedian = 0, median = 0] = medians;
    return [{ name, baseline, median, baselineMedian, rounds, limit: times(1.5) }];
  },
};
