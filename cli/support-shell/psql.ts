/** psql on this machine, begun by the same file of commands as in the container. */
import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { sessionOptions } from '../../sql/support-session';
import { ended } from './plugin';

const PSQLRC = path.join(__dirname, '../../app/support-shell/psqlrc');
/** The first one that can take the ticket out of the environment. */
const OLDEST = 15;

type Env = Readonly<Record<string, string | undefined>>;

export function hasPsql(env: Env): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('psql', ['--version'], { env: { ...env }, timeout: 5000 }, (error, stdout) => {
      resolve(!error && Number(/ (\d+)/.exec(stdout)?.[1] ?? 0) >= OLDEST);
    });
  });
}

export interface PsqlSession {
  /** Address with password. */
  readonly url: string;
  readonly ticket: string;
  readonly write: boolean;
  readonly env: Env;
}

/** For psql: nothing of it is an argument, which other users of the machine would see. */
export function psqlEnvironment({
  url,
  ticket,
  write,
  env,
}: PsqlSession): Record<string, string | undefined> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const theirs = Object.entries(env).filter(([name]) => !/^P(G|SQL)/.test(name));
  return {
    ...Object.fromEntries(theirs),
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
    PGOPTIONS: sessionOptions(write),
    PGAPPNAME: 'support-shell',
    PSQLRC,
    PSQL_HISTORY: '/dev/null',
    TZ_TICKET: ticket,
  };
}

/** Until it ends; its exit code. */
export function runPsql(session: PsqlSession): Promise<number> {
  return ended(spawn('psql', [], { stdio: 'inherit', env: psqlEnvironment(session) }), process);
}
