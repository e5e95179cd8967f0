import type { BoundRegistry } from '../bound';
import type { DesiredFunction } from '../desired';

export function searchFunctions(_bound: BoundRegistry): DesiredFunction[] {
  return [];
}
