import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Benchmark, type Figure, times } from '../benchmark';
import { measure } from '../measure';

const ROOT = path.join(__dirname, '../..');
const OUTPUT = 'cdk.out/bench';
const run = promisify(execFile);

async function command(file: string, ...argv: string[]): Promise<void> {
  await run(process.execPath, [file, ...argv], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
}

async function synth(): Promise<void> {
  await rm(path.join(ROOT, OUTPUT), { recursive: true, force: true });
  const cli = path.join('node_modules', 'aws-cdk', 'bin', 'cdk');
  const context = ['-c', 'stage=prod', '-c', 'deployment=bench'];
  await command(cli, 'synth', '--all', '--quiet', '--no-lookups', '--output', OUTPUT, ...context);
}

export const access: Benchmark = {
  name: 'access',
  title: 'The whole matrix of effective access of prod, against synthesizing it',
  async run({ sizes }): Promise<Figure[]> {
    const [name, baseline] = ['access show', 'synth of prod'];
    const { medians, rounds } = await measure(
      [
        { name: baseline, run: synth },
        { name, run: () => command('--import', 'tsx', 'bin/access-model.ts', 'show', '--assembly', OUTPUT) },
      ],
      { budget: sizes.budget, least: 3 },
    );
    const [baselineMedian = 0, median = 0] = medians;
    return [{ name, baseline, median, baselineMedian, rounds, limit: times(0.6) }];
  },
};
