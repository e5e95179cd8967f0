/** For the proof of a revocation: which tables somebody looks into, and on which condition. The looking is theirs, not ours. */
import { ident, literal, qualified } from '../../../db/names';
import type { BoundRegistry } from '../../bound';
import { COUNTING_SETTING } from '../../our-names';
import { type FunctionShape, plpgsql } from '../shape';
import { countable } from './countable';

export function probeFunctions(bound: BoundRegistry, gate: string): FunctionShape[] {
  const { organizations } = bound.registry;
  const { type, operators } = bound.key;
  // Here the one row of the organizations table counts too: whoever sees it knows that there is such a customer.
  const itself = {
    table: qualified(organizations.table),
    sql: `((${ident(organizations.id)})::${type} ${operators?.equals ?? '='} (nullif(current_setting('${COUNTING_SETTING}', true), ''))::${type})`,
  };
  const tables = [itself, ...countable(bound)].map(
    ({ table, sql }) => `jsonb_build_object('table', ${literal(table)}, 'sql', ${literal(sql)})`,
  );
  return [
    plpgsql({
      name: 'counted_tables',
      returns: 'jsonb',
      body: `
BEGIN
  RETURN (SELECT jsonb_agg(t) FROM unnest(ARRAY[${tables.join(',\n    ')}]) t);
END`,
      executableBy: [gate],
    }),
  ];
}
