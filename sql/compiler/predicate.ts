/**
 * The row predicate of one role on one table. Pure: values in, SQL text out.
 *
 * Every helper stands inside `(SELECT ...)`: PostgreSQL then runs it once per statement (an InitPlan), not per row.
 * Shapes and their measured prices: docs/adr/0002-policy-shape.md.
 */
import { ident, qualified } from '../db/names';
import type { Sees } from '../registry/types';
import type { BoundColumn, BoundTable, Link } from './bound';
import { sameFamily } from './key-type';

/** The helpers whose answers predicates compare with. */
export const ANSWERS = [
  'current_organization',
  'assigned_organizations',
  'hidden_organizations',
  'granted',
  'console_granted',
] as const;

/** Where a helper's answer comes from, as SQL. */
export type Answer = (helper: (typeof ANSWERS)[number]) => string;

/** An InitPlan: the helper runs when it is needed, once per statement. */
const initPlan: Answer = (helper) => `(SELECT guard.${helper}())`;

/** What a predicate has to know of the organization key. */
type Key = Pick<BoundColumn, 'type' | 'operators'>;

/** The predicate for `table` as seen by a role that sees `sees`. */
export function predicate(table: BoundTable, sees: Sees, key: Key, answer: Answer = initPlan): string {
  if (sees === 'everything') return 'true';
  if (sees === 'nothing') return 'false';
  switch (table.entry.belongs.kind) {
    case 'direct':
      return table.columns.map((column) => organizationIs(column, sees, key, answer)).join(' AND ');
    case 'via':
    case 'through':
      return linked(table);
  }
}

/** A cast to the key's type where PostgreSQL would otherwise compare text with, say, uuid, or miss a match. */
export function comparable(column: BoundColumn, keyType: string): string {
  return sameFamily(column.type, keyType) ? ident(column.name) : `(${ident(column.name)})::${keyType}`;
}

function organizationIs(
  column: BoundColumn,
  sees: 'current-organization' | 'assigned-organizations' | 'non-sensitive',
  key: Key,
  answer: Answer,
): string {
  const value = comparable(column, key.type);
  const { equals, differs } = key.operators ?? { equals: '=', differs: '<>' };
  const array = (helper: Parameters<Answer>[0]) => `(${answer(helper)}::${key.type}[])`;
  // Ends of live grants by organization, in seconds. The clock is read per row, not per statement: a cursor that is open
  // when a grant ends shows no more rows of that organization. Keys are found by their text, whatever the type's own
  // equality says ("ACME" of citext finds no "acme"): what is not found has no grant.
  const granted = (ends: Parameters<Answer>[0]) =>
    `date_part('epoch', statement_timestamp()) < (${answer(ends)} -> (${value})::text)::double precision`;
  switch (sees) {
    case 'current-organization':
      return `(${value} ${equals} ${answer('current_organization')})`;
    case 'assigned-organizations':
      // The list of keys beside their ends: with it an index on the organization is of use, as with the first list.
      return `(${value} ${equals} ANY ${array('assigned_organizations')} OR (${value} ${equals} ANY (ARRAY(SELECT jsonb_object_keys(${answer('console_granted')}))::${key.type}[]) AND ${granted('console_granted')}))`;
    case 'non-sensitive': {
      const form = `(${value} ${differs} ALL ${array('hidden_organizations')} OR ${granted('granted')})`;
      // `NULL <> ALL ('{}')` is true: without this, a row of nobody shows as soon as nothing is hidden.
      return column.notNull ? form : `(${value} IS NOT NULL AND ${form})`;
    }
  }
}

/** A row is visible with the row it hangs on: the other table's own policies decide, as the same role. */
function linked(table: BoundTable): string {
  const link = table.link;
  if (!link) throw new TypeError(`${table.relation.text} has no link`);
  const here = ident(table.relation.table.name);
  const join = joined(table, link, (own) => `${here}.${ident(own)}`, 'tenant_zero_link').join(' AND ');
  return `EXISTS (SELECT 1 FROM ${qualified(link.relation.table)} tenant_zero_link WHERE ${join})`;
}

/** The conditions that tie a row of `table` to the other end of its link, with the foreign key's own operators. */
export function joined(
  table: BoundTable,
  link: Link,
  here: (column: string) => string,
  alias: string,
): string[] {
  return link.columns.map(([own, other], i) => {
    const [mine, theirs] = [here(own), `${alias}.${ident(other)}`];
    const operator = link.equals[i] ?? '=';
    // An operator of an extension is called as the key declares it: the referenced column first.
    const referencedHere = operator !== '=' && table.entry.belongs.kind === 'through';
    return referencedHere ? `${mine} ${operator} ${theirs}` : `${theirs} ${operator} ${mine}`;
  });
}
