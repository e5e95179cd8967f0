/**
 * Runs a command that logs in to the database by libpq's variables: `node /app/with-login.mjs psql`, or a migration. The
 * token is made here, lives for fifteen minutes, and is in the environment of that command alone.
 */
import { spawn } from 'node:child_process';
import { libpqVariables } from './libpq';

async function main([command = 'psql', ...rest]: string[]): Promise<void> {
  const variables = libpqVariables(process.env);
  const { Signer } = await import('@aws-sdk/rds-signer');
  const token = await new Signer({
    hostname: variables.PGHOST ?? '',
    port: Number(variables.PGPORT),
    username: variables.PGUSER ?? '',
    region: process.env.AWS_REGION ?? '',
  }).getAuthToken();
  const child = spawn(command, rest, {
    stdio: 'inherit',
    env: { ...process.env, ...variables, PGPASSWORD: token },
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends Ctrl-C to the command as well, which decides what it means: psql cancels its query.
  process.on('SIGINT', () => undefined);
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

function fail(error: Error): void {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

main(process.argv.slice(2)).catch(fail);
