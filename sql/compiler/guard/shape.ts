/** Shorthand for the guard functions: what they have in common is said once. */
import type { DesiredFunction } from '../desired';

export type FunctionShape = DesiredFunction;

type Given = Pick<DesiredFunction, 'name' | 'returns' | 'body' | 'executableBy'> & Partial<DesiredFunction>;

/**
 * A plpgsql function that runs as `guard_owner` with a fixed search path. `pg_temp` stands last, or a temporary
 * table could take the place of a real one (CVE-2007-2138).
 */
export function plpgsql(given: Given): FunctionShape {
  return {
    schema: 'guard',
    parameters: [],
    language: 'plpgsql',
    volatility: 'STABLE',
    parallel: 'SAFE',
    definer: true,
    config: ['search_path=pg_catalog, pg_temp'],
    ...given,
  };
}

/** A definer function of one statement, bound to its tables when it is created: nothing is looked up at run time. */
export function atomic(given: Given): FunctionShape {
  return { ...plpgsql(given), language: 'sql', config: [], ...given };
}
