/** Reading of resolved properties: a template may hold anything, and what is not there is `undefined` or empty. */
export type Properties = Readonly<Record<string, unknown>>;

export function text(value: unknown): string | undefined {
  // YAML reads the number of an account as a number.
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): string[] {
  return items(value).flatMap((each) => text(each) ?? (each === '' ? '' : []));
}

export function items(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function record(value: unknown): Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

/** Both shapes of tags: a list of `Key` and `Value`, and a map. */
export function tagsOf(properties: Properties): [string, string][] {
  const { Tags: tags } = properties;
  if (Array.isArray(tags)) {
    return tags.map(record).map(({ Key, Value }): [string, string] => [String(Key), String(Value)]);
  }
  return Object.entries(record(tags)).map(([key, value]) => [key, String(value)]);
}
