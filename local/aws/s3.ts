/** S3, by path: buckets in which objects are written once and never changed. */
import { AwsError } from './errors';
import { etagOf, type ObjectStore, type StoredObject, versionOf } from './object-store';
import type { Asked, AwsReply, AwsRequest, Service } from './service';
import { element } from './xml';

export interface S3Options {
  /** By name. */
  readonly buckets: Readonly<Record<string, ObjectStore>>;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
/** Of one page of a list. */
const MOST_KEYS = 1000;

interface Input {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

/** Operation and action, by method; for the bucket itself, by what is asked of it. */
const OF_OBJECT: Readonly<Record<string, readonly [operation: string, action: string]>> = {
  GET: ['GetObject', 's3:GetObject'],
  HEAD: ['HeadObject', 's3:GetObject'],
  PUT: ['PutObject', 's3:PutObject'],
  DELETE: ['DeleteObject', 's3:DeleteObject'],
};

export function s3({ buckets }: S3Options): Service {
  return {
    protocol: 'rest-xml',
    read(request) {
      const [, bucket = '', key = ''] = /^\/([^/]+)\/?(.*)$/s.exec(request.path) ?? [];
      const input = { Bucket: decode(bucket), Key: decode(key) };
      return input.Key === '' ? readBucket(request, input) : readObject(request, input);
    },
    async answer({ operation, input }, _principal, request) {
      const { Bucket } = input as Input;
      const store = Object.hasOwn(buckets, Bucket) ? buckets[Bucket] : undefined;
      if (!store) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404);
      if (operation === 'PutObject') return put(store, input, request);
      if (operation === 'GetObject' || operation === 'HeadObject') return get(store, input);
      if (operation === 'ListObjectsV2') return list(store, input, request);
      if (operation === 'ListObjectVersions') return versions(store, input, request);
      // Objects are kept for good, whoever asks.
      throw new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
    },
  };
}

function readObject({ method, query }: AwsRequest, input: Input): Asked {
  const resource = `arn:aws:s3:::${input.Bucket}/${input.Key}`;
  const found = OF_OBJECT[method];
  // A subresource - its lock, its ACL, a part of it - is something else than the object.
  const { 'x-id': _, versionId, ...others } = query;
  if (!found || Object.keys(others).length > 0) throw notImplemented();
  const [operation, action] = found;
  if (versionId === undefined) return { operation, input, needs: [{ action, resource }] };
  const needs = [{ action: `${action}Version`, resource }];
  return { operation, input: { ...input, VersionId: String(versionId) }, needs };
}

function readBucket({ method, query }: AwsRequest, { Bucket }: Input): Asked {
  const resource = `arn:aws:s3:::${Bucket}`;
  if (method === 'GET' && query['list-type'] === '2') {
    return { operation: 'ListObjectsV2', input: { Bucket }, needs: [{ action: 's3:ListBucket', resource }] };
  }
  if (method === 'GET' && query.versions !== undefined) {
    const needs = [{ action: 's3:ListBucketVersions', resource }];
    return { operation: 'ListObjectVersions', input: { Bucket }, needs };
  }
  throw notImplemented();
}

async function put(store: ObjectStore, { Key }: Input, { headers, body }: AwsRequest): Promise<AwsReply> {
  const condition = headers['if-none-match'];
  if (condition !== undefined && condition !== '*') throw notImplemented();
  if (headers['content-encoding']?.includes('aws-chunked')) throw notImplemented();
  if (await store.create(Key, body)) {
    return { status: 200, headers: { etag: etagOf(body), 'x-amz-version-id': versionOf(body) } };
  }
  if (condition === undefined) throw new AwsError('AccessDenied', 'nothing is written over here', 403);
  const message = 'At least one of the pre-conditions you specified did not hold';
  throw new AwsError('PreconditionFailed', message, 412);
}

async function get(store: ObjectStore, { Key, VersionId }: Input): Promise<AwsReply> {
  const found = await store.read(Key);
  if (!found) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  const { body, modified } = found;
  const version = versionOf(body);
  if (VersionId !== undefined && VersionId !== version) {
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404);
  }
  const headers = {
    'content-type': Key.endsWith('.json') ? 'application/json' : 'binary/octet-stream',
    'content-length': String(body.length),
    'last-modified': modified.toUTCString(),
    etag: etagOf(body),
    'x-amz-version-id': version,
  };
  return { status: 200, headers, body };
}

/** Keys after `after`, one page of them. */
async function page(store: ObjectStore, { query }: AwsRequest, after: string | undefined) {
  const prefix = String(query.prefix ?? '');
  if (query.delimiter !== undefined || query['encoding-type'] !== undefined) throw notImplemented();
  const most = Math.min(Number(query['max-keys'] ?? MOST_KEYS), MOST_KEYS);
  const all = (await store.keys()).filter((key) => key.startsWith(prefix) && (!after || key > after));
  const keys = all.slice(0, most);
  const found = await Promise.all(
    keys.map(async (key) => ({ key, ...((await store.read(key)) as StoredObject) })),
  );
  const common = { Prefix: prefix, MaxKeys: String(most), IsTruncated: String(all.length > keys.length) };
  return { found, common, next: all.length > keys.length ? keys.at(-1) : undefined };
}

const describe = ({ key, body, modified }: StoredObject & { readonly key: string }) => ({
  Key: key,
  LastModified: modified.toISOString(),
  ETag: etagOf(body),
  Size: String(body.length),
  StorageClass: 'STANDARD',
});

async function list(store: ObjectStore, { Bucket }: Input, request: AwsRequest): Promise<AwsReply> {
  const token = request.query['continuation-token'];
  const given = token === undefined ? request.query['start-after'] : Buffer.from(String(token), 'base64url');
  const { found, common, next } = await page(store, request, given?.toString());
  const more = next === undefined ? {} : { NextContinuationToken: Buffer.from(next).toString('base64url') };
  const content = {
    ...{ Name: Bucket, ...common, KeyCount: String(found.length), ...more },
    Contents: found.map(describe),
  };
  return xml('ListBucketResult', element('ListBucketResult', content));
}

async function versions(store: ObjectStore, { Bucket }: Input, request: AwsRequest): Promise<AwsReply> {
  const { found, common, next } = await page(store, request, request.query['key-marker']?.toString());
  const last = found.at(-1);
  const more = next && last ? { NextKeyMarker: next, NextVersionIdMarker: versionOf(last.body) } : {};
  const Version = found.map((each) => ({
    ...{ ...describe(each), VersionId: versionOf(each.body), IsLatest: 'true' },
  }));
  return xml(
    'ListVersionsResult',
    element('ListVersionsResult', { Name: Bucket, ...common, ...more, Version }),
  );
}

function xml(root: string, text: string): AwsReply {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${text.replace(`<${root}>`, `<${root} xmlns="${NAMESPACE}">`)}`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function notImplemented(): AwsError {
  return new AwsError('NotImplemented', 'this is not done here', 501);
}
