/**
 * Keeps the processors from falling asleep while microseconds are measured. On a virtual machine a halted processor
 * takes some 40 us to wake, and whether it halts between question and answer depends on a threshold that the host moves:
 * the same lookup then takes 40 us in one minute and 80 us in the next, and the slower of two sides falls over the
 * threshold first. A busy loop of the lowest priority on every core takes that away and gives way to everything else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

// Looks now and then whether its parent is still there: a bench that is killed leaves no busy loop behind.
const SPIN = `
  require('node:os').setPriority(19);
  const parent = process.ppid;
  while (process.ppid === parent) for (let i = 0; i < 1e7; i++);
`;

/** Starts the loops; the answer stops them. */
export function keepAwake(): () => void {
  const loops: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', SPIN], { stdio: 'ignore' }),
  );
  for (const loop of loops) loop.unref();
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}
