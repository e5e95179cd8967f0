/** Entry point of the container. One image, several services. */
import path from 'node:path';
import { ConfigurationInvalid, parseConfiguration } from './configuration';
import { PORT } from './contract';
import { endOnSignal } from './lifecycle';
import { startService } from './service';

/** Longer than the load balancer takes to notice (two probes of 15 s), with the longest request (30 s) shorter than the task is given (75 s). */
const DRAIN_MS = 35_000;

async function main(): Promise<void> {
  const configuration = parseConfiguration(process.env);
  if (configuration.service === 'support-shell') return waitForPeople();
  const service = await startService({
    configuration,
    registryFile: path.join(__dirname, 'registry.yaml'),
    host: '0.0.0.0',
    port: PORT,
    drainMs: DRAIN_MS,
  });
  endOnSignal(() => service.stop(), process);
}

/** The shell's task serves nobody: it is there to be entered. */
function waitForPeople(): void {
  const alive = setInterval(() => undefined, 60_000);
  endOnSignal(async () => clearInterval(alive), process);
  // Last: whoever reads it may send a signal.
  process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'support-shell is ready' })}\n`);
}

function fail(error: Error): never {
  const problems = error instanceof ConfigurationInvalid ? error.problems : undefined;
  const { name, message, stack } = error;
  process.stdout.write(
    `${JSON.stringify({ level: 'fatal', msg: message, problems, ...(problems ? {} : { name, stack }) })}\n`,
  );
  process.exit(2);
}

main().catch(fail);
