/** Why a relation does not reach the organizations, in the words of whoever has to decide. */
import type { Verdict } from './choices';
import type { Schema, SchemaRelation } from './schema';
import { normalised, thing } from './words';

export function unreached(relation: SchemaRelation, schema: Schema): Verdict {
  return { certainty: 'none', reason: reasonFor(relation, schema), choices: [], notes: [] };
}

function reasonFor(relation: SchemaRelation, schema: Schema): string {
  const read = relation.reads.map((oid) => schema.relations.get(oid)?.text ?? `relation ${oid}`).join(', ');
  if (relation.extension !== undefined) return `belongs to extension ${relation.extension}`;
  if (relation.kind === 'v') return read === '' ? 'a view that reads no table' : `a view over ${read}`;
  if (relation.kind === 'm')
    return `holds copies of rows of ${read || 'no table'}; row security does not apply to it`;
  if (relation.kind === 'f')
    return 'a foreign table: its rows are elsewhere and row security does not apply to it';

  const polymorphic = polymorphicPairs(relation);
  if (polymorphic.length > 0) {
    return `points at rows of many tables (${polymorphic.join(', ')}), which no foreign key can follow`;
  }
  const unkeyed = looksLikeReferences(relation, schema);
  if (unkeyed.length > 0) return `no foreign key leads to an organization, but ${unkeyed.join(' and ')}`;
  const dangling = relation.foreignKeys.filter((key) => !key.enforced).map((key) => key.name);
  if (dangling.length > 0) return `only foreign keys that are NOT ENFORCED lead up: ${dangling.join(', ')}`;
  return 'no column and no foreign key leads to an organization';
}

/** Rails `commentable_type` with `commentable_id`, Django `content_type_id` with `object_id`. */
function polymorphicPairs(relation: SchemaRelation): string[] {
  const keyed = new Set(relation.foreignKeys.flatMap((key) => key.columns));
  const free = relation.columns.filter((column) => !keyed.has(column.name));
  const names = new Map(free.map((column) => [normalised(column.name), column.name]));
  return relation.columns.flatMap(({ name }) => {
    const plain = normalised(name);
    if (plain === 'contenttypeid') {
      const object = names.get('objectid') ?? names.get('objectpk');
      return object === undefined ? [] : [`${name} + ${object}`];
    }
    const id = /.type$/.test(plain) ? names.get(`${plain.slice(0, -'type'.length)}id`) : undefined;
    return id === undefined ? [] : [`${name} + ${id}`];
  });
}

/** `post_id` beside a table `posts` or `blog_post`: what a schema without foreign keys gives away. */
function looksLikeReferences(relation: SchemaRelation, schema: Schema): string[] {
  const keyed = new Set(relation.foreignKeys.flatMap((key) => key.columns));
  const tables = tablesByThing(schema);
  return relation.columns.flatMap(({ name }) => {
    const plain = normalised(name);
    const target = plain.endsWith('id') && !keyed.has(name) ? tables.get(plain.slice(0, -2)) : undefined;
    return target && target !== relation ? [`${name} looks like a key of ${target.text}`] : [];
  });
}

const indexed = new WeakMap<Schema, Map<string, SchemaRelation>>();

function tablesByThing(schema: Schema): Map<string, SchemaRelation> {
  const known = indexed.get(schema);
  if (known) return known;
  const tables = [...schema.relations.values()].filter((one) => one.kind === 'r' || one.kind === 'p');
  const made = new Map<string, SchemaRelation>();
  const twice = new Set<string>();
  // Whole names first, then what is left without the prefix of an application, if it names one table only.
  for (const from of [0, 1]) {
    const found = new Map<string, SchemaRelation>();
    for (const one of tables) {
      const name = thing(one.table.name).slice(from).join('');
      if (name === '') continue;
      if (found.has(name)) twice.add(name);
      found.set(name, one);
    }
    for (const [name, one] of found)
      if (!made.has(name) && !(from > 0 && twice.has(name))) made.set(name, one);
  }
  indexed.set(schema, made);
  return made;
}
