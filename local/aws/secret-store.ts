/** Where secrets lie: versions by name, in memory or in a file that only its owner may read. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writePrivate } from '../../sql/local/home';

const version = z.strictObject({ id: z.string(), value: z.string(), stages: z.array(z.string()) });
export type Version = z.infer<typeof version>;
const contents = z.record(z.string(), z.array(version));
export type Contents = z.infer<typeof contents>;

export interface SecretStore {
  /** Undefined: there is no such secret. */
  read(name: string): Promise<readonly Version[] | undefined>;
  /** One at a time: what `change` is given is what its result replaces. Throws what `change` throws. */
  change(
    name: string,
    change: (versions: readonly Version[] | undefined) => readonly Version[],
  ): Promise<void>;
}

export function memoryStore(initial: Readonly<Record<string, string>> = {}): SecretStore {
  const secrets: Contents = Object.fromEntries(
    Object.entries(initial).map(([name, value]) => [name, [firstVersion(value)]]),
  );
  return storeOver({ load: async () => secrets, save: async () => undefined });
}

/** @throws when the file is there and is not what was written: seeds must not be lost without a word */
export function fileStore(file: string): SecretStore {
  return storeOver({
    async load() {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '{}';
        throw error;
      });
      const parsed = contents.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      throw new Error(`${file} does not hold secrets`);
    },
    save: (secrets) => writePrivate(file, secrets),
  });
}

export function firstVersion(value: string): Version {
  return { id: randomUUID(), value, stages: ['AWSCURRENT'] };
}

/** Adds secrets that are not there yet; changes none. */
export async function provision(
  store: SecretStore,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(secrets)) {
    await store.change(name, (versions) => versions ?? [firstVersion(value)]);
  }
}

/** Gives secrets their one value, whatever they had before. */
export async function replace(store: SecretStore, secrets: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(secrets)) await store.change(name, () => [firstVersion(value)]);
}

/** The six characters behind a name in its ARN: here they follow from the name. */
export function suffixOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 6);
}

interface Place {
  load(): Promise<Contents>;
  save(secrets: Contents): Promise<void>;
}

function storeOver({ load, save }: Place): SecretStore {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read: async (name) => {
      await last;
      const secrets = await load();
      return Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    },
    change: (name, change) => {
      const next = last.then(async () => {
        const secrets = await load();
        const known = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
        const versions = change(known);
        if (versions === known) return;
        secrets[name] = [...versions];
        await save(secrets);
      });
      last = next.catch(() => undefined);
      return next;
    },
  };
}
