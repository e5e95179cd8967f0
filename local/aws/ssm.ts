/** Systems Manager: the end of a session that ECS Exec opened. */
import { z } from 'zod';
import { jsonService, operation } from './json-protocol';
import type { Service } from './service';

export interface SsmOptions {
  readonly region: string;
  readonly account: string;
  /** @throws AwsError - `DoesNotExistException`, for one */
  terminate?(session: string): void | Promise<void>;
}

export function ssm({ region, account, terminate }: SsmOptions): Service {
  return jsonService({
    target: 'AmazonSSM',
    invalid: 'ValidationException',
    operations: {
      TerminateSession: operation({
        input: z.strictObject({ SessionId: z.string().min(1).max(96) }),
        needs: ({ SessionId }) => [
          {
            action: 'ssm:TerminateSession',
            resource: `arn:aws:ssm:${region}:${account}:session/${SessionId}`,
          },
        ],
        async answer({ SessionId }) {
          await terminate?.(SessionId);
          return { SessionId };
        },
      }),
    },
  });
}
