/** What an operation works with: who calls, what they may, and everything outside that it may touch. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Client } from 'pg';
import type { z } from 'zod';
import type { CallerIdentity, Gate } from '../../sql/approvals/gate';
import type { Connector } from '../connection/connect';
import type { JsonLog } from '../connection/json-log';
import type { ApproverSecrets } from './approver-secrets';
import type { StsEndpoint } from './identity/sts';
import type { Measurements } from './metrics';
import type { Notify } from './notify';
import type { Caller, INPUTS, Operation, Results } from './protocol';
import type { Scope } from './rights';
import type { Settings } from './settings';
import type { Staff } from './staff';

/** The real ones in AWS; on one machine they talk to endpoints there. */
export interface Clients {
  readonly sts: StsEndpoint;
  readonly secrets: SecretsManagerClient;
  readonly sns: SNSClient;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
}

export interface Work {
  readonly settings: Settings;
  /** Of the call: what is made by it has the same id, so that it is not made twice. */
  readonly id: string;
  readonly caller: CallerIdentity & { readonly persona: Caller };
  readonly staff: Staff;
  readonly scope: Scope;
  /** As the gate. */
  readonly client: Client;
  readonly gate: Gate;
  readonly connector: Connector<Settings>;
  readonly ssm: SSMClient;
  readonly seeds: ApproverSecrets;
  readonly notify: Notify;
  readonly measurements: Measurements;
  readonly log: JsonLog;
  readonly now: () => Date;
}

/** As parsed, defaults filled in. */
export type Given<O extends Operation> = z.output<(typeof INPUTS)[O]>;

export type Operations<O extends Operation> = {
  readonly [Each in O]: (work: Work, input: Given<Each>) => Promise<Results[Each]>;
};
