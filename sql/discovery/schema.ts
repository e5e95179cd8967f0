/** The catalog as values: everything that discovery, binding and the verifier ask of a database. Pure types. */
import type { Relation } from '../compiler/bound';

/** What fills a column when an INSERT leaves it out. */
export type Filled = 'nothing' | 'default' | 'identity-always' | 'identity-by-default' | 'generated';

export interface SchemaColumn {
  readonly name: string;
  /** `attnum`. Dropped columns leave gaps. */
  readonly number: number;
  /** As `format_type` prints it with an empty `search_path`: `uuid`, `character varying(21)`, `crm.email`. */
  readonly type: string;
  /** Oid of the type with domains unwrapped, at every depth. */
  readonly baseType: number;
  /**
   * NOT NULL and proven for the rows that exist: a constraint added NOT VALID (PostgreSQL 18) does not count, and
   * neither does a domain's, which an empty sub-select gets round.
   */
  readonly notNull: boolean;
  readonly filled: Filled;
  readonly isArray: boolean;
  /** The labels, where the unwrapped type is an enum. */
  readonly enumLabels: readonly string[] | undefined;
}

/** A primary key, a unique constraint or a unique index. */
export interface UniqueKey {
  readonly name: string;
  /** Key columns in order, INCLUDE columns left out. Expressions are left out too: see `expression`. */
  readonly columns: readonly string[];
  readonly primary: boolean;
  /** Has a WHERE: unique among some rows only. */
  readonly partial: boolean;
  /** Has an expression among its keys. */
  readonly expression: boolean;
  /** WITHOUT OVERLAPS: unique per period, not per value. */
  readonly temporal: boolean;
  /** Neither deferrable nor left invalid by a failed CREATE INDEX CONCURRENTLY. */
  readonly immediate: boolean;
}

export interface NamedDefinition {
  readonly name: string;
  /** As `pg_get_constraintdef` prints it. */
  readonly definition: string;
}

export interface ExclusionConstraint extends NamedDefinition {
  readonly columns: readonly string[];
}

export type ReferentialAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

export interface ForeignKey {
  readonly name: string;
  /** Columns here, in the order of `parentColumns`. */
  readonly columns: readonly string[];
  /** Oid of the referenced table. It may lie in a schema that is not read. */
  readonly parent: number;
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: boolean;
  /** False after NOT VALID: rows from before may point nowhere. */
  readonly validated: boolean;
  /** False for NOT ENFORCED (PostgreSQL 18): documentation, not a constraint. */
  readonly enforced: boolean;
  /** Every column here is NOT NULL: with MATCH SIMPLE, one NULL switches the whole key off. */
  readonly notNull: boolean;
}

export interface SchemaPolicy {
  readonly name: string;
  readonly permissive: boolean;
  /** Role names; `public` for PUBLIC. */
  readonly roles: readonly string[];
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
}

export interface SchemaRelation extends Relation {
  /** A partition of another table (and not an inheriting table), whatever its own kind. */
  readonly isPartition: boolean;
  readonly unlogged: boolean;
  /** In `attnum` order. */
  readonly columns: readonly SchemaColumn[];
  readonly primaryKey: UniqueKey | undefined;
  /** All unique keys, the primary key among them. */
  readonly uniqueKeys: readonly UniqueKey[];
  readonly exclusions: readonly ExclusionConstraint[];
  readonly checks: readonly NamedDefinition[];
  /** As declared: the copies that PostgreSQL keeps per partition, of either side, are left out. */
  readonly foreignKeys: readonly ForeignKey[];
  readonly policies: readonly SchemaPolicy[];
  /** Names of rewrite rules, a view's own `_RETURN` aside. */
  readonly rules: readonly string[];
  /** Names of triggers, PostgreSQL's internal ones aside. */
  readonly triggers: readonly string[];
  /** `reltuples`; undefined when the table was never analysed. */
  readonly estimatedRows: number | undefined;
  /** Views and materialised views: the relations they read, through other views too, those views included. */
  readonly reads: readonly number[];
  /** Views: the reader's own privileges and policies apply to what is read. */
  readonly securityInvoker: boolean;
}

export interface SchemaFunction {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly language: string;
  /** SECURITY DEFINER. */
  readonly definer: boolean;
  readonly extension: string | undefined;
  /**
   * Relations that the body reads or writes: exact for BEGIN ATOMIC bodies. For source text, every relation whose bare
   * name occurs as a word, which errs on the side of too many; dynamic SQL can still hide one.
   */
  readonly mentions: readonly number[];
}

export interface Schema {
  readonly database: string;
  /** `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  /** By oid, in the order of schema and name. */
  readonly relations: ReadonlyMap<number, SchemaRelation>;
  readonly functions: readonly SchemaFunction[];
}
