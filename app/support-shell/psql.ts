/**
 * `tz-psql`: proves that the session is restricted, then starts psql, which begins by redeeming the ticket
 * (`app/support-shell/psqlrc`). Exit codes: psql's own; 2 could not run; 3 not proved.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseRegistry } from '../../sql/registry';
import { proveRestricted } from '../../sql/support-session';
import { parseConfiguration } from '../configuration';
import { createProbe } from '../database/pool';
import { psqlVariables } from '../libpq';
import { wanted } from './arguments';

const NOT_PROVED = 3;
const REGISTRY = path.join(__dirname, 'registry.yaml');
const PSQLRC = path.join(__dirname, 'psqlrc');

async function main(argv: readonly string[]): Promise<number> {
  const what = wanted(argv);
  const problems = await prove();
  if (problems.length > 0) {
    for (const problem of problems) process.stderr.write(`not proved: ${problem}\n`);
    process.stderr.write(
      'No session: the database does not restrict it. The owners of the platform mend that.\n',
    );
    return NOT_PROVED;
  }
  if (what.kind === 'prove') {
    process.stdout.write('proved: without a ticket nothing is shown, and nothing passes by the policies\n');
    return 0;
  }
  const variables = psqlVariables(process.env, { write: what.write, psqlrc: PSQLRC });
  // Both are gone from psql's environment before its first prompt, and the ticket is worth nothing by then.
  return psql({ ...variables, TZ_TICKET: what.ticket, PGPASSWORD: await token(variables) });
}

async function prove(): Promise<string[]> {
  const parsed = parseRegistry(readFileSync(REGISTRY, 'utf8'), REGISTRY, '1970-01-01');
  if ('problems' in parsed) throw new Error(`${REGISTRY} is no registry`);
  const pool = createProbe(parseConfiguration(process.env));
  pool.on('error', () => undefined);
  try {
    const client = await pool.connect();
    try {
      return await proveRestricted(client, parsed.registry);
    } finally {
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

async function token({ PGHOST = '', PGPORT, PGUSER = '' }: Record<string, string>): Promise<string> {
  const { Signer } = await import('@aws-sdk/rds-signer');
  return new Signer({
    hostname: PGHOST,
    port: Number(PGPORT),
    username: PGUSER,
    region: process.env.AWS_REGION ?? '',
  }).getAuthToken();
}

function psql(variables: Record<string, string>): Promise<number> {
  const child = spawn('psql', [], { stdio: 'inherit', env: { ...process.env, ...variables } });
  // A terminal sends Ctrl-C to psql as well, which cancels its query.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
