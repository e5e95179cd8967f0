/** The registry tied to one database: every name resolved to a catalog object. Only `bind` makes these. */
import type { RelationName } from '../db/names';
import type { ExcludedEntry, Registry, TableEntry, UndecidedEntry, ViewEntry } from '../registry/types';

/** `r` table, `p` partitioned table, `v` view, `m` materialised view, `f` foreign table. */
export type RelationKind = 'r' | 'p' | 'v' | 'm' | 'f';

export interface Relation {
  readonly oid: number;
  readonly table: RelationName;
  /** `schema.name`, quoted where needed. */
  readonly text: string;
  readonly kind: RelationKind;
  readonly owner: string;
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** Direct parents by partition or inheritance. */
  readonly parents: readonly number[];
  /** Belongs to an extension: neither protected nor reported by us. */
  readonly extension: string | undefined;
}

export interface BoundColumn {
  readonly name: string;
  /** As `format_type` prints it: `uuid`, `character varying(21)`. */
  readonly type: string;
  readonly notNull: boolean;
  /** Undefined: those of `pg_catalog`, which `=` and `<>` mean. */
  readonly operators?: Operators;
}

/**
 * How an extension's type is compared, as SQL: `OPERATOR(ext.=)`. With an empty search path `=` would mean something
 * else (citext compared as text: rows of "ACME" would not belong to "acme"), or nothing at all.
 */
export interface Operators {
  readonly equals: string;
  readonly differs: string;
}

export interface Link {
  /** The relation on the other end of the foreign key. */
  readonly relation: Relation;
  /** Pairs of columns: here, there. */
  readonly columns: readonly (readonly [here: string, there: string])[];
  /** The foreign key's own operators, by pair: referenced column on the left, referencing one on the right. */
  readonly equals: readonly string[];
}

export interface BoundTable {
  readonly relation: Relation;
  readonly entry: TableEntry;
  /** The organizations table is bound like any other, with its key as the organization column. */
  readonly isOrganizations: boolean;
  /** Organization columns (`direct`), or the columns of the foreign key (`via`), or the referenced key (`through`). */
  readonly columns: readonly BoundColumn[];
  /** `via`: the parent. `through`: the table whose rows point here. */
  readonly link: Link | undefined;
  /** Partitions and inheriting tables, all levels: protected with their parent, reachable only through it. */
  readonly children: readonly Relation[];
}

export interface BoundRegistry {
  readonly registry: Registry;
  /** `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  readonly database: string;
  /** The organization key. `type` is what guard functions return: `uuid`, `bigint`, `text`, ... */
  readonly key: BoundColumn;
  readonly organizations: BoundTable;
  /** All registered tables, the organizations table first, parents of `via` before their children. */
  readonly tables: readonly BoundTable[];
  readonly excluded: readonly { relation: Relation; entry: ExcludedEntry; children: readonly Relation[] }[];
  readonly views: readonly { relation: Relation; entry: ViewEntry }[];
  /** Relations that nobody registered, partitions and children of registered ones aside: closed, and a gap. */
  readonly unregistered: readonly { relation: Relation; undecided: UndecidedEntry | undefined }[];
}
