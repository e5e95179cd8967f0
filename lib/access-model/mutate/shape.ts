/** What is asked of an estate at all: it follows from the policies too, a key that delegates guards nothing. */
import type { Capability } from '../capabilities/capability';
import { catalog } from '../capabilities/catalog';
import { textOfWays } from '../capabilities/hold';
import type { Estate } from '../estate/estate';
import type { Policy } from '../policy/document';
import { TECHNIQUES } from '../reach/graph';

export interface Shape {
  readonly capabilities: readonly Capability[];
  /** The same for estates of which the same is asked. */
  readonly text: string;
}

export function shapeOf(estate: Estate): Shape {
  const capabilities = catalog(estate);
  const ofCapabilities = capabilities.map(({ id, ways }) => `${id}\n${textOfWays(ways)}`);
  const ofTechniques = estate.principals.flatMap((principal) =>
    TECHNIQUES.map(({ id, ways }) => `${principal.name} ${id}\n${textOfWays(ways(principal, estate))}`),
  );
  return { capabilities, text: [...ofCapabilities, ...ofTechniques].join('\n') };
}

/** Ids of the policies that the shape follows from: with another text of any other policy it is the same. */
export function policiesThatShape(estate: Estate): ReadonlySet<string> {
  const read = new Set<string>();
  const watched = (policy: Policy): Policy => ({
    id: policy.id,
    get statements() {
      read.add(policy.id);
      return policy.statements;
    },
    get document() {
      read.add(policy.id);
      return policy.document;
    },
    ...(policy.doubtful ? { doubtful: true } : {}),
  });
  shapeOf({
    ...estate,
    principals: estate.principals.map(({ identity, boundary, trust, ...rest }) => ({
      ...rest,
      identity: identity.map(watched),
      ...(boundary ? { boundary: watched(boundary) } : {}),
      ...(trust ? { trust: watched(trust) } : {}),
    })),
    targets: estate.targets.map(({ policy, ...rest }) => ({
      ...rest,
      ...(policy ? { policy: watched(policy) } : {}),
    })),
    organization: estate.organization.map((each) => ({ ...each, policy: watched(each.policy) })),
  });
  return read;
}
