/** Which stacks belong to which deployer (ADR 7): ids in lower case, as their names end. A test compares them with the app. */
import type { Stage } from '../stage';

export type Deployer = keyof Stage['bootstrap'];

export const STACKS: Readonly<Record<Deployer, readonly string[]>> = {
  platform: ['network', 'data', 'registry', 'services'],
  sensitive: ['foundation', 'identity', 'sensitive', 'operations', 'access', 'keys', 'organization'],
};
