/** Values as PostgreSQL prints them -> the fields of the Data API, by type. */
import { DataApiFault } from './faults';
import type { ExecuteInput } from './request';

export type Field = Readonly<Record<string, unknown>>;
type Options = NonNullable<ExecuteInput['resultSetOptions']>;

interface Type {
  readonly name: string;
  /** `java.sql.Types`, which the metadata carries. */
  readonly jdbc: number;
  toField(text: string, options: Options): Field;
}

const string = (text: string): Field => ({ stringValue: text });
const long = (text: string, { longReturnType }: Options): Field =>
  longReturnType === 'STRING' ? string(text) : { longValue: Number(text) };
const double = (text: string): Field => ({ doubleValue: Number(text) });
const decimal = (text: string, { decimalReturnType }: Options): Field => {
  if (decimalReturnType !== 'DOUBLE_OR_LONG') return string(text);
  return /^-?\d+$/.test(text) ? { longValue: Number(text) } : double(text);
};
/** Sessions run in UTC, and the zone is left out: `2026-04-15 10:00:00.25`. */
const timestamp = (text: string): Field => string(text.replace(/\+00$/, ''));
const type = (name: string, jdbc: number, toField: Type['toField']): Type => ({ name, jdbc, toField });
const array = (name: string, member: string, read: (text: string) => unknown): Type =>
  type(name, 2003, (text) => ({
    arrayValue: { [member]: elements(text).map((each) => (each === null ? null : read(each))) },
  }));

/** By OID. */
const TYPES: Readonly<Record<number, Type>> = {
  16: type('bool', -7, (text) => ({ booleanValue: text === 't' })),
  17: type('bytea', -2, (text) => ({ blobValue: Buffer.from(text.slice(2), 'hex').toString('base64') })),
  19: type('name', 12, string),
  20: type('int8', -5, long),
  21: type('int2', 5, long),
  23: type('int4', 4, long),
  25: type('text', 12, string),
  114: type('json', 1111, string),
  700: type('float4', 7, double),
  701: type('float8', 8, double),
  1042: type('bpchar', 1, string),
  1043: type('varchar', 12, string),
  1082: type('date', 91, string),
  1083: type('time', 92, string),
  1114: type('timestamp', 93, timestamp),
  1184: type('timestamptz', 93, timestamp),
  1700: type('numeric', 2, decimal),
  2278: type('void', 1111, string),
  2950: type('uuid', 1111, string),
  3802: type('jsonb', 1111, string),
  1000: array('_bool', 'booleanValues', (text) => text === 't'),
  1007: array('_int4', 'longValues', Number),
  1009: array('_text', 'stringValues', String),
  1015: array('_varchar', 'stringValues', String),
  1016: array('_int8', 'longValues', Number),
  1022: array('_float8', 'doubleValues', Number),
  2951: array('_uuid', 'stringValues', String),
};

export interface Column {
  readonly name: string;
  readonly dataTypeID: number;
}

/** @throws DataApiFault `UnsupportedResultException` */
function typeOf({ name, dataTypeID }: Column): Type {
  const found = TYPES[dataTypeID];
  if (found) return found;
  const message = `The result contains the unsupported data type of column ${name} (OID ${dataTypeID}).`;
  throw new DataApiFault('UnsupportedResultException', message);
}

export function toRecords(
  columns: readonly Column[],
  rows: readonly (readonly (string | null)[])[],
  options: Options = {},
): Field[][] {
  const types = columns.map(typeOf);
  return rows.map((row) =>
    types.map((each, index) => {
      const text = row[index];
      return text === null || text === undefined ? { isNull: true } : each.toField(text, options);
    }),
  );
}

export function toMetadata(columns: readonly Column[]): object[] {
  return columns.map((column) => {
    const { name, jdbc } = typeOf(column);
    return { name: column.name, label: column.name, typeName: name, type: jdbc, nullable: 2 };
  });
}

/** For `formatRecordsAs: JSON`: one object a row. */
export function toJson(columns: readonly Column[], records: readonly Field[][]): string {
  const plain = (field: Field | undefined) => {
    if (!field || 'isNull' in field) return null;
    const [value] = Object.values(field);
    return 'arrayValue' in field ? Object.values(value as object)[0] : value;
  };
  return JSON.stringify(
    records.map((record) =>
      Object.fromEntries(columns.map(({ name }, index) => [name, plain(record[index])])),
    ),
  );
}

/** `{a,"b ""c",NULL}`; arrays of arrays are not supported, as there. */
function elements(text: string): (string | null)[] {
  if (text === '{}') return [];
  if (/^\{\{|^\[/.test(text)) {
    throw new DataApiFault('UnsupportedResultException', 'The result contains a multidimensional array.');
  }
  return [...text.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(([, quoted, bare]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
    return bare === 'NULL' ? null : (bare ?? null);
  });
}
