/** The environment of the rotation function, all problems at once. */
import path from 'node:path';
import { z } from 'zod';
import { type Environment, parseEnvironment } from '../connection/environment';
import type { ConnectionSettings, Login } from '../connection/login';
import { ENVIRONMENT } from './contract';

export interface Settings extends ConnectionSettings {
  readonly applier: Login;
  /** Names of secrets. */
  readonly secrets: {
    readonly tokenKeys: string;
    readonly sessionKeys: string;
    readonly breakGlass: string;
    readonly auditor: string;
  };
  readonly caFile: string;
}

const text = z.string().trim().min(1);

const shape = z.object({
  host: text.regex(/^[A-Za-z0-9.:-]+$/, 'is not a host name'),
  port: z.coerce.number().int().min(1).max(65_535),
  database: text,
  applierUser: text,
  tokenKeys: text,
  sessionKeys: text,
  breakGlass: text,
  auditor: text,
  caFile: text.default('database-ca.pem'),
});

/** @throws {CommandError} `settings-invalid`, with one line per problem */
export function parseSettings(environment: Environment, packageDir: string): Settings {
  const region = environment.AWS_REGION ?? '';
  const more = region ? [] : ['AWS_REGION: is missing; tokens are signed for a region'];
  const { caFile, applierUser, tokenKeys, sessionKeys, breakGlass, auditor, ...where } = parseEnvironment(
    environment,
    ENVIRONMENT,
    shape,
    'lambda/secret-rotation/contract.ts',
    more,
  );
  return {
    ...where,
    applier: { kind: 'iam', user: applierUser, region },
    secrets: { tokenKeys, sessionKeys, breakGlass, auditor },
    caFile: path.resolve(packageDir, caFile),
    connectSeconds: 120,
    lockSeconds: 60,
  };
}
