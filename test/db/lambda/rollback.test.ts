/** What docs/adr/0006-registry-function.md decides. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { releaseId } from '../../../lambda/rls-registry/releases';
import { withClient } from '../../support/database';
import { createPlatformDatabase, type PlatformDatabase, REGISTRY } from '../../support/platform';
import { Stage } from './stage';

jest.setTimeout(120_000);
const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

const registry = readFileSync(REGISTRY, 'utf8');
/** What a newer release brings: a table that hangs on others, with a grant, and a view. */
const visits = {
  '0901_visits.sql': `
    create table public.visits (
      organization_id uuid not null references public.organizations on delete cascade,
      id bigint generated always as identity,
      primary key (organization_id, id)
    );
    grant select, insert on public.visits to app_backend;
    create view public.visit_days with (security_invoker) as select organization_id from public.visits;
    grant select on public.visit_days to app_backend`,
};
const registered = registry
  .replace('\nexcluded:', '  public.visits: { organization: organization_id }\n\nexcluded:')
  .concat('\nviews:\n  public.visit_days: { grants: { app_backend: [select] } }\n');

async function mayRead(database: PlatformDatabase, table: string): Promise<boolean> {
  return withClient(database.superuser, async (client) => {
    const { rows } = await client.query<{ may: boolean }>(
      `select has_table_privilege('app_backend', $1, 'select') as may`,
      [table],
    );
    return rows[0]?.may ?? true;
  });
}

test('a deploy that failed for a new table is rolled back: the table is sealed, and the rollback passes', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database, { release: 'one' });
  const failed = await stage.deploy('Update', database, {
    release: 'two',
    package: stage.release({ migrations: visits }),
  });
  expect(failed.error?.message).toContain('public.visits');

  const back = await stage.deploy('Update', database, { release: 'one' });
  expect(back.error).toBeUndefined();
  expect(back.result?.Data).toMatchObject({ SealedTables: 2 });
  expect(back.log.find((line) => line.event === 'database-is-newer')).toBeDefined();
  expect(back.log.find((line) => line.event === 'report')).toMatchObject({
    sealed: ['public.visit_days', 'public.visits'],
  });
  expect(await mayRead(database, 'public.visits')).toBe(false);

  // Until a release speaks of the table, the scheduled verification goes on failing.
  const scheduled = await stage.call('onSchedule', {}, stage.environment(database));
  expect(scheduled.error?.message).toContain('public.visits');
});

test('after a newer release was applied, the one before takes the new table away from everybody', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const newer = stage.release({
    migrations: visits,
    registry: registered.replace(
      '  auditor:',
      '  analyst: { sees: non-sensitive, verbs: [select] }\n  auditor:',
    ),
  });
  const forward = await stage.deploy('Update', database, { package: newer });
  expect(forward.error).toBeUndefined();
  expect(await mayRead(database, 'public.visits')).toBe(true);
  const back = await stage.deploy('Update', database);
  expect(back.error).toBeUndefined();
  expect(await mayRead(database, 'public.visits')).toBe(false);
  expect(await mayRead(database, 'public.visit_days')).toBe(false);
  const again = await stage.deploy('Update', database, { package: newer });
  expect(again.error).toBeUndefined();
  expect(again.result?.Data?.StateHash).toBe(forward.result?.Data?.StateHash);
  expect(await mayRead(database, 'public.visits')).toBe(true);
});

test('the same registry with a new migration is another release: nothing is forgiven', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const newer = stage.release({ migrations: visits });
  for (const type of ['Update', 'Update'] as const) {
    const answer = await stage.deploy(type, database, { package: newer });
    expect(answer.error?.message).toContain('public.visits');
  }
});

test('an older release that was never here is no rollback', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database, {
    package: stage.release({ migrations: visits, registry: registered }),
  });
  const answer = await stage.deploy('Update', database);
  expect(answer.error?.message).toMatch(/^applied, but not in the folder: 0901_visits\.sql\n/);
});

test('a rollback forgives nothing that opens a table', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  await withClient(database.superuser, (client) =>
    client.query('create policy everything on public.employees using (true)'),
  );
  const answer = await stage.deploy('Update', database);
  expect(answer.error?.message).toMatch(/TZ1\d\d .*everything/);
});

test('without migrations and without a stamp, no update is taken for a rollback; with a stamp, a known one is', async () => {
  const database = await createPlatformDatabase();
  const environment = { TZ_MIGRATIONS_DIR: '' };
  await stage.deploy('Create', database, { environment });
  await stage.deploy('Update', database, { environment, release: 'one' });
  await withClient(database.superuser, (client) =>
    client.query('set role platform_owner; create table public.visits (id bigint)'),
  );
  const strict = await stage.deploy('Update', database, { environment });
  expect(strict.error?.message).toContain('public.visits');
  const unknown = await stage.deploy('Update', database, { environment, release: 'two' });
  expect(unknown.error?.message).toContain('public.visits');
  const known = await stage.deploy('Update', database, { environment, release: 'one' });
  expect(known.result?.Data).toMatchObject({ SealedTables: 1 });
});

test('a release whose table is gone cannot be gone back to, and the reason says that', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const next = stage.release({
    migrations: { '0901_no_jobs.sql': 'drop table public.jobs' },
    registry: registry.replace(/ {2}public\.jobs:.*\n/, ''),
  });
  const forward = await stage.deploy('Update', database, { package: next });
  expect(forward.error).toBeUndefined();
  const answer = await stage.deploy('Update', database);
  expect(answer.error?.message).toMatch(/^this release was here before and no longer fits the database:\n/);
  expect(answer.error?.message).toContain('public.jobs');
});

test('an exception that lapsed while the release was away does not stop the rollback to it', async () => {
  const database = await createPlatformDatabase();
  const lapsed = stage.release({ registry: registry.replace('until: 2027-06-30', 'until: 2026-06-30') });
  const first = await stage.deploy('Create', database, { package: lapsed });
  expect(first.error?.message).toMatch(/lapsed/);
  await stage.deploy('Create', database);
  const id = await releaseId(path.join(lapsed, 'registry.yaml'), path.join(lapsed, 'migrations'), undefined);
  await withClient(database.superuser, (client) =>
    client.query(
      `update guard.state set detail = jsonb_set(detail, '{releases}', jsonb_build_array($1::jsonb) || (detail -> 'releases'))`,
      [JSON.stringify({ id, day: '2026-06-01' })],
    ),
  );
  const back = await stage.deploy('Update', database, { package: lapsed });
  expect(back.error).toBeUndefined();
  expect(back.log.find((line) => line.event === 'exceptions-lapsed')).toBeDefined();
});
