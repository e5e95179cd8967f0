import { organizationsTable } from '../../../sql/discovery/organizations-table';
import { schemaOf } from './build';

test('the one likely name that others point at is taken', () => {
  const schema = schemaOf({
    currencies: { id: 'uuid pk' },
    workspaces: { id: 'uuid pk' },
    accounts: { id: 'uuid pk', user: 'text' },
    notes: { workspace_id: 'uuid not null -> workspaces.id' },
  });
  expect(organizationsTable(schema)).toEqual({ oid: 2, idColumn: 'id' });
});

test('what hangs off another candidate is not the top', () => {
  const schema = schemaOf({
    teams: { id: 'uuid pk', organization_id: 'uuid not null -> organizations.id' },
    organizations: { id: 'uuid pk', owner_id: 'uuid -> users.id' },
    users: { id: 'uuid pk', team_id: 'uuid -> teams.id' },
    notes: { team_id: 'uuid not null -> teams.id' },
  });
  // organizations -> users -> teams -> organizations: neither is above the other.
  expect(() => organizationsTable(schema)).toThrow('public.teams, public.organizations');
  const tree = schemaOf({
    teams: { id: 'uuid pk', organization_id: 'uuid not null -> organizations.id' },
    organizations: { id: 'uuid pk' },
    notes: { team_id: 'uuid not null -> teams.id' },
  });
  expect(organizationsTable(tree).oid).toBe(2);
});

test('several candidates, none, and a wrong name are errors that say what to write', () => {
  const two = schemaOf({
    tenants: { id: 'uuid pk' },
    companies: { id: 'uuid pk' },
    a: { x: 'uuid -> tenants.id', y: 'uuid -> companies.id' },
  });
  expect(() => organizationsTable(two)).toThrow(
    expect.objectContaining({
      code: 'organizations-ambiguous',
      next: expect.stringContaining('public.tenants'),
    }),
  );
  expect(() => organizationsTable(schemaOf({ a: { id: 'uuid pk' } }))).toThrow(
    expect.objectContaining({ code: 'organizations-unknown' }),
  );
  expect(() => organizationsTable(two, { organizations: 'public.absent' })).toThrow(
    expect.objectContaining({ code: 'organizations-not-found' }),
  );
  expect(() => organizationsTable(two, { organizations: 'tenants', id: 'nope' })).toThrow(
    expect.objectContaining({ code: 'organizations-key-unknown' }),
  );
});

test('the key is the one that foreign keys point at, not always the primary key', () => {
  const schema = schemaOf({
    tenants: { columns: { id: 'bigint pk', uid: 'uuid not null' }, unique: [['uid']] },
    notes: { tenant: 'uuid not null -> tenants.uid' },
  });
  expect(organizationsTable(schema, { organizations: 'Tenants' })).toEqual({ oid: 1, idColumn: 'uid' });
});
