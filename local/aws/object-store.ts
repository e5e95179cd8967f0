/** Where objects lie: written once each, in memory or as files of a folder. */
import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AwsError } from './errors';

export interface StoredObject {
  readonly body: Buffer;
  readonly modified: Date;
}

export interface ObjectStore {
  /** False: it is there already, and stays as it is. */
  create(key: string, body: Buffer): Promise<boolean>;
  read(key: string): Promise<StoredObject | undefined>;
  /** Sorted. */
  keys(): Promise<readonly string[]>;
}

export function memoryObjects(): ObjectStore {
  const objects = new Map<string, StoredObject>();
  return {
    async create(key, body) {
      if (objects.has(key)) return false;
      objects.set(key, { body, modified: new Date() });
      return true;
    },
    read: async (key) => objects.get(key),
    keys: async () => [...objects.keys()].sort(),
  };
}

/** Of a file that is not there in full yet. */
const UNFINISHED = '.unfinished';

export function folderObjects(folder: string): ObjectStore {
  /** Keys become paths: none of them may lead out, or be read otherwise than it was written. */
  const fileOf = (key: string) => {
    const segments = key.split('/');
    const plain = segments.every((each) => /^[\w=+@ -][\w.=+@ -]*$/.test(each) && !each.endsWith(UNFINISHED));
    if (!plain)
      throw new AwsError('InvalidArgument', `keys such as ${JSON.stringify(key)} are not kept here`);
    return path.join(folder, ...segments);
  };
  return {
    async create(key, body) {
      const file = fileOf(key);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const fresh = path.join(folder, `${randomUUID()}${UNFINISHED}`);
      await writeFile(fresh, body, { mode: 0o400 });
      try {
        // A second name for what is complete: fails where there is one of that name.
        await link(fresh, file);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      } finally {
        await rm(fresh, { force: true });
      }
    },
    async read(key) {
      const file = fileOf(key);
      try {
        return { body: await readFile(file), modified: (await stat(file)).mtime };
      } catch (error) {
        if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
          return undefined;
        throw error;
      }
    },
    async keys() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      return entries
        .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
        .map((entry) =>
          path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
        )
        .sort();
    },
  };
}

/** S3's, of what is uploaded in one piece. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

/** An object has one version here; it is called after what it holds. */
export function versionOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 32);
}
