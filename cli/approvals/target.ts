/** Which approval function is called, and as whom: from options, the environment, and the profile. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { readLocalAws } from '../../local/connect';
import { CommandError } from '../../sql/db/errors';
import { awsCredentials, type CredentialsProvider, localCredentials } from './credentials';

export interface TargetOptions {
  /** The endpoints that `npm start` runs. */
  readonly local?: boolean;
  /** Of the AWS configuration; with `local`, somebody of the demo. */
  readonly profile?: string;
  /** @default - TZ_STAGE */
  readonly stage?: string;
  /** @default - AWS_REGION, AWS_DEFAULT_REGION, the profile's */
  readonly region?: string;
}

export interface Target {
  readonly functionName: string;
  readonly stage: string;
  readonly region: string;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly credentials: CredentialsProvider;
  /** Options that name this target on a command line, for somebody else to use: without the profile. */
  readonly flags: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Stages are named so: a name goes into that of the function. */
const STAGE = /^[a-z][a-z0-9-]{0,20}$/;
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** @throws {CommandError} when stage, region or person are missing or make no sense */
export async function targetOf(options: TargetOptions, env: Env): Promise<Target> {
  return options.local ? onThisMachine(options, env) : inAws(options, env);
}

async function onThisMachine({ profile, stage, region }: TargetOptions, env: Env): Promise<Target> {
  if (stage !== undefined || region !== undefined) {
    throw new CommandError(
      'target-twice',
      '--local is a stage of its own',
      'leave out --stage and --region, or --local',
    );
  }
  const local = await readLocalAws(env);
  if (local === undefined) {
    throw new CommandError(
      'nothing-local',
      'nothing runs on this machine to talk to',
      'npm start in another terminal; without --local it is AWS',
    );
  }
  return {
    functionName: local.functionName,
    stage: local.stage,
    region: local.region,
    endpoint: local.endpoint,
    credentials: localCredentials(local.people, profile),
    flags: '--local',
  };
}

async function inAws({ profile, stage = '', region }: TargetOptions, env: Env): Promise<Target> {
  const name = stage || env.TZ_STAGE || '';
  if (!STAGE.test(name)) {
    throw new CommandError(
      'stage-unknown',
      name ? `${name} is not the name of a stage` : 'which stage?',
      'name it with --stage or TZ_STAGE, such as --stage prod; --local is this machine',
    );
  }
  const where = region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (await regionOf(profile));
  if (where === undefined || !REGION.test(where)) {
    throw new CommandError(
      'region-unknown',
      where ? `${where} is not a region of AWS` : 'which region?',
      'name it with --region or AWS_REGION, such as --region eu-central-1',
    );
  }
  return {
    functionName: `tz-${name}-approvals`,
    stage: name,
    region: where,
    endpoint: undefined,
    credentials: awsCredentials(profile),
    flags: region === undefined ? `--stage ${name}` : `--stage ${name} --region ${where}`,
  };
}

/** What an approver writes behind a command that is printed for them. */
export function approverFlags({ flags, endpoint }: Pick<Target, 'flags' | 'endpoint'>): string {
  return endpoint === undefined ? flags : `${flags} --profile <approver>`;
}

/** As the SDK finds it in the configuration of a profile. */
async function regionOf(profile: string | undefined): Promise<string | undefined> {
  const client = new LambdaClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch {
    return undefined;
  } finally {
    client.destroy();
  }
}
