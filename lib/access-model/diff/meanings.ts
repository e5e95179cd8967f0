/**
 * What a capability is made of follows from the templates: a key that stops delegating becomes one that is guarded, and its
 * capabilities appear. Who has them had them before. So what one side means is asked of the other too.
 */
import type { Capability, Step, Way } from '../capabilities/capability';
import type { Analysis } from '../matrix/analysis';

/** The capabilities of `from` that `to` has not, or not in this form, with the ways that are possible at all in `to`. */
export function elsewhere(from: Analysis, to: Analysis): Capability[] {
  const known = new Map(to.capabilities.map((each) => [each.id, textOf(each)]));
  return from.capabilities
    .filter((each) => known.get(each.id) !== textOf(each))
    .map((each) => ({ ...each, ways: each.ways.filter((way) => isThere(way, from, to)) }))
    .filter(({ ways }) => ways.length > 0);
}

/** What is about a resource that only one side has is new, or gone: whatever a pattern said of its name. */
function isThere({ steps, also = [] }: Way, from: Analysis, to: Analysis): boolean {
  return [...steps, ...also].every(
    ({ resource }) =>
      from.model.lookup.target(resource) === undefined || to.model.lookup.target(resource) !== undefined,
  );
}

const stepOf = ({ action, resource, context }: Step) => [action, resource, [...(context ?? [])]];

const textOf = ({ ways }: Capability): string =>
  JSON.stringify(ways.map(({ steps, also = [] }) => [steps.map(stepOf), also.map(stepOf)]));
