/** The condition keys of a request. */
import { mark } from '../assembly/unresolved';

/** By name in lower case. A key that is not there is absent, as AWS has it; see `UNKNOWN` for the other case. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** The value of a key that every request has and nobody knows beforehand: the time of day, the browser. */
export const UNKNOWN: readonly string[] = Object.freeze([mark('not known beforehand')]);

export function contextOf(
  values: Readonly<Record<string, string | readonly string[]>>,
): Map<string, readonly string[]> {
  return new Map(
    Object.entries(values).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value.map(String),
    ]),
  );
}

export const valuesOf = (context: Context, key: string): readonly string[] | undefined => context.get(key);
