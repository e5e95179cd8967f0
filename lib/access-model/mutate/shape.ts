/** What is asked of an estate at all: it follows from the policies too, a key that delegates guards nothing. */
import type { Capability } from '../capabilities/capability';
import { catalog } from '../capabilities/catalog';
import { textOfWays } from '../capabilities/hold';
import type { Estate } from '../estate/estate';
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
