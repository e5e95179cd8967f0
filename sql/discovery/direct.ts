/** Tables with a column that holds the organization's key. */
import type { Choice, Verdict } from './choices';
import type { OrganizationColumns } from './organization-columns';
import type { SchemaColumn, SchemaRelation } from './schema';
import { namesPreference } from './words';

const nobodySees = (column: string) => `rows whose ${column} is NULL are visible to no role`;

/** Undefined when no column is an organization's key, not even by name. */
export function directVerdict(relation: SchemaRelation, columns: OrganizationColumns): Verdict | undefined {
  const proven = columns.proven.get(relation.oid) ?? new Set();
  const keyed = inPreferredOrder(
    relation.columns.filter((column) => proven.has(column.name)),
    columns.canonical,
  );
  const notes = mistypedNotes(relation, columns);
  if (keyed.length > 0) return byForeignKey(relation, keyed, columns, notes);
  const named = inPreferredOrder(columns.suggested(relation), columns.canonical);
  return named.length > 0 ? byName(named, columns, notes) : undefined;
}

export function mistypedNotes(relation: SchemaRelation, columns: OrganizationColumns): string[] {
  return columns
    .mistyped(relation)
    .map((column) => `column ${column.name} is named like the organization's key but is ${column.type}`);
}

function byForeignKey(
  relation: SchemaRelation,
  keyed: readonly SchemaColumn[],
  columns: OrganizationColumns,
  notes: string[],
): Verdict {
  const [first, ...others] = keyed as [SchemaColumn, ...SchemaColumn[]];
  // A key that is optional and named otherwise says more about the row (who referred, who was merged), not whose it is.
  const isOwn = (column: SchemaColumn) => column.notNull && column.name === columns.canonical[0];
  if (others.length > 0 && !(isOwn(first) && others.every((other) => !other.notNull))) {
    return {
      certainty: 'ambiguous',
      reason: `${keyed.length} columns are organizations' keys: ${keyed.map((c) => c.name).join(', ')}`,
      choices: [
        direct(keyed, 'visible where both organizations are'),
        ...keyed.map((column) => direct([column], 'this one alone decides')),
      ],
      notes: [...notes, ...keyed.filter((c) => !c.notNull).map((c) => nobodySees(c.name))],
    };
  }
  if (others.length === 0 && namesPreference(first.name)) {
    return {
      certainty: 'ambiguous',
      reason: `${first.name} is a foreign key, but sounds like where somebody is, not whose the row is`,
      choices: [direct([first], 'foreign key')],
      notes: [...(first.notNull ? [] : [nobodySees(first.name)]), ...notes],
    };
  }
  const doubtful = relation.foreignKeys.filter((fk) => fk.columns.includes(first.name) && !fk.validated);
  return {
    certainty: 'certain',
    reason: `foreign key ${first.name}`,
    choices: [direct([first], 'foreign key'), ...others.map((c) => direct([first, c], 'both visible'))],
    notes: [
      ...(first.notNull ? [] : [nobodySees(first.name)]),
      ...doubtful.map((fk) => `foreign key ${fk.name} is NOT VALID`),
      ...others.map((other) => `${other.name} points at an organization too and is not checked`),
      ...notes,
    ],
  };
}

function byName(named: readonly SchemaColumn[], columns: OrganizationColumns, notes: string[]): Verdict {
  const [first, ...others] = named as [SchemaColumn, ...SchemaColumn[]];
  const rival = columns.contested(first.name);
  const choices = named.map((column) => direct([column], 'by name and type, no foreign key'));
  if (others.length === 0 && first.notNull && !rival) {
    return {
      certainty: 'certain',
      reason: `column ${first.name} by name and type`,
      choices,
      notes: ['no foreign key', ...notes],
    };
  }
  const doubt =
    others.length > 0
      ? `columns ${named.map((column) => column.name).join(', ')} are all named like the organization's key`
      : rival
        ? `column ${first.name} may as well be a key of ${rival.text}`
        : `column ${first.name} is named like the organization's key but may be NULL`;
  return {
    certainty: 'ambiguous',
    reason: `${doubt}, and there is no foreign key`,
    choices,
    notes: [...named.filter((c) => !c.notNull).map((c) => nobodySees(c.name)), ...notes],
  };
}

function direct(columns: readonly SchemaColumn[], because: string): Choice {
  return {
    belongs: { kind: 'direct', columns: columns.map((column) => column.name) },
    because,
    relation: undefined,
    distance: 0,
  };
}

/** By how usual the name is, then NOT NULL, then as declared. */
function inPreferredOrder(columns: readonly SchemaColumn[], canonical: readonly string[]): SchemaColumn[] {
  const usual = (column: SchemaColumn) => {
    const at = canonical.indexOf(column.name);
    return at === -1 ? canonical.length : at;
  };
  return [...columns].sort(
    (a, b) => usual(a) - usual(b) || Number(b.notNull) - Number(a.notNull) || a.number - b.number,
  );
}
