/** Principals that no template makes: those that policies name, and any other administrator of the account. */
import { callerOf } from '../evaluate/caller';
import { contextOf } from '../policy/context';
import { type Policy, parsePolicy } from '../policy/document';
import { Problem } from '../problem';
import type { OrganizationPolicy, Principal } from './estate';
import { managedByAws } from './managed-policies';

/** The principal that stands for every administrator of the account whom nobody named. */
export const ADMINISTRATOR = 'any other administrator';

export function administratorOf(account: string, partition: string, several: boolean): Principal {
  const arn = `arn:${partition}:iam::${account}:role/any-other-administrator`;
  return outsider(several ? `${ADMINISTRATOR} of ${account}` : ADMINISTRATOR, arn, 'administrator');
}

export interface Naming {
  /** Of resources, and of trust. */
  readonly policies: readonly Policy[];
  readonly organization: readonly OrganizationPolicy[];
  readonly accounts: readonly string[];
}

/** Roles that are named as principals, or exempted by `aws:PrincipalArn`, in policies: with all that an account can give them. */
export function namedRoles(
  { policies, organization, accounts }: Naming,
  known: ReadonlySet<string>,
): Principal[] {
  const ofOrganization = organization
    .flatMap(({ policy }) => namesIn(policy))
    // One policy limits many accounts, and names the same role of each.
    .flatMap((name) => accounts.map((account) => name.replace(/^(arn:[^:]+:iam::)\*:/, `$1${account}:`)));
  const arns = new Set([...policies.flatMap(namesIn), ...ofOrganization].filter(isOne));
  return [...arns]
    .filter((arn) => !known.has(arn))
    .sort()
    .map((arn) => outsider(arn.split('/').at(-1) ?? arn, arn, 'named'));
}

function namesIn({ statements }: Policy): string[] {
  return statements.flatMap(({ principals = {}, conditions }) => {
    const exempt = conditions.filter(({ key }) => key === 'aws:principalarn').flatMap(({ values }) => values);
    return [...(principals.AWS ?? []), ...exempt];
  });
}

const isOne = (name: string): boolean => /^arn:[^:*?]+:iam::\d{12}:(role|user)\/[^*?⟦]+$/.test(name);

function outsider(name: string, arn: string, kind: Principal['kind']): Principal {
  const caller = callerOf(arn);
  if (!caller) throw new Problem(`${JSON.stringify(arn)} is no ARN of an identity`);
  return {
    name,
    kind,
    caller,
    identity: [managedByAws(`arn:${arn.split(':')[1]}:iam::aws:policy/AdministratorAccess`)],
    // Who may become it is not in these templates; nobody is claimed to.
    trust: parsePolicy(`${name} trust`, { Version: '2012-10-17', Statement: [] }),
    keys: contextOf({}),
  };
}
