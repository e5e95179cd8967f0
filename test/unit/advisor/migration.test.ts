import { derivedTables } from '../../../sql/advisor/derived';
import { migrationSteps } from '../../../sql/advisor/migration';
import type { Belonging } from '../../../sql/registry/types';
import { schemaOf, type TableSpec } from '../discovery/build';

const direct = (...columns: string[]): Belonging => ({ kind: 'direct', columns });
const via = (...columns: string[]): Belonging => ({ kind: 'via', columns });

function derive(child: TableSpec, parent: Belonging = direct('org')) {
  const schema = schemaOf({
    organizations: { id: 'uuid pk' },
    parents: {
      columns: { id: 'bigint pk', org: 'uuid not null -> organizations.id' },
      unique: [['id', 'org']],
    },
    children: child,
  });
  const belongings = new Map([
    [1, direct('id')],
    [2, parent],
    [3, via('parent')],
  ]);
  const [found] = derivedTables(schema, belongings, { oid: 1, idColumn: 'id' });
  if (!found) throw new Error('children are derived');
  return found;
}

const CHILD: TableSpec = { columns: { id: 'bigint pk', parent: 'bigint not null -> parents.id' } };
const sql = (derived: ReturnType<typeof derive>, version = 180000) =>
  migrationSteps(derived, version).map((step) => step.sql);

test('a key that the parent has already is not made again, in whatever order its columns stand', () => {
  expect(sql(derive(CHILD)).filter((text) => text.includes('UNIQUE'))).toEqual([]);
});

test('the column takes the usual name, or one that is free', () => {
  expect(derive(CHILD).column).toBe('org');
  expect(derive({ columns: { ...CHILD.columns, org: 'text' } }).column).toBe('owning_org');
});

test('ON DELETE SET NULL must not empty the organization', () => {
  const child = derive({
    columns: { id: 'bigint pk', parent: 'bigint' },
    keys: [{ columns: ['parent'], parent: 2, parentColumns: ['id'], onDelete: 'set null' }],
  });
  const steps = migrationSteps(child, 180000);
  expect(steps.some((step) => step.sql.includes('ON DELETE SET NULL (parent) ON UPDATE NO ACTION'))).toBe(
    true,
  );
  expect(steps.map((step) => step.title)).toContain('Look at rows without a parent');
});

test('a partitioned table gets neither CONCURRENTLY nor, before 18, NOT VALID keys', () => {
  const child = derive({ ...CHILD, kind: 'p' });
  expect(sql(child).join('\n')).not.toContain('CONCURRENTLY');
  const keys = (version: number) => sql(child, version).filter((text) => text.includes('FOREIGN KEY'));
  expect(keys(180000)[0]).toContain('NOT VALID');
  expect(keys(170000)[0]).not.toContain('NOT VALID');
});

test('a parent of two organizations, or of none of its own, blocks the way', () => {
  expect(derive(CHILD, direct('org', 'other')).blocked).toContain('several organizations');
  const shared: Belonging = { kind: 'through', table: { schema: 'public', name: 'members' }, columns: ['x'] };
  expect(derive(CHILD, shared).blocked).toContain('shared');
});
