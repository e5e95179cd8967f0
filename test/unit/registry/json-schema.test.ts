import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { registryJsonSchema } from '../../../sql/registry';
import { FULL, HEAD } from './example';

const file = join(__dirname, '../../../sql/registry/registry.schema.json');
/** Strict, but for two habits that are sound here: a list of types, and `required` beside `properties` it refers to. */
const ajv = () => new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
const validate = ajv().compile(registryJsonSchema());

test('the checked-in schema is current; else run: node --import tsx scripts/write-registry-schema.ts', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(registryJsonSchema());
});

test.each([
  ['everything', FULL],
  ['the least', HEAD],
  ['empty sections', `${HEAD}tables:\nviews:\nexcluded:\nundecided:\nacknowledged:\nappliers:\n`],
])('accepts a registry with %s', (_, text) => {
  validate(parse(text));
  expect(validate.errors ?? []).toEqual([]);
});

test.each([
  ['an unknown key', `${HEAD}colour: red`],
  ['an unknown key of a table', `${HEAD}tables: { a: { via: x, colour: red } }`],
  ['an unknown key of a role', HEAD.replace('sees:', 'colour: red, sees:')],
  ['an unknown key of organizations', HEAD.replace('id: id', 'id: id, colour: red')],
  [
    'an unknown key of an exception',
    `${HEAD}excluded: { a: { reason: r, owner: o, until: 2027-01-31, colour: red } }`,
  ],
  ['no way to belong', `${HEAD}tables: { a: { } }`],
  ['two ways to belong', `${HEAD}tables: { a: { via: x, organization: y } }`],
  ['a way through without column', `${HEAD}tables: { a: { through: { table: t } } }`],
  ['a bad verb', `${HEAD}views: { a: { grants: { app_backend: [truncate] } } }`],
  ['a bad day', `${HEAD}excluded: { a: { reason: r, owner: o, until: soon } }`],
  ['no roles', HEAD.replace(/ {2}app_backend.*\n/, '  {}\n')],
  ['no organizations', 'roles: { a: { sees: everything } }'],
])('refuses %s', (_, text) => {
  expect(validate(parse(text))).toBe(false);
});

test('describes every key to editors', () => {
  const undescribed: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries((value as { properties?: object }).properties ?? {})) {
      if (typeof child.description !== 'string') undescribed.push(`${path}/${key}`);
    }
    for (const [key, child] of Object.entries(value)) if (key !== 'examples') visit(child, `${path}/${key}`);
  };
  visit(registryJsonSchema(), '');
  expect(undescribed).toEqual([]);
});

test('every example in the schema is valid where it stands', () => {
  const wrong: string[] = [];
  const visit = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    const { examples, ...schema } = value as { examples?: unknown[] };
    const check = examples && ajv().compile(schema);
    for (const example of examples ?? [])
      if (!check?.(example)) wrong.push(`${path}: ${JSON.stringify(example)}`);
    for (const [key, child] of Object.entries(schema)) visit(child, `${path}/${key}`);
  };
  visit(registryJsonSchema(), '');
  expect(wrong).toEqual([]);
});
