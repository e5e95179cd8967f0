/** The plugin as a process: how it is found, and who gets the signals while it has the terminal. */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { ended, findPlugin, pluginCall, type Signals } from '../../../../cli/support-shell/plugin';
import { type World, world } from './world';

let aws: World;
beforeAll(async () => {
  aws = await world();
});
afterAll(() => aws.close());

const found = (script: string | undefined, timeoutMs?: number) => {
  aws.plugin(script);
  return findPlugin({ PATH: aws.directory }, timeoutMs);
};

test.each([
  ['echo 1.2.707.0', { kind: 'works', version: '1.2.707.0' }],
  [undefined, { kind: 'absent' }],
  ['exit 3', { kind: 'broken', problem: 'it ends with 3' }],
  ['echo', { kind: 'broken', problem: 'its version is ""' }],
  ['echo 1.2.3.4-evil', { kind: 'broken', problem: 'its version is "1.2.3.4-evil"' }],
  ['kill -9 $$', { kind: 'broken', problem: expect.stringContaining('SIGKILL') }],
])('%s', async (script, expected) => {
  expect(await found(script)).toEqual(expected);
});

test('one that does not answer is broken, and one that may not be run', async () => {
  expect(await found('exec /bin/sleep 5', 100)).toEqual({ kind: 'broken', problem: 'it does not answer' });
  aws.plugin('echo 1.2.707.0');
  const { chmodSync } = await import('node:fs');
  chmodSync(`${aws.directory}/session-manager-plugin`, 0o644);
  expect((await findPlugin({ PATH: aws.directory })).kind).not.toBe('works');
});

const SESSION = { sessionId: 's', streamUrl: 'wss://x', tokenValue: 'secret-token' };
test.each([
  ['1.2.497.0', false],
  ['1.2.398.0', false],
  ['1.1.999.9', false],
  ['1.2.498.0', true],
  ['1.2.497.1', true],
  ['1.3.0.0', true],
  ['2.0.0.0', true],
])('%s: the token stays out of the arguments: %s', (version, stays) => {
  const { args, env } = pluginCall({
    version,
    session: SESSION,
    region: 'eu-central-1',
    profile: '',
    target: 't',
  });
  expect(args.join().includes('secret-token')).toBe(!stays);
  expect(JSON.stringify(env).includes('secret-token')).toBe(stays);
});

describe('while it runs', () => {
  const node = (code: string) =>
    spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
  const READY = `process.stdout.write('ready'); setInterval(() => {}, 1000);`;

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s is passed on, and its end waited for', async (signal) => {
    const signals = new EventEmitter();
    const child = node(`process.on('${signal}', () => process.exit(5)); ${READY}`);
    const end = ended(child, signals as Signals);
    await once(child.stdout, 'data');
    signals.emit(signal);
    expect(await end).toBe(5);
  });

  test('Ctrl-C is a key of the session: it ends neither of the two', async () => {
    const signals = new EventEmitter();
    const child = node(READY);
    const end = ended(child, signals as Signals);
    await once(child.stdout, 'data');
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP']) expect(signals.emit(signal)).toBe(true);
    expect(child.exitCode).toBe(null);
    signals.emit('SIGTERM');
    expect(await end).toBe(143);
    // Afterwards signals are ours again.
    expect(signals.eventNames()).toEqual([]);
  });

  test('one that cannot be started is an error', async () => {
    await expect(ended(spawn('/nowhere/plugin'), new EventEmitter() as Signals)).rejects.toThrow('ENOENT');
  });
});
