/** Who makes a request, as policies name it. */

export interface Caller {
  readonly kind: 'role' | 'user' | 'root' | 'service' | 'federated';
  /** Of the role (not of its session), the user, the root user, the identity provider; the name of a service. */
  readonly arn: string;
  /** `arn:aws:sts::111111111111:assumed-role/NAME/SESSION`, of roles. */
  readonly session?: string;
  /** `''` for services: they belong to no account. */
  readonly account: string;
}

/** The name of sessions that nobody named: what policies say of a session's name is no protection. */
export const SESSION = 'session';

/** From an ARN of IAM or STS, or the name of a service. Undefined: none of them. */
export function callerOf(name: string): Caller | undefined {
  if (/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(name)) return { kind: 'service', arn: name, account: '' };
  const [, partition, service, account = '', rest = ''] =
    /^arn:([^:]+):(iam|sts)::(\d{12}):(.+)$/.exec(name) ?? [];
  if (!service) return undefined;
  const [kind = '', ...path] = rest.split('/');
  const last = path.at(-1) ?? '';
  if (service === 'sts' && kind === 'assumed-role' && path.length === 2) {
    return { kind: 'role', arn: `arn:${partition}:iam::${account}:role/${path[0]}`, session: name, account };
  }
  if (service !== 'iam') return undefined;
  switch (kind) {
    case 'root':
      return { kind: 'root', arn: name, account };
    case 'user':
      return { kind: 'user', arn: name, account };
    case 'role':
      return {
        kind: 'role',
        arn: name,
        session: `arn:${partition}:sts::${account}:assumed-role/${last}/${SESSION}`,
        account,
      };
    case 'oidc-provider':
    case 'saml-provider':
      return { kind: 'federated', arn: name, account };
    default:
      return undefined;
  }
}

/** Roles of services: no policy of the organization limits them. */
export function isServiceLinked({ kind, arn }: Caller): boolean {
  return kind === 'role' && arn.includes(':role/aws-service-role/');
}
