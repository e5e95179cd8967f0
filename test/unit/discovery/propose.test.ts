import { parse } from 'yaml';
import { proposeRegistry } from '../../../sql/discovery/propose';
import type { SchemaPolicy } from '../../../sql/discovery/schema';
import { schemaOf } from './build';

const policy = (name: string, permissive: boolean, role: string): SchemaPolicy => ({
  name,
  permissive,
  roles: [role],
  command: 'all',
});

const named = (name: string) => ({ table: { schema: 'public', name }, text: `public."${name}"` });

const schema = schemaOf({
  organizations: { id: 'uuid pk', isSensitive: 'boolean not null', is_own: 'boolean not null' },
  notes: {
    columns: { id: 'uuid pk', organization_id: 'uuid not null -> organizations.id' },
    more: {
      policies: [
        policy('a', false, 'public'),
        policy('b', true, 'app_backend'),
        policy('c', true, 'reporter'),
      ],
    },
  },
  'odd: {name}\n- x': {
    columns: { 'or, g': 'uuid not null -> organizations.id' },
    more: named('odd: {name}\n- x'),
  },
  currencies: { code: 'text pk' },
  notes_2026: { columns: { id: 'uuid pk' }, more: { isPartition: true, parents: [2] } },
  statements: { columns: { id: 'uuid' }, kind: 'v', more: { extension: 'pg_stat_statements' } },
});

test('the file is YAML whatever the names are, and ends with what is not listed', () => {
  const { yaml, registered } = proposeRegistry(schema, { editorSchema: './registry.schema.json' });
  expect(yaml.split('\n')[0]).toBe('# yaml-language-server: $schema=./registry.schema.json');
  expect(parse(yaml)).toEqual({
    organizations: { table: 'public.organizations', id: 'id', sensitive: 'isSensitive', own: 'is_own' },
    fail_on: 'error',
    roles: { app_backend: { sees: 'current-organization' }, support_shell: { sees: 'non-sensitive' } },
    tables: {
      'public.notes': { organization: 'organization_id' },
      'public."odd: {name}\n- x"': { organization: 'or, g' },
    },
    undecided: {
      'public.currencies': {
        because:
          'no column and no foreign key leads to an organization; list it under excluded if its rows are the same for everybody',
      },
    },
  });
  expect(registered).toBe(2);
  expect(yaml).toContain(
    '# Not listed: 1 partitions and inheriting tables are protected with their parent: public.notes (1).',
  );
  expect(yaml).toContain('# Not listed: 1 relations belong to extensions: pg_stat_statements (1).');
});

test('reasons stand at the end of the line', () => {
  const { yaml } = proposeRegistry(schema);
  expect(yaml).toContain('public.notes: { organization: organization_id } # foreign key organization_id\n');
});

test("a table's own policies for PUBLIC or for our roles are questions, others are not", () => {
  const { yaml, questions } = proposeRegistry(schema);
  const text = 'policies of its own: a (RESTRICTIVE, PUBLIC), b (app_backend)';
  expect(questions).toEqual([{ table: 'public.notes', policies: ['a', 'b'], text }]);
  expect(yaml).toContain(`  # ${text}\n  public.notes: `);
  expect(yaml).toContain(
    '# 1 tables have policies of their own, named at each table. They stay unless the registry takes over, with this line: replaces: ["a", "b"]',
  );
});

test('roles and the migration login are written as given', () => {
  const { yaml } = proposeRegistry(schema, {
    roles: { web: 'current-organization' },
    migrations: 'migrator',
  });
  expect(parse(yaml)).toMatchObject({
    roles: { web: { sees: 'current-organization' } },
    migrations: { login: 'migrator' },
  });
});
