/** What discovery says about a relation: values only, so that the explanation can be rendered elsewhere. */
import type { Belonging } from '../registry/types';
import type { SchemaRelation } from './schema';

/** One way in which a table may belong to an organization. */
export interface Choice {
  readonly belongs: Belonging;
  /** What speaks for it, as a phrase: `foreign key to public.organizations`. */
  readonly because: string;
  /** `via`: the parent. `through`: the association. */
  readonly relation: number | undefined;
  /** Foreign keys to walk to the table that has the organization's column: 0 for a direct column. */
  readonly distance: number;
}

/** What kind of answer a relation needs. */
export type Standing =
  /** The organizations table itself. */
  | { readonly kind: 'organizations' }
  /** A table that belongs somewhere, or nowhere, by itself. */
  | { readonly kind: 'table' }
  /** A partition, or an inheriting table whose parent reaches the organizations: protected with `parent`. */
  | { readonly kind: 'follows'; readonly parent: number }
  /** A view or a materialised view. */
  | { readonly kind: 'reads'; readonly relations: readonly number[] }
  /** A foreign table: its rows are elsewhere, and row security cannot apply. */
  | { readonly kind: 'foreign' }
  /** Belongs to an extension. */
  | { readonly kind: 'extension'; readonly extension: string };

export interface Verdict {
  /** `certain`: `choices` starts with the one to take. `ambiguous`: somebody must pick. `none`: nothing was found. */
  readonly certainty: 'certain' | 'ambiguous' | 'none';
  readonly reason: string;
  /** In the order of preference. */
  readonly choices: readonly Choice[];
  /** What to know even when it is certain. */
  readonly notes: readonly string[];
}

export interface Reach extends Verdict {
  readonly standing: Standing;
}

/** The organizations table and the key by which the others know its rows. */
export interface OrganizationsKey {
  readonly oid: number;
  readonly idColumn: string;
}

/** A table whose rows could belong to somebody: no view, no foreign table, no partition, no extension's own. */
export function isPlainTable(relation: SchemaRelation): boolean {
  return (
    (relation.kind === 'r' || relation.kind === 'p') &&
    !relation.isPartition &&
    relation.extension === undefined
  );
}

/** Oids of two types that compare without a cast that could fail: `varchar` with `text`, `int4` with `int8`. */
export function sameFamily(a: number, b: number): boolean {
  return a === b || FAMILIES.some((family) => family.has(a) && family.has(b));
}

/** Fixed oids of pg_type: int2, int4, int8; text, bpchar, varchar. */
const FAMILIES = [new Set([21, 23, 20]), new Set([25, 1042, 1043])];
