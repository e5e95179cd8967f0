export { servicesIn } from '../probes/services';
export { type Accepted, fails, isDay, type Judgement, judge, parseAccepted } from './accepted';
export { type Broadened, broadened } from './broadened';
export type { AccessChanges } from './changes';
export { compare } from './compare';
