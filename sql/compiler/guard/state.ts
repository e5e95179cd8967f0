/** What was applied, for whoever may only serve while it is what they were built for. */
import type { FunctionShape } from './shape';
import { atomic } from './shape';

/** `readers`: roles that ask. The hash says which registry, and nothing about what stands in it. */
export function stateFunctions(readers: readonly string[]): FunctionShape[] {
  return [
    atomic({
      name: 'applied_registry',
      returns: 'text',
      body: 'SELECT s.registry_hash FROM guard.state s',
      executableBy: [...readers],
    }),
  ];
}
