/**
 * Those who belong to no account here: somebody of another account, somebody's workflow at an identity provider that roles
 * trust. Nobody ever names them, and that is the point: a policy that is open to everyone is open to them.
 */
import { callerOf } from '../evaluate/caller';
import { contextOf } from '../policy/context';
import type { Policy } from '../policy/document';
import { Problem } from '../problem';
import type { Principal } from './estate';
import { managedByAws } from './managed-policies';

/** Accounts that are nobody's here: the first that no policy names stands for all others. */
const ELSEWHERE = ['999999999999', '888888888888', '777777777777', '666666666666'];
const GITHUB = 'token.actions.githubusercontent.com';

/** @param policies - of roles and resources: whoever is named in them is no stranger */
export function strangersOf(
  trusts: readonly Policy[],
  policies: readonly Policy[],
  partition: string,
): Principal[] {
  const named = JSON.stringify(policies.map(({ document }) => document));
  const account = ELSEWHERE.find((each) => !named.includes(each)) ?? '555555555555';
  const providers = new Set(
    trusts
      .flatMap(({ statements }) => statements)
      .flatMap(({ principals }) => principals?.Federated ?? [])
      .filter((arn) => /:oidc-provider\//.test(arn)),
  );
  return [
    ofAnotherAccount(partition, account),
    ...[...providers].sort().flatMap((arn) => ofProvider(arn, trusts)),
  ];
}

function ofAnotherAccount(partition: string, account: string): Principal {
  // Their own account allows them everything: that is not ours to refuse.
  const administrator = managedByAws(`arn:${partition}:iam::aws:policy/AdministratorAccess`);
  return stranger('anyone of another account', `arn:${partition}:iam::${account}:role/anyone`, {}, [
    administrator,
  ]);
}

function ofProvider(arn: string, trusts: readonly Policy[]): Principal[] {
  const host = arn.slice(arn.indexOf('oidc-provider/') + 'oidc-provider/'.length);
  const claims = (sub: string, more: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries({ sub, aud: 'sts.amazonaws.com', ...more }).map(([claim, value]) => [
        `${host}:${claim}`,
        value,
      ]),
    );
  if (host !== GITHUB) return [stranger(`anyone at ${host}`, arn, claims('any-other-subject'))];
  const workflow = (name: string, owner: string, repository: string, rest: string, more = {}) =>
    stranger(
      name,
      arn,
      claims(`repo:${owner}/${repository}:${rest}`, {
        repository: `${owner}/${repository}`,
        repository_owner: owner,
        ...more,
      }),
    );
  const branch = { ref: 'refs/heads/any-branch' };
  return [
    workflow(
      'a workflow of anybody on GitHub',
      'anybody',
      'any-repository',
      'ref:refs/heads/any-branch',
      branch,
    ),
    ...repositoriesIn(trusts).flatMap(({ owner, repository }) => [
      workflow(
        `a workflow of another repository of ${owner}`,
        owner,
        'another-repository',
        'ref:refs/heads/any-branch',
        branch,
      ),
      ...(repository === undefined
        ? []
        : [
            workflow(
              `a workflow of any branch of ${owner}/${repository}`,
              owner,
              repository,
              'ref:refs/heads/any-branch',
              branch,
            ),
            workflow(
              `a workflow of a pull request to ${owner}/${repository}`,
              owner,
              repository,
              'pull_request',
              { ref: 'refs/pull/1/merge' },
            ),
          ]),
    ]),
  ].filter(({ name }, i, all) => all.findIndex((each) => each.name === name) === i);
}

/** https://docs.github.com/en/actions/reference/security/oidc */
function repositoriesIn(trusts: readonly Policy[]): { owner: string; repository: string | undefined }[] {
  const subjects = trusts
    .flatMap(({ statements }) => statements)
    .flatMap(({ conditions }) => conditions)
    .filter(({ key }) => key === `${GITHUB}:sub`)
    .flatMap(({ values }) => values);
  return subjects.flatMap((subject) => {
    const [, owner, repository] = /^repo:([^/:*?]+)\/([^:*?]*)/.exec(subject) ?? [];
    return owner ? [{ owner, repository: repository || undefined }] : [];
  });
}

function stranger(
  name: string,
  arn: string,
  keys: Readonly<Record<string, string>>,
  identity: readonly Policy[] = [],
): Principal {
  const caller = callerOf(arn);
  if (!caller) throw new Problem(`${JSON.stringify(arn)} is no ARN of an identity`);
  return { name, kind: 'stranger', caller, identity, keys: contextOf(keys) };
}
