/**
 * Runs a command that logs in to the database by libpq's variables: `node /app/with-login.mjs psql`, or a migration. The
 * token is made here, lives for fifteen minutes, and is in the environment of that command alone.
 */
import { spawn } from 'node:child_process';
import { ENVIRONMENT } from './contract';
import { libpqVariables } from './libpq';

async function main([command = 'psql', ...rest]: string[]): Promise<void> {
  const environment = process.env;
  const { Signer } = await import('@aws-sdk/rds-signer');
  const token = await new Signer({
    hostname: environment[ENVIRONMENT.host] ?? '',
    port: Number(environment[ENVIRONMENT.port]),
    username: environment[ENVIRONMENT.user] ?? '',
    region: environment.AWS_REGION ?? '',
  }).getAuthToken();
  const child = spawn(command, rest, {
    stdio: 'inherit',
    env: { ...environment, ...libpqVariables({ environment, token }) },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
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
