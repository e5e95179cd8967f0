/**
 * `npm run bench -- [--full] [--only NAME] [--json FILE] [--markdown FILE] [--check]`
 *
 * Exit 0: it ran, whatever it found. 1: with --check, a figure is over its limit. 2: it could not run.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { keepAwake } from './awake';
import { type Benchmark, isOver } from './benchmark';
import { BENCHMARKS } from './benchmarks';
import { machineOf } from './machine';
import { type Report, type Result, row, toJson, toMarkdown } from './report';
import { DEFAULT, FULL } from './sizes';
import { BenchServer } from './world/server';
import { Worlds } from './world/worlds';

const say = (line: string) => console.error(line);

function readArguments() {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      markdown: { type: 'string' },
      check: { type: 'boolean', default: false },
    },
  });
  return { ...values, benchmarks: chosen(values.only) };
}

function chosen(names: readonly string[] | undefined): readonly Benchmark[] {
  if (names === undefined) return BENCHMARKS;
  return names.map((name) => {
    const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
    if (found) return found;
    throw new Error(
      `no benchmark ${name}: there are ${BENCHMARKS.map((benchmark) => benchmark.name).join(', ')}`,
    );
  });
}

async function run(full: boolean, benchmarks: readonly Benchmark[]): Promise<Report> {
  const sizes = full ? FULL : DEFAULT;
  const started = Date.now();
  const server = await BenchServer.start();
  const interrupted = () => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  const letSleep = keepAwake();
  try {
    const machine = await machineOf(server);
    const context = { server, sizes, worlds: new Worlds(server, sizes), say };
    const results: Result[] = [];
    for (const benchmark of benchmarks) {
      say(`${benchmark.name}: ${benchmark.title}`);
      const figures = await benchmark.run(context);
      for (const figure of figures) say(`  ${row(figure)}`);
      results.push({ benchmark, figures });
    }
    return { machine, sizes, took: (Date.now() - started) / 1000, results };
  } finally {
    letSleep();
    process.off('SIGINT', interrupted);
    await server.stop();
  }
}

async function main(): Promise<number> {
  const { full, benchmarks, json, markdown, check } = readArguments();
  const report = await run(full, benchmarks);
  if (json !== undefined) await writeFile(json, toJson(report));
  if (markdown !== undefined) await writeFile(markdown, toMarkdown(report));
  else console.log(toMarkdown(report));
  const over = report.results.flatMap(({ figures }) => figures).filter(isOver);
  say(over.length === 0 ? 'all within their limits' : `over: ${over.map(({ name }) => name).join('; ')}`);
  return check && over.length > 0 ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 2;
  },
);
