/** The environment of the bootstrap function, all problems at once. */
import path from 'node:path';
import { z } from 'zod';
import { type Environment, parseEnvironment } from '../connection/environment';
import type { ConnectionSettings } from '../connection/login';
import { ENVIRONMENT } from './contract';

export interface Settings extends ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly masterSecret: string;
  readonly breakGlassSecret: string;
  readonly auditorSecret: string;
  readonly audit: 'pgaudit' | 'none';
  readonly caFile: string;
}

const text = z.string().trim().min(1);

const shape = z.object({
  host: text.regex(/^[A-Za-z0-9.:-]+$/, 'is not a host name'),
  port: z.coerce.number().int().min(1).max(65_535),
  database: text,
  masterSecret: text,
  breakGlassSecret: text,
  auditorSecret: text,
  audit: z.enum(['pgaudit', 'none']),
  caFile: text.default('database-ca.pem'),
});

/** @throws {CommandError} `settings-invalid`, with one line per problem */
export function parseSettings(environment: Environment, packageDir: string): Settings {
  const { caFile, ...rest } = parseEnvironment(
    environment,
    ENVIRONMENT,
    shape,
    'lambda/database-bootstrap/contract.ts',
  );
  // A database that paused takes some fifteen seconds to wake; one that was just made, longer.
  return { ...rest, caFile: path.resolve(packageDir, caFile), connectSeconds: 120, lockSeconds: 60 };
}
