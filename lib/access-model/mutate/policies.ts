/** Every policy that a template of the assembly writes, once, and where it is used. */
import type { Resource } from '../assembly/assembly';
import type { Estate, Principal, Target } from '../estate/estate';
import { resourcePolicies } from '../estate/resource-policies';
import type { Policy } from '../policy/document';

export interface PlacedPolicy {
  readonly policy: Policy;
  /** Whose own policy or boundary it is. */
  readonly identities: readonly Principal[];
  /** Whose trust policy it is. */
  readonly trusting: readonly Principal[];
  /** What it stands at: resources, and endpoints. */
  readonly targets: readonly Target[];
  /** The accounts that it limits are not in the templates. */
  readonly ofOrganization: boolean;
  /** Ids of the policies of the estate that it is, or is a part of. */
  readonly within: ReadonlySet<string>;
}

interface Found {
  readonly policy: Policy;
  readonly identities: Set<Principal>;
  readonly trusting: Set<Principal>;
  readonly targets: Set<Target>;
  readonly within: Set<string>;
  ofOrganization: boolean;
}

/** Not those of AWS, and not those of principals that no template makes: nobody here writes them. */
export function policiesOf(estate: Estate): PlacedPolicy[] {
  const found = new Map<string, Found>();
  const isWritten = writtenIn(estate.resources);
  const note = (policy: Policy | undefined, within?: Policy): Found | undefined => {
    if (!policy || !isWritten(policy.id)) return undefined;
    const before = found.get(policy.id) ?? {
      policy,
      identities: new Set(),
      trusting: new Set(),
      targets: new Set(),
      within: new Set(),
      ofOrganization: false,
    };
    before.within.add((within ?? policy).id);
    found.set(policy.id, before);
    return before;
  };
  for (const principal of estate.principals) {
    for (const each of principal.identity) note(each)?.identities.add(principal);
    note(principal.boundary)?.identities.add(principal);
    // That of a permission set is made by Identity Center, and changed by nobody.
    if (principal.kind !== 'person') note(principal.trust)?.trusting.add(principal);
  }
  for (const target of estate.targets) {
    if (!target.policy) continue;
    for (const part of partsOf(target.policy, target, estate.resources)) {
      note(part, target.policy)?.targets.add(target);
    }
  }
  for (const { policy } of estate.organization) {
    const each = note(policy);
    if (each) each.ofOrganization = true;
  }
  return [...found.values()].map((each) => ({
    ...each,
    identities: [...each.identities],
    trusting: [...each.trusting],
    targets: [...each.targets],
  }));
}

/** Ids of policies begin with the resource that writes them: `Stack.Role inline`, `Stack.Key policy`. */
function writtenIn(resources: readonly Resource[]): (policy: string) => boolean {
  const ids = new Set(resources.map(({ id }) => id));
  return (policy) => {
    if (ids.has(policy)) return true;
    for (let space = policy.indexOf(' '); space >= 0; space = policy.indexOf(' ', space + 1)) {
      if (ids.has(policy.slice(0, space))) return true;
    }
    return false;
  };
}

const JOINED = ' + ';

/** What is said of a resource in several places is one policy, `a + b`: the places, each as it is written. */
export function partsOf(policy: Policy, target: Target, resources: readonly Resource[]): readonly Policy[] {
  if (!policy.id.includes(JOINED)) return [policy];
  const resource = resources.find(({ id }) => id === target.id);
  if (!resource) return [policy];
  const parts = [...new Set(policy.id.split(JOINED))].map((id) => {
    const named = resources.find((each) => each.id === id);
    // Without its properties only what stands apart is left, without the others only its own.
    return named
      ? resourcePolicies([named])({ ...resource, properties: {} })
      : resourcePolicies([])(resource);
  });
  const known = parts.filter((each) => each !== undefined);
  return known.map(({ id }) => id).join(JOINED) === policy.id ? known : [policy];
}

/** As `resource-policies.ts` joins them. */
export function joined(parts: readonly Policy[]): Policy {
  return {
    id: parts.map(({ id }) => id).join(JOINED),
    statements: parts.flatMap(({ statements }) => statements),
    document: {
      Version: '2012-10-17',
      Statement: parts.flatMap(({ document }) => statementsIn(document)),
    },
  };
}

export type Raw = Readonly<Record<string, unknown>>;

/** As they are written, in order. */
export function statementsIn(document: unknown): readonly Raw[] {
  const { Statement: statements } = document as { Statement?: Raw | readonly Raw[] };
  return statements === undefined ? [] : ([statements].flat() as Raw[]);
}
