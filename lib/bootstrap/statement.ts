/** Statements of IAM as they stand in a template. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export function allow(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[] = ['*'],
  Condition?: Statement['Condition'],
): Statement {
  return { Sid, Effect: 'Allow', Action: [...Action].sort(), Resource, ...(Condition ? { Condition } : {}) };
}

export function deny(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[] = ['*'],
  Condition?: Statement['Condition'],
): Statement {
  return { ...allow(Sid, Action, Resource, Condition), Effect: 'Deny' };
}

/** Everywhere but there. */
export function denyElsewhere(
  Sid: string,
  Action: readonly string[],
  NotResource: readonly string[],
): Statement {
  return { Sid, Effect: 'Deny', Action: [...Action].sort(), NotResource };
}
