/** From options to a ledger that can be read, and to the heads that were exported of it. */
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { S3Client } from '@aws-sdk/client-s3';
import { clientConfig, localDatabase, readLocalAws } from '../../local/connect';
import { CommandError } from '../../sql/db/errors';
import { homeOf } from '../../sql/local/home';
import { localCredentials } from '../approvals/credentials';
import type { Io } from '../approvals/io';
import { targetOf } from '../approvals/target';
import { type DataApiOptions, dataApiConnection } from './data-api-source';
import { type Head, headsOfBucket, headsOfDirectory } from './heads';
import { ledgerOver } from './ledger';
import type { LedgerSource } from './ledger-source';
import type { PlaceOptions } from './options';
import { pgConnection } from './pg-source';
import { type AwsConfig, auditBucket, dataApiPlace, type GivenPlace } from './place';

const DATABASE = 'tenant_zero';

/** Calls back with the ledger, and lets go of it whatever happens. */
export async function withLedger<T>(
  options: PlaceOptions,
  io: Io,
  use: (ledger: LedgerSource) => Promise<T>,
): Promise<T> {
  const ledger = await open(options, io);
  try {
    return await use(ledger);
  } finally {
    await ledger.close().catch(() => undefined);
  }
}

async function open(options: PlaceOptions, io: Io): Promise<LedgerSource> {
  onePlace(options);
  const url = options.local && options.profile === undefined ? await localUrl(io) : options.databaseUrl;
  if (url !== undefined) return ledgerOver(await pgConnection(url));
  const { config, place } = options.local ? await onThisMachine(options, io) : await inAws(options, io);
  const note: DataApiOptions['note'] = (text) => void io.stderr.write(`${text}\n`);
  return ledgerOver(
    dataApiConnection({ client: new RDSDataClient(config), place: await dataApiPlace(place, config), note }),
  );
}

export interface HeadsOptions {
  readonly headsDir?: string;
  readonly bucket?: string;
}

/** @throws CommandError `no-heads-place` */
export async function readHeads(options: PlaceOptions & HeadsOptions, io: Io): Promise<Head[]> {
  onePlace(options);
  if (options.headsDir !== undefined) return headsOfDirectory(options.headsDir);
  if (options.local && options.profile === undefined) return headsOfDirectory(homeOf(io.env).audit);
  if (options.databaseUrl !== undefined && options.bucket === undefined) {
    throw new CommandError(
      'no-heads-place',
      'where do the exported heads lie?',
      'give --bucket or --heads-dir; --without-heads checks the chain alone, and finds no entries that are gone from its end',
    );
  }
  const { config, place } = options.local ? await onThisMachine(options, io) : await inAws(options, io);
  const client = new S3Client(config);
  try {
    const bucket = await auditBucket(place, config);
    return await headsOfBucket(client, bucket, (text) => void io.stderr.write(`${text}\n`));
  } finally {
    client.destroy();
  }
}

function onePlace({ local, databaseUrl, stage, clusterArn }: PlaceOptions): void {
  const named = [local && '--local', databaseUrl && '--database-url', (stage || clusterArn) && '--stage'];
  const several = named.filter((each) => typeof each === 'string');
  if (several.length < 2) return;
  throw new CommandError(
    'place-twice',
    `${several.join(' and ')} name different databases`,
    'give one of them',
  );
}

async function localUrl({ env }: Io): Promise<string> {
  const url = await localDatabase(env, 'auditor');
  if (url !== undefined) return url;
  throw notRunning();
}

interface Place {
  readonly config: AwsConfig;
  readonly place: GivenPlace;
}

/** With `--profile aud`: through the endpoints of this machine, as through those of AWS. */
async function onThisMachine({ profile = '' }: PlaceOptions, { env }: Io): Promise<Place> {
  const local = await readLocalAws(env);
  if (!local) throw notRunning();
  const { resourceArn, auditorSecret, name } = local.database;
  return {
    config: { ...clientConfig(local, profile), credentials: localCredentials(local.people, profile) },
    place: {
      clusterArn: resourceArn,
      secretName: auditorSecret,
      bucket: local.auditBucket,
      database: name,
    },
  };
}

/** Who calls is whoever the credentials belong to: there is no other way in. */
async function inAws(options: PlaceOptions & HeadsOptions, io: Io): Promise<Place> {
  const { account, bucket, clusterArn, secretArn, database = DATABASE } = options;
  const [, , , regionOfArn, accountOfArn] = clusterArn?.split(':') ?? [];
  const region = options.region ?? regionOfArn;
  const named = options.stage ?? (io.env.TZ_STAGE || undefined);
  // Both ARNs, or the bucket, say everything: then no stage has to be named.
  const needsStage = (clusterArn === undefined || secretArn === undefined) && bucket === undefined;
  const target = await targetOf(
    {
      ...(options.profile !== undefined && { profile: options.profile }),
      ...(region && { region }),
      stage: named ?? (needsStage ? '' : 'any'),
    },
    io.env,
  );
  return {
    config: { region: target.region, credentials: target.credentials },
    place: {
      stage: named,
      region: target.region,
      account: account ?? accountOfArn,
      clusterArn,
      secretArn,
      bucket,
      database,
    },
  };
}

function notRunning(): CommandError {
  return new CommandError(
    'not-running',
    'npm start is not running here',
    'run npm start, or leave out --local',
  );
}
