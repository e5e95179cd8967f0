/** Building ways: one action on one resource is the most common. */
import type { Estate, Target } from '../estate/estate';
import { contextOf } from '../policy/context';
import type { Step, Way } from './capability';

export function step(
  action: string,
  resource = '*',
  context?: Readonly<Record<string, string | readonly string[]>>,
): Step {
  return { action, resource, ...(context ? { context: contextOf(context) } : {}) };
}

export const way = (...steps: readonly Step[]): Way => ({ steps });

/** Each action on each resource is a way of its own. */
export function anyOf(actions: readonly string[], resources: readonly string[]): Way[] {
  return resources.flatMap((resource) => actions.map((action) => way(step(action, resource))));
}

export function ofType(estate: Estate, ...types: readonly string[]): Target[] {
  return estate.targets.filter(({ type }) => types.includes(type));
}

export const arns = (targets: readonly Target[]): string[] => targets.map(({ arn }) => arn);

/** Where the estate lies: for actions on what does not exist yet, a snapshot, a role. */
export function places({ stacks }: Estate): { partition: string; account: string; region: string }[] {
  const found = new Map(
    stacks.map(({ partition, account, region }) => [`${account}/${region}`, { partition, account, region }]),
  );
  return [...found.values()];
}

/** ARNs of things that are not in the templates, one for each place. */
export function somewhere(
  estate: Estate,
  service: string,
  rest: string,
  options: { global?: boolean } = {},
): string[] {
  const all = places(estate).map(
    ({ partition, account, region }) =>
      `arn:${partition}:${service}:${options.global ? '' : region}:${account}:${rest}`,
  );
  return [...new Set(all)];
}

/** The last part of a name, which tells it from its neighbours. */
export const shortName = ({ name, arn }: Target): string =>
  /^arn:/.test(name) ? (arn.split(':').at(-1) ?? name) : name;
