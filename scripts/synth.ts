/**
 * `npm run synth -- [STAGE...] [--format text|json]`
 *
 * Synthesizes every stage, or those named, into `cdk.out/<stage>`, with the commit as the stamp of the deploy: two synths
 * of one commit are the same, byte for byte. Exit 0: all of them. 2: at least one could not be synthesized.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';

const ROOT = path.join(__dirname, '..');
const run = promisify(execFile);

interface Synthesized {
  readonly stage: string;
  readonly folder: string;
  readonly seconds: number;
  readonly stacks: readonly { readonly name: string; readonly resources: number; readonly bytes: number }[];
}

const HELP = `Usage: npm run synth -- [STAGE...] [--format text|json]

Synthesizes the stages of bin/stages into cdk.out/<stage>. No credentials, no network, no Docker.

  npm run synth                       every stage
  npm run synth -- dev                one of them
  npm run -s synth -- --format json   for machines: stacks, resources, sizes
`;

async function commit(): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: ROOT });
  return stdout.trim();
}

async function stageNames(): Promise<string[]> {
  const files = await readdir(path.join(ROOT, 'bin/stages'));
  return files.map((file) => path.basename(file, '.ts')).filter((name) => name !== 'index');
}

/** The command line that people use: what it prints is shown when it fails, and only then. */
async function synthesize(stage: string, deployment: string): Promise<Synthesized> {
  const folder = path.join('cdk.out', stage);
  const started = Date.now();
  const cli = path.join(ROOT, 'node_modules/aws-cdk/bin/cdk');
  const context = ['-c', `stage=${stage}`, '-c', `deployment=${deployment}`];
  await run(
    process.execPath,
    [cli, 'synth', '--all', '--quiet', '--no-lookups', '--output', folder, ...context],
    {
      cwd: ROOT,
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const seconds = (Date.now() - started) / 1000;
  const templates = (await readdir(path.join(ROOT, folder))).filter((file) =>
    file.endsWith('.template.json'),
  );
  const stacks = await Promise.all(
    templates.sort().map(async (file) => {
      const text = await readFile(path.join(ROOT, folder, file), 'utf8');
      const resources = Object.keys(JSON.parse(text).Resources ?? {}).length;
      return { name: path.basename(file, '.template.json'), resources, bytes: Buffer.byteLength(text) };
    }),
  );
  return { stage, folder, seconds, stacks };
}

function text({ stage, folder, seconds, stacks }: Synthesized): string {
  const resources = stacks.reduce((sum, each) => sum + each.resources, 0);
  return `${stage}: ${stacks.length} stacks, ${resources} resources, ${seconds.toFixed(1)} s, ${folder}`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.format !== 'text' && values.format !== 'json') {
    throw new Error(`--format is text or json, not "${values.format}"`);
  }
  const deployment = await commit();
  const done: Synthesized[] = [];
  let failed = 0;
  for (const stage of positionals.length > 0 ? positionals : await stageNames()) {
    try {
      const result = await synthesize(stage, deployment);
      done.push(result);
      if (values.format === 'text') console.log(text(result));
    } catch (error) {
      failed += 1;
      const { stderr, message } = error as Error & { stderr?: string };
      console.error(`${stage}: ${stderr?.trim() || message}`);
    }
  }
  if (values.format === 'json') console.log(JSON.stringify({ deployment, stages: done }, undefined, 2));
  return failed > 0 ? 2 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  },
);
