/** Keys of the people and of the function: the same at every start. */
import { z } from 'zod';
import { readJson, writePrivate } from '../sql/local/home';
import { directoryOf, functionItself, newKeys, PEOPLE, type PersonName, person } from './aws';
import { ACCOUNT, FUNCTION_NAME, type LocalAws, type LocalKeys } from './connect';

const shape = z.record(
  z.string(),
  z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }),
);

/** Of the function among the people. */
const FUNCTION = 'function';

/** Keys that are missing in `file` are made, and kept there. */
export async function localKeys(file: string) {
  const known = shape.safeParse(await readJson(file)).data ?? {};
  const names = [...(Object.keys(PEOPLE) as PersonName[]), FUNCTION];
  const keys: Record<string, LocalKeys> = Object.fromEntries(
    names.map((name) => [name, known[name] ?? newKeys()]),
  );
  if (names.some((name) => known[name] === undefined)) await writePrivate(file, keys);
  const keysOf = (name: string) => keys[name] as LocalKeys;
  const entries = Object.entries(PEOPLE).map(([name, persona]) => ({
    principal: person(name, persona, ACCOUNT),
    keys: keysOf(name),
  }));
  const itself = { principal: functionItself(FUNCTION_NAME, ACCOUNT), keys: keysOf(FUNCTION) };
  const people: LocalAws['people'] = Object.fromEntries(
    entries.map(({ principal, keys: own }) => [principal.name, { ...own, arn: principal.arn }]),
  );
  return { directory: directoryOf([...entries, itself]), people, itself: itself.keys };
}
