/** The names in a policy document, whatever else is right or wrong about it. */

/** A document with the place where it stands, as JSON has it or as its text. */
export interface NamedPolicy {
  readonly id: string;
  readonly document: unknown;
}

export interface NamesOfStatement {
  /** The Sid, or the place in the document, from 1. */
  readonly name: string;
  /** As written: text, where the policy is right. */
  readonly actions: readonly unknown[];
  /** True: the actions are those that are *not* meant. */
  readonly notActions: boolean;
  readonly resources: readonly unknown[];
  readonly conditions: readonly { readonly operator: string; readonly keys: readonly string[] }[];
}

/** @returns undefined when it is no policy document */
export function statementsOf(document: unknown): NamesOfStatement[] | undefined {
  const body = typeof document === 'string' ? parsed(document) : document;
  if (!isRecord(body) || body.Statement === undefined) return undefined;
  const statements = list(body.Statement);
  return statements.every(isRecord) ? statements.map((each, i) => namesOf(each, i + 1)) : undefined;
}

function namesOf(raw: Record<string, unknown>, place: number): NamesOfStatement {
  const { Sid: sid, Condition: conditions } = raw;
  const notActions = raw.NotAction !== undefined;
  return {
    name: typeof sid === 'string' && sid !== '' ? sid : String(place),
    actions: list(notActions ? raw.NotAction : raw.Action),
    notActions,
    resources: [...list(raw.Resource), ...list(raw.NotResource)],
    conditions: Object.entries(isRecord(conditions) ? conditions : {}).map(([operator, keys]) => ({
      operator,
      keys: isRecord(keys) ? Object.keys(keys) : [],
    })),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says that it is no policy document.
    return undefined;
  }
}

function list(raw: unknown): readonly unknown[] {
  if (raw === undefined || raw === null) return [];
  return Array.isArray(raw) ? raw : [raw];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
