/** What a service control policy is made of here: denials, and who is exempt from each. */

export interface Guardrail {
  readonly description: string;
  readonly statements: readonly object[];
}

export function deny(
  Sid: string,
  actions: readonly string[],
  Resource: string | readonly string[] = '*',
  Condition?: object,
): object {
  return {
    Sid,
    Effect: 'Deny',
    Action: [...actions].sort(),
    Resource,
    ...(Condition ? { Condition } : {}),
  };
}

/** ARNs, or patterns of them. Whoever has no ARN is not exempt. */
export const unless = (...principals: readonly string[]) => ({
  ArnNotLike: { 'aws:PrincipalArn': [...new Set(principals)].sort() },
});
