/** So much of S3 as heads are read with: objects, all their versions, pages of both. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';

export interface Stored {
  readonly key: string;
  readonly version: string;
  readonly body: string;
}

export interface S3 {
  readonly client: S3Client;
  /** Oldest first; the last of a key is the current one. */
  readonly objects: Stored[];
  refuseVersions: boolean;
  refuseAll: boolean;
  close(): Promise<void>;
}

const PAGE = 2;

export async function startS3(): Promise<S3> {
  const objects: Stored[] = [];
  const state = { refuseVersions: false, refuseAll: false };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3');
    const query = url.searchParams;
    const xml = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${text}`);
    const refused = () =>
      xml(403, '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    if (state.refuseAll) return refused();
    const start = Number(query.get('key-marker') ?? query.get('continuation-token') ?? 0);
    const page = <T>(all: T[]) => ({ some: all.slice(start, start + PAGE), more: start + PAGE < all.length });
    if (query.has('versions')) {
      if (state.refuseVersions) return refused();
      const { some, more } = page(objects);
      const items = some.map(
        ({ key, version }) => `<Version><Key>${key}</Key><VersionId>${version}</VersionId></Version>`,
      );
      const next = more ? `<NextKeyMarker>${start + PAGE}</NextKeyMarker>` : '';
      return xml(
        200,
        `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListVersionsResult>`,
      );
    }
    if (query.get('list-type') === '2') {
      const { some, more } = page([...new Set(objects.map(({ key }) => key))]);
      const items = some.map((key) => `<Contents><Key>${key}</Key></Contents>`);
      const next = more ? `<NextContinuationToken>${start + PAGE}</NextContinuationToken>` : '';
      return xml(
        200,
        `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${items.join('')}</ListBucketResult>`,
      );
    }
    const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
    const version = query.get('versionId');
    const found = objects.findLast(
      (each) => each.key === key && (version === null || each.version === version),
    );
    if (!found) return xml(404, '<Error><Code>NoSuchKey</Code></Error>');
    return response.writeHead(200).end(found.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return Object.assign(state, {
    client,
    objects,
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
