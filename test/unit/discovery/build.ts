/** Schemas as literals: a table is its columns in a few words. */
import type {
  ForeignKey,
  Schema,
  SchemaColumn,
  SchemaRelation,
  UniqueKey,
} from '../../../sql/discovery/schema';

/** Fixed oids of pg_type. */
const TYPES: Readonly<Record<string, number>> = {
  uuid: 2950,
  bigint: 20,
  integer: 23,
  text: 25,
  boolean: 16,
};

export interface TableSpec {
  /**
   * `name type`, then any of `pk`, `not null`, `-> table.column`, `cascade`:
   * `{ id: 'uuid pk', organization_id: 'uuid not null -> organizations.id cascade' }`.
   */
  readonly columns: Readonly<Record<string, string>>;
  readonly unique?: readonly (readonly string[])[];
  readonly keys?: readonly Partial<ForeignKey>[];
  readonly kind?: SchemaRelation['kind'];
  readonly more?: Partial<SchemaRelation>;
}

/** Oids are 1, 2, 3 ... in the order of the tables. Everything lies in `public`. */
export function schemaOf(tables: Readonly<Record<string, TableSpec | TableSpec['columns']>>): Schema {
  const names = Object.keys(tables);
  const oid = (name: string) => names.indexOf(name) + 1;
  const relations = names.map((name) => {
    const spec = tables[name] as TableSpec | TableSpec['columns'];
    const full: TableSpec = isSpec(spec) ? spec : { columns: spec };
    return relationOf(name, oid, full);
  });
  return {
    database: 'test',
    serverVersion: 180000,
    relations: new Map(relations.map((one) => [one.oid, one])),
    functions: [],
  };
}

function isSpec(spec: TableSpec | TableSpec['columns']): spec is TableSpec {
  return typeof spec.columns === 'object';
}

function relationOf(name: string, oid: (name: string) => number, spec: TableSpec): SchemaRelation {
  const words = Object.entries(spec.columns);
  const columns = words.map(([column, text], at): SchemaColumn => {
    const type = text.split(' ')[0] ?? '';
    return {
      name: column,
      number: at + 1,
      type,
      baseType: TYPES[type] ?? 0,
      notNull: / (pk|not null)/.test(text),
      filled: 'nothing',
      isArray: false,
      enumLabels: undefined,
    };
  });
  const primary = words.filter(([, text]) => / pk/.test(text)).map(([column]) => column);
  const uniqueKeys = [
    ...(primary.length > 0 ? [uniqueOf(primary, true)] : []),
    ...(spec.unique ?? []).map((list) => uniqueOf(list, false)),
  ];
  const single = words.flatMap(([column, text]) => {
    const target = / -> (\w+)\.(\w+)/.exec(text);
    if (!target?.[1] || !target[2]) return [];
    return [
      {
        columns: [column],
        parent: oid(target[1]),
        parentColumns: [target[2]],
        onDelete: / cascade/.test(text) ? ('cascade' as const) : ('no action' as const),
      },
    ];
  });
  const required = (column: string) => columns.some((one) => one.name === column && one.notNull);
  return {
    oid: oid(name),
    table: { schema: 'public', name },
    text: `public.${name}`,
    kind: spec.kind ?? 'r',
    owner: 'owner',
    rowSecurity: false,
    forceRowSecurity: false,
    parents: [],
    extension: undefined,
    isPartition: false,
    unlogged: false,
    columns,
    primaryKey: uniqueKeys.find((key) => key.primary),
    uniqueKeys,
    exclusions: [],
    checks: [],
    foreignKeys: [...single, ...(spec.keys ?? [])].map((key, at) => ({
      name: `${name}_fk${at}`,
      columns: [],
      parent: 0,
      parentColumns: [],
      onDelete: 'no action',
      onUpdate: 'no action',
      deferrable: false,
      validated: true,
      enforced: true,
      notNull: (key.columns ?? []).every(required),
      ...key,
    })),
    policies: [],
    rules: [],
    triggers: [],
    estimatedRows: undefined,
    reads: [],
    securityInvoker: false,
    ...spec.more,
  };
}

function uniqueOf(columns: readonly string[], primary: boolean): UniqueKey {
  return { name: 'u', columns, primary, partial: false, expression: false, temporal: false, immediate: true };
}
