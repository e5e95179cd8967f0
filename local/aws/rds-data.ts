/** Where the Data API is mounted: what answers is given, and whoever calls must be able to read the secret it names. */
import { z } from 'zod';
import { AwsError } from './errors';
import { parseJson } from './json-protocol';
import type { AwsReply, Service } from './service';

/** `path` such as `/Execute`; `body` parsed. */
export type DataApi = (path: string, body: unknown) => Promise<AwsReply>;

const ACTIONS: Readonly<Record<string, string>> = {
  '/Execute': 'ExecuteStatement',
  '/BatchExecute': 'BatchExecuteStatement',
  '/BeginTransaction': 'BeginTransaction',
  '/CommitTransaction': 'CommitTransaction',
  '/RollbackTransaction': 'RollbackTransaction',
};

const place = z.looseObject({ resourceArn: z.string(), secretArn: z.string() });

export function rdsDataService(api: DataApi): Service {
  return {
    protocol: 'rest-json',
    read(request) {
      const operation = Object.hasOwn(ACTIONS, request.path) ? ACTIONS[request.path] : undefined;
      if (request.method !== 'POST' || !operation)
        throw new AwsError('NotFoundException', 'no such operation', 404);
      const parsed = place.safeParse(parseJson(request));
      if (!parsed.success) throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
      const { resourceArn, secretArn } = parsed.data;
      const needs = [
        { action: `rds-data:${operation}`, resource: resourceArn },
        // In AWS the service reads it as the caller.
        { action: 'secretsmanager:GetSecretValue', resource: secretArn },
      ];
      return { operation, input: parsed.data, needs };
    },
    answer: ({ input }, _principal, { path }) => api(path, input),
  };
}
