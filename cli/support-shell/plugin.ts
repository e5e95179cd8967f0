/** session-manager-plugin: the program of AWS that speaks the protocol of a session. Found, asked, and run. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';

export const PLUGIN = 'session-manager-plugin';

export type Plugin =
  | { readonly kind: 'works'; readonly version: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'broken'; readonly problem: string };

type Env = Readonly<Record<string, string | undefined>>;

/** Asks for its version: whatever cannot answer that would not carry a session either. */
export function findPlugin(env: Env, timeoutMs = 10_000): Promise<Plugin> {
  return new Promise((resolve) => {
    execFile(PLUGIN, ['--version'], { env: { ...env }, timeout: timeoutMs }, (error, stdout) => {
      const version = stdout.trim();
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return resolve({ kind: 'absent' });
      if (error) return resolve({ kind: 'broken', problem: reason(error) });
      if (!/^\d+(\.\d+){2,3}$/.test(version))
        return resolve({ kind: 'broken', problem: `its version is ${JSON.stringify(version.slice(0, 60))}` });
      resolve({ kind: 'works', version });
    });
  });
}

function reason(error: Error & { code?: unknown; killed?: boolean; signal?: unknown }): string {
  if (error.killed) return 'it does not answer';
  if (typeof error.code === 'number') return `it ends with ${error.code}`;
  return `it does not run: ${String(error.code ?? error.signal ?? error.message)}`;
}

/** As ECS answers ExecuteCommand. */
export interface PluginSession {
  readonly sessionId: string;
  readonly streamUrl: string;
  /** Whoever has it is in the session. */
  readonly tokenValue: string;
}

export interface Carried {
  readonly version: string;
  readonly session: PluginSession;
  readonly region: string;
  /** Of the AWS configuration; empty: the plugin's default. */
  readonly profile: string;
  /** `ecs:<cluster>_<task>_<runtime id>` */
  readonly target: string;
}

/** Name of the variable that carries the session, from the first version on that reads it. */
const VARIABLE = 'AWS_SSM_START_SESSION_RESPONSE';
const LAST_WITHOUT_VARIABLE = [1, 2, 497, 0];

/** Arguments and environment, as the AWS CLI gives them. Arguments are seen by every user of a machine: newer plugins need no token there. */
export function pluginCall({ version, session, region, profile, target }: Carried) {
  const { sessionId, streamUrl, tokenValue } = session;
  const text = JSON.stringify({ SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue });
  const byVariable = isNewer(version, LAST_WITHOUT_VARIABLE);
  const rest = [
    region,
    'StartSession',
    profile,
    JSON.stringify({ Target: target }),
    `https://ssm.${region}.amazonaws.com`,
  ];
  return byVariable
    ? { args: [VARIABLE, ...rest], env: { [VARIABLE]: text } }
    : { args: [text, ...rest], env: {} };
}

function isNewer(version: string, than: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, old] of than.entries()) {
    const part = parts[i] ?? 0;
    if (part !== old) return part > old;
  }
  return false;
}

export interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * Carries the session with this terminal until it ends. Resolves to the exit code; 128 and the signal where one ended it.
 * @throws when the plugin cannot be started
 */
export function carry(carried: Carried, env: Env, signals: Signals = process): Promise<number> {
  const { args, env: more } = pluginCall(carried);
  const child = spawn(PLUGIN, args, { stdio: 'inherit', env: { ...env, ...more } });
  return ended(child, signals);
}

/**
 * Until the child ends, signals are the child's. Ctrl-C and Ctrl-\ reach it from the terminal already, where they are keys
 * of the session; being told to stop, or losing the terminal, is passed on.
 */
export function ended(child: ChildProcess, signals: Signals): Promise<number> {
  const nothing = () => undefined;
  const pass = (signal: NodeJS.Signals) => () => void child.kill(signal);
  const handlers: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ['SIGINT', nothing],
    ['SIGQUIT', nothing],
    ['SIGTSTP', nothing],
    ['SIGTERM', pass('SIGTERM')],
    ['SIGHUP', pass('SIGHUP')],
  ];
  for (const [signal, handler] of handlers) signals.on(signal, handler);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGHUP' ? 1 : 15)));
  }).finally(() => {
    for (const [signal, handler] of handlers) signals.off(signal, handler);
  });
}
