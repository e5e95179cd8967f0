/** Heads of the chain that were exported while the ledger grew: what the ledger cannot change afterwards. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import { LEDGER_FOLDER } from '../../lambda/approvals/contract';
import { CommandError } from '../../sql/db/errors';
import { asCommandError } from './aws-errors';

export interface Head {
  readonly sequence: number;
  /** Hex. */
  readonly hash: string;
  /** When it was exported, ISO 8601. */
  readonly at: string;
  /** Where it lies: `ledger/000000004208.json`. */
  readonly name: string;
}

const shape = z.object({
  sequence: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string().min(1),
});

const NAME = /(?:^|\/)(\d{12})\.json$/;
/** Objects that are read at the same time. */
const AT_ONCE = 16;

/**
 * A head that cannot be read is no reason to trust the rest.
 * @throws CommandError `head-unreadable`
 */
export function parseHead(name: string, text: string): Head {
  const sequence = Number(NAME.exec(name)?.[1]);
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    said = undefined;
  }
  const parsed = shape.safeParse(said);
  if (parsed.success && parsed.data.sequence === sequence) return { ...parsed.data, name };
  throw new CommandError(
    'head-unreadable',
    `${name} is not an exported head: it does not hold ${sequence ? `sequence ${sequence}, ` : ''}a hash and a time`,
    'find out who wrote it: the approval function writes nothing else there',
  );
}

/** Every head below the folder. None, when there is no such folder. */
export async function headsOfDirectory(directory: string): Promise<Head[]> {
  const files = await readdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const names = files.filter((file) => NAME.test(file)).sort();
  return Promise.all(
    names.map(async (name) => parseHead(name, await readFile(path.join(directory, name), 'utf8'))),
  );
}

/**
 * Every version of every head: whoever writes one again adds a version, and the bucket keeps the first. Where versions may
 * not be listed, the current ones: `note` then says so.
 */
export async function headsOfBucket(
  client: S3Client,
  bucket: string,
  note: (text: string) => void,
): Promise<Head[]> {
  try {
    const objects = await listVersions(client, bucket, note);
    const heads: Head[] = [];
    for (let start = 0; start < objects.length; start += AT_ONCE) {
      const some = objects.slice(start, start + AT_ONCE).map(async ({ key, version }) => {
        const { Body } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }),
        );
        return parseHead(key, (await Body?.transformToString('utf8')) ?? '');
      });
      heads.push(...(await Promise.all(some)));
    }
    return heads;
  } catch (error) {
    throw asCommandError(error, `read the heads of the ledger in s3://${bucket}/${LEDGER_FOLDER}/`);
  }
}

interface Stored {
  readonly key: string;
  readonly version: string | undefined;
}

async function listVersions(
  client: S3Client,
  bucket: string,
  note: (text: string) => void,
): Promise<Stored[]> {
  const place = { Bucket: bucket, Prefix: `${LEDGER_FOLDER}/` };
  const found: Stored[] = [];
  const add = (key: string | undefined, version?: string) => {
    if (key !== undefined && NAME.test(key)) found.push({ key, version });
  };
  try {
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await client.send(new ListObjectVersionsCommand({ ...place, ...marker }));
      for (const { Key, VersionId } of page.Versions ?? []) add(Key, VersionId);
      for (const { Key } of page.DeleteMarkers ?? []) note(`${Key} was deleted; its versions are read`);
      if (!page.IsTruncated) return found;
      marker = {
        ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
        ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
      };
    }
  } catch (error) {
    if (!['AccessDenied', 'NotImplemented', 'MethodNotAllowed'].includes((error as Error).name)) throw error;
    found.length = 0;
  }
  note('versions of heads may not be listed (s3:ListBucketVersions): only the current ones are compared');
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ ...place, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) add(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return found;
}
