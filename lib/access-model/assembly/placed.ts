/** Gives a place to stacks that are deployed wherever somebody says: who can do what is then a question about that place. */
import type { Assembly, Deployment, RawStack } from './assembly';
import type { Environment } from './manifest';
import { partitionOf } from './partition';
import { mark } from './unresolved';

/** Under what `manifest.ts` leaves for a place that the assembly does not say. */
const UNKNOWN = {
  account: mark('the account of the stack is not known'),
  region: mark('the region of the stack is not known'),
};

/**
 * Stacks that name no account or no region get the only one that the others name; where they name several or none, that of
 * the stand-in.
 */
export function placed(assembly: Assembly, standIn: Environment): Assembly {
  const { stacks } = assembly;
  const place: Environment = {
    account: onlyOne(stacks.map(({ account }) => account)) ?? standIn.account,
    region: onlyOne(stacks.map(({ region }) => region)) ?? standIn.region,
  };
  return { ...assembly, stacks: stacks.map((stack) => withPlace(stack, place)) };
}

function onlyOne(values: readonly string[]): string | undefined {
  const [one, ...others] = new Set(values.filter((value) => value !== ''));
  return others.length === 0 ? one : undefined;
}

function withPlace(stack: RawStack, place: Environment): RawStack {
  if (stack.account !== '' && stack.region !== '') return stack;
  const here = { account: stack.account || place.account, region: stack.region || place.region };
  const { deployment } = stack;
  return { ...stack, ...here, ...(deployment ? { deployment: deployedTo(deployment, here) } : {}) };
}

function deployedTo(deployment: Deployment, { account, region }: Environment): Deployment {
  const placedIn = (text: string): string =>
    text
      .replaceAll(UNKNOWN.account, account)
      .replaceAll(UNKNOWN.region, region)
      // Without a region it was taken for the common one.
      .replace(/^arn:aws:/, `arn:${partitionOf(region)}:`);
  const maybe = (text: string | undefined) => (text === undefined ? undefined : placedIn(text));
  return {
    deployRole: maybe(deployment.deployRole),
    executionRole: maybe(deployment.executionRole),
    lookupRole: maybe(deployment.lookupRole),
    publishingRoles: deployment.publishingRoles.map(placedIn),
    assetBuckets: deployment.assetBuckets.map(placedIn),
    assetRepositories: deployment.assetRepositories.map(placedIn),
  };
}
