/** Types as a tree: domains down to their base, arrays to their elements, ranges to their subtype. */

export interface TypeShape {
  /** With modifier, as `format_type` prints it for an empty `search_path`: what a cast needs. */
  readonly text: string;
  /** Without schema and modifier: `varchar`, `int4`, `mpaa_rating`. */
  readonly name: string;
  /** As in `pg_type.typtype`. */
  readonly kind: string;
  readonly category: string;
  /** Characters or bits at most (`varchar`, `char`, `bit`, `vector`). */
  readonly length: number | undefined;
  /** Digits before and after the point (`numeric(p, s)`). */
  readonly digits: readonly [integer: number, fraction: number] | undefined;
  readonly labels: readonly string[];
  /** CHECK expressions of a domain; they speak of VALUE. */
  readonly checks: readonly string[];
  readonly fields: number;
  /** Domain: what it is made of. Array: its elements. Range and multirange: the type of the bounds. */
  readonly of: TypeShape | undefined;
}

export interface TypeRow {
  oid: number;
  name: string;
  kind: string;
  category: string;
  text: string;
  base: number;
  base_modifier: number;
  element: number;
  subtype: number;
  fields: number;
  labels: string[];
  checks: string[];
}

export class TypeShapes {
  private readonly rows: ReadonlyMap<number, TypeRow>;
  private readonly known = new Map<string, TypeShape>();

  constructor(rows: readonly TypeRow[]) {
    this.rows = new Map(rows.map((row) => [row.oid, row]));
  }

  of(oid: number, modifier: number, text?: string): TypeShape {
    const key = `${oid}/${modifier}`;
    const known = this.known.get(key);
    if (known) return known;
    const row = this.rows.get(oid);
    const inner = row && (row.base || row.element || row.subtype);
    const shape: TypeShape = {
      text: text ?? row?.text ?? 'text',
      name: row?.name ?? 'text',
      kind: row?.kind ?? 'b',
      category: row?.category ?? 'U',
      ...limits(row?.name ?? '', modifier),
      labels: row?.labels ?? [],
      checks: row?.checks ?? [],
      fields: row?.fields ?? 0,
      of: inner ? this.of(inner, row.base ? row.base_modifier : row.element ? modifier : -1) : undefined,
    };
    this.known.set(key, shape);
    return shape;
  }
}

/** What the modifier means, for the types in which it limits the value. Offsets: PostgreSQL's VARHDRSZ of 4 bytes. */
function limits(name: string, modifier: number): Pick<TypeShape, 'length' | 'digits'> {
  const none = { length: undefined, digits: undefined };
  if (modifier < 0) return none;
  if (name === 'varchar' || name === 'bpchar') return { ...none, length: modifier - 4 };
  if (name === 'bit' || name === 'varbit' || name === 'vector' || name === 'halfvec')
    return { ...none, length: modifier };
  if (name === 'numeric') {
    const precision = ((modifier - 4) >> 16) & 0xffff;
    // The scale is an eleven-bit signed number since PostgreSQL 15.
    const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    return { ...none, digits: [precision - scale, scale] };
  }
  return none;
}

/** The type below all domains. */
export function baseOf(type: TypeShape): TypeShape {
  return type.kind === 'd' && type.of ? baseOf(type.of) : type;
}
