import { entry } from '../../../sql/discovery/propose';
import { discover } from '../../../sql/discovery/reach';
import { schemaOf, type TableSpec } from './build';

type Tables = Record<string, TableSpec | TableSpec['columns']>;

const ORG = 'uuid not null -> organizations.id';
const BASE: Tables = {
  organizations: { id: 'uuid pk', parent_id: 'uuid -> organizations.id', owner_id: 'uuid -> users.id' },
  users: { id: 'uuid pk', organization_id: ORG },
  projects: { id: 'uuid pk', organization_id: ORG },
  customers: { id: 'uuid pk', organization_id: ORG },
  orders: { id: 'uuid pk', customer_id: 'uuid not null -> customers.id' },
};

/** What is found for `table` in the base schema with it added. */
function found(table: TableSpec | TableSpec['columns'], others: Tables = {}) {
  const schema = schemaOf({ ...BASE, ...others, it: table });
  const reach = discover(schema, { oid: 1, idColumn: 'id' }).get(schema.relations.size);
  if (!reach) throw new Error('every relation has an answer');
  return { ...reach, entries: reach.choices.map((choice) => entry(choice.belongs)) };
}

describe('a column of its own', () => {
  test('beats every way through others', () => {
    const it = found({ id: 'uuid pk', organization_id: ORG, project_id: 'uuid not null -> projects.id' });
    expect(it).toMatchObject({ certainty: 'certain', entries: [{ organization: 'organization_id' }] });
  });

  test('is proven by a composite key to a table that has one', () => {
    const it = found({
      columns: { id: 'uuid pk', org: 'uuid not null', project: 'uuid not null' },
      keys: [{ columns: ['org', 'project'], parent: 3, parentColumns: ['organization_id', 'id'] }],
    });
    expect(it).toMatchObject({ certainty: 'certain', entries: [{ organization: 'org' }] });
  });

  test('is not proven by a composite key that a NULL switches off', () => {
    const it = found({
      columns: { id: 'uuid pk', org: 'uuid not null', project: 'uuid' },
      keys: [{ columns: ['org', 'project'], parent: 3, parentColumns: ['organization_id', 'id'] }],
    });
    expect(it).toMatchObject({ certainty: 'ambiguous', entries: [{ via: ['org', 'project'] }] });
  });

  test('may be NULL when a foreign key proves it, which is said', () => {
    const it = found({ id: 'uuid pk', organization_id: 'uuid -> organizations.id' });
    expect(it.certainty).toBe('certain');
    expect(it.notes).toEqual(['rows whose organization_id is NULL are visible to no role']);
  });

  test('by name alone must be NOT NULL, and the way through others is offered beside it', () => {
    expect(found({ id: 'uuid pk', organization_id: 'uuid not null' }).certainty).toBe('certain');
    const it = found({
      id: 'uuid pk',
      organization_id: 'uuid',
      project_id: 'uuid not null -> projects.id',
    });
    expect(it).toMatchObject({
      certainty: 'ambiguous',
      entries: [{ organization: 'organization_id' }, { via: 'project_id' }],
    });
  });

  test('of another type is none, which is said', () => {
    const it = found({ id: 'uuid pk', organization_id: 'text not null' });
    expect(it).toMatchObject({ certainty: 'none', notes: [expect.stringContaining('is text')] });
  });

  test('that points elsewhere is none, whatever it is called', () => {
    const it = found(
      { id: 'uuid pk', organization_id: 'uuid not null -> lookups.id' },
      { lookups: { id: 'uuid pk' } },
    );
    expect(it.certainty).toBe('none');
  });

  test('is certain beside a second one that is optional and named otherwise', () => {
    const it = found({ id: 'uuid pk', partner_id: 'uuid -> organizations.id', organization_id: ORG });
    expect(it).toMatchObject({ certainty: 'certain', notes: [expect.stringContaining('partner_id')] });
    expect(it.entries[0]).toEqual({ organization: 'organization_id' });
  });
});

describe('a foreign key to a table that reaches', () => {
  test.each<[title: string, table: TableSpec | TableSpec['columns'], certainty: string, first: unknown]>([
    ['one NOT NULL', { project_id: 'uuid not null -> projects.id' }, 'certain', { via: 'project_id' }],
    ['one that may be NULL', { project_id: 'uuid -> projects.id' }, 'ambiguous', { via: 'project_id' }],
    [
      'NOT NULL before optional, near or far',
      { project_id: 'uuid -> projects.id', order_id: 'uuid not null -> orders.id' },
      'certain',
      { via: 'order_id' },
    ],
    [
      'created_by is not whose it is',
      { created_by: 'uuid not null -> users.id', project_id: 'uuid not null -> projects.id' },
      'certain',
      { via: 'project_id' },
    ],
    [
      'created_by does not beat an optional owner',
      { created_by: 'uuid not null -> users.id', project_id: 'uuid -> projects.id' },
      'ambiguous',
      { via: 'project_id' },
    ],
    [
      'created_by alone is asked about',
      { created_by: 'uuid not null -> users.id' },
      'ambiguous',
      { via: 'created_by' },
    ],
    ['a person alone is the owner', { user_id: 'uuid not null -> users.id' }, 'certain', { via: 'user_id' }],
    [
      'a participant is not the owner',
      { user_id: 'uuid pk -> users.id', project_id: 'uuid pk -> projects.id' },
      'certain',
      { via: 'project_id' },
    ],
    [
      'two owners',
      { order_id: 'uuid not null -> orders.id', project_id: 'uuid not null -> projects.id' },
      'ambiguous',
      { via: 'project_id' },
    ],
    [
      'two owners, one of which takes the row along',
      { order_id: 'uuid not null -> orders.id cascade', project_id: 'uuid not null -> projects.id' },
      'certain',
      { via: 'order_id' },
    ],
    [
      'two owners, one of which names the row',
      { order_id: 'uuid pk -> orders.id', line: 'integer pk', project_id: 'uuid not null -> projects.id' },
      'certain',
      { via: 'order_id' },
    ],
    [
      'cascade and primary key contradict each other',
      { order_id: 'uuid pk -> orders.id', project_id: 'uuid not null -> projects.id cascade' },
      'ambiguous',
      { via: 'project_id' },
    ],
    [
      'both lead to the same table: the nearer one',
      { order_id: 'uuid not null -> orders.id', customer_id: 'uuid not null -> customers.id' },
      'certain',
      { via: 'customer_id' },
    ],
  ])('%s', (_, table, certainty, first) => {
    const it = found(table);
    expect({ certainty: it.certainty, first: it.entries[0] }).toEqual({ certainty, first });
  });

  test('is followed over five tables', () => {
    const chain: Tables = { c1: { id: 'uuid pk', up: 'uuid not null -> projects.id' } };
    for (let n = 2; n <= 4; n++) chain[`c${n}`] = { id: 'uuid pk', up: `uuid not null -> c${n - 1}.id` };
    const it = found({ id: 'uuid pk', up: 'uuid not null -> c4.id' }, chain);
    expect(it).toMatchObject({ certainty: 'certain', choices: [{ distance: 5 }] });
  });

  test('does not lead back through the table itself', () => {
    const it = found(
      {
        id: 'uuid pk',
        project_id: 'uuid not null -> projects.id',
        first_step: 'uuid not null -> steps.id',
        parent: 'uuid -> it.id',
      },
      { steps: { id: 'uuid pk', it_id: 'uuid not null -> it.id' } },
    );
    expect(it).toMatchObject({ certainty: 'certain', entries: [{ via: 'project_id' }] });
  });

  test('two tables that would each belong through the other are both asked about', () => {
    const schema = schemaOf({
      ...BASE,
      a: { id: 'uuid pk', b_id: 'uuid not null -> b.id', project_id: 'uuid -> projects.id' },
      b: { id: 'uuid pk', a_id: 'uuid not null -> a.id', order_id: 'uuid -> orders.id' },
    });
    const reaches = discover(schema, { oid: 1, idColumn: 'id' });
    expect([6, 7].map((oid) => reaches.get(oid)?.certainty)).toEqual(['ambiguous', 'ambiguous']);
  });

  test('to another unique key of the organizations goes through the organization itself', () => {
    const reaches = discover(
      schemaOf({
        tenants: { columns: { id: 'uuid pk', slug: 'text not null' }, unique: [['slug']] },
        pages: { id: 'uuid pk', tenant_slug: 'text not null -> tenants.slug' },
      }),
      { oid: 1, idColumn: 'id' },
    );
    expect(reaches.get(2)).toMatchObject({
      certainty: 'certain',
      choices: [{ belongs: { kind: 'via' }, relation: 1 }],
    });
  });
});

describe('rows that point here', () => {
  const people: Tables = { people: { id: 'uuid pk' } };
  const staff = (columns: TableSpec['columns'], unique: string[][]): Tables => ({
    ...people,
    memberships: { columns, unique },
  });
  const member = { organization_id: ORG, person_id: 'uuid not null -> people.id' };

  /** What is found for `people`. */
  function peopleIn(others: Tables) {
    const schema = schemaOf({ ...BASE, ...others });
    const at = [...schema.relations.values()].find((one) => one.table.name === 'people');
    return discover(schema, { oid: 1, idColumn: 'id' }).get(at?.oid ?? 0);
  }

  test('people belong through the one membership', () => {
    expect(peopleIn(staff(member, [['organization_id', 'person_id']]))).toMatchObject({
      certainty: 'certain',
      choices: [{ belongs: { kind: 'through', columns: ['person_id'] } }],
    });
  });

  test('beside a default_workspace_id, which only says where they are', () => {
    const others = staff(member, [['organization_id', 'person_id']]);
    const columns = { id: 'uuid pk', default_organization_id: 'uuid -> organizations.id' };
    expect(peopleIn({ ...others, people: { ...columns } })).toMatchObject({
      certainty: 'ambiguous',
      choices: [{ belongs: { kind: 'direct' } }, { belongs: { kind: 'through' } }],
    });
  });

  test('without a unique key on it, a membership is only a suggestion', () => {
    expect(peopleIn(staff(member, []))).toMatchObject({ certainty: 'ambiguous', choices: [{}] });
  });

  test('invited_by is no membership', () => {
    const invited = { organization_id: ORG, invited_by: 'uuid not null -> people.id' };
    expect(peopleIn(staff(invited, [['organization_id', 'invited_by']]))?.certainty).toBe('none');
  });

  test('reference data stays reference data', () => {
    const it = found(
      { id: 'uuid pk' },
      { prices: { id: 'uuid pk', organization_id: ORG, it_id: 'uuid not null -> it.id' } },
    );
    expect(it.certainty).toBe('none');
  });

  test('what an organization selects from a list is asked about', () => {
    const it = found(
      { id: 'uuid pk' },
      { features: { organization_id: 'uuid pk -> organizations.id', it_id: 'uuid pk -> it.id' } },
    );
    expect(it).toMatchObject({ certainty: 'ambiguous', reason: expect.stringContaining('reference data') });
  });
});

test('names of the table are no evidence when another table has the same one', () => {
  const schema = schemaOf({
    accounts: { id: 'bigint pk' },
    accounts2: {
      columns: { id: 'bigint pk' },
      more: { table: { schema: 'crm', name: 'accounts' }, text: 'crm.accounts' },
    },
    notes: { id: 'bigint pk', account_id: 'integer not null' },
  });
  const reach = discover(schema, { oid: 1, idColumn: 'id' }).get(3);
  expect(reach).toMatchObject({ certainty: 'ambiguous', reason: expect.stringContaining('crm.accounts') });
});

test('a customary name counts where nothing is named after the table', () => {
  const schema = schemaOf({
    organizations: { id: 'uuid pk' },
    a: { tenant_id: 'uuid not null' },
    b: { tenant_id: 'uuid not null', company_id: 'uuid' },
  });
  const reaches = discover(schema, { oid: 1, idColumn: 'id' });
  expect([2, 3].map((oid) => reaches.get(oid)?.certainty)).toEqual(['certain', 'certain']);
});
