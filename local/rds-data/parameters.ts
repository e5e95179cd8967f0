/** `:name` -> `$1`, each with the type that the Data API would bind: a text never becomes a uuid by itself. */
import { DataApiFault } from './faults';
import type { Parameter } from './request';

export interface Bound {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Literals, quoted names, comments and casts: a colon in them begins no parameter. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|::|:([A-Za-z_]\w*)/g;

const HINTED = {
  DATE: 'date',
  DECIMAL: 'numeric',
  JSON: 'jsonb',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
  UUID: 'uuid',
} as const;

/** @throws DataApiFault `BadRequestException`: a parameter that nobody gave */
export function bind(sql: string, parameters: readonly Parameter[]): Bound {
  const values: unknown[] = [];
  const places = new Map<string, string>();
  const text = sql.replace(TOKEN, (token: string, _dollar: unknown, name: string | undefined) => {
    if (name === undefined) return token;
    const known = places.get(name);
    if (known !== undefined) return known;
    const parameter = parameters.find((each) => each.name === name);
    if (!parameter) throw new DataApiFault('BadRequestException', `Cannot find parameter: ${name}`);
    values.push(parameterValue(parameter));
    const type = typeOf(parameter);
    const place = type === undefined ? `$${values.length}` : `cast($${values.length} as ${type})`;
    places.set(name, place);
    return place;
  });
  return { text, values };
}

function typeOf({ value, typeHint }: Parameter): string | undefined {
  if (typeHint) return HINTED[typeHint];
  if ('stringValue' in value) return 'text';
  if ('longValue' in value) return 'bigint';
  if ('doubleValue' in value) return 'double precision';
  if ('booleanValue' in value) return 'boolean';
  if ('blobValue' in value) return 'bytea';
  return undefined;
}

function parameterValue({ value }: Parameter): unknown {
  if ('isNull' in value) return null;
  if ('blobValue' in value) return Buffer.from(value.blobValue, 'base64');
  return Object.values(value)[0];
}
