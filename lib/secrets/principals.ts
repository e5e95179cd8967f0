/** Principals of key policies that may not exist yet: the account, narrowed to patterns of role ARNs. */
import { AccountPrincipal, type IPrincipal } from 'aws-cdk-lib/aws-iam';

/** KMS refuses a policy that names a principal which does not exist. Such a statement still needs an identity policy. */
export function rolesOf(account: string, patterns: readonly string[]): IPrincipal {
  return new AccountPrincipal(account).withConditions({
    ArnLike: { 'aws:PrincipalArn': [...new Set(patterns)].sort() },
  });
}
