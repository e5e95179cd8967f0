/** The entry itself, as the command line runs it: without credentials, the same every time, and clear about mistakes. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(__dirname, '../..');
const directory = mkdtempSync(path.join(tmpdir(), 'tenant-zero-synth-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Run {
  readonly code: number;
  readonly stderr: string;
}

/** In an environment that knows no account, no profile and no home. */
function synth(output: string, context: Record<string, string>): Promise<Run> {
  const flags = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')).context;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'bin/app.ts'],
      {
        cwd: ROOT,
        env: {
          PATH: process.env.PATH,
          HOME: directory,
          CDK_OUTDIR: path.join(directory, output),
          CDK_CONTEXT_JSON: JSON.stringify({ ...flags, ...context }),
          CDK_VALIDATION: 'false',
        },
      },
      (error, _, stderr) => resolve({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}

/** Everything in a folder, by name. */
function contents(folder: string, below = ''): [string, string][] {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(below, entry.name);
    return entry.isDirectory()
      ? contents(folder, name)
      : [[name, readFileSync(path.join(folder, name), 'utf8')]];
  });
}

test('two synths of one commit are the same, byte for byte', async () => {
  const context = { stage: 'prod', deployment: 'commit' };
  const runs = await Promise.all([synth('first', context), synth('second', context)]);
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  const [first, second] = ['first', 'second'].map((each) => contents(path.join(directory, each)));
  expect(first?.length).toBeGreaterThan(30);
  expect(second).toEqual(first);
}, 120_000);

test.each<[string, Record<string, string>, RegExp]>([
  [
    'a stage that there is not',
    { stage: 'production' },
    /there is no stage "production", but dev, staging, prod/,
  ],
  [
    'a tag in place of a digest',
    { stage: 'dev', image: 'latest' },
    /image\.digest: does not have the form of "sha256:/,
  ],
])(
  '%s is one clear error, and nothing is written',
  async (...[, context, message]) => {
    const { code, stderr } = await synth('wrong', context);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(contents(path.join(directory, 'wrong'))).toEqual([]);
  },
  60_000,
);
