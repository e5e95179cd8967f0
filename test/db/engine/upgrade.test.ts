/** Databases that an older version of the engine protected. */
import { readFileSync } from 'node:fs';
import { plan } from '../../../sql/planner/plan';
import { withClient } from '../../support/database';
import { applyTo, registryOf } from '../../support/engine';
import { createPlatformDatabase, type PlatformDatabase, REGISTRY } from '../../support/platform';

const registry = registryOf(readFileSync(REGISTRY, 'utf8'));

let database: PlatformDatabase;
beforeEach(async () => {
  database = await createPlatformDatabase();
  await applyTo(database.applier, registry);
});
const admin = (sql: string) => withClient(database.superuser, (client) => client.query(sql));
const remaining = () =>
  withClient(database.applier, async (client) =>
    (await plan(client, registry, { useMemory: false })).changes.map(
      ({ action, name, note }) => `${action} ${name}${note ? `: ${note}` : ''}`,
    ),
  );

/** What grants looked like before they said read or write, and the helpers that there were. */
const OLD = `
  alter table guard.grants drop column access, drop column request;
  drop index guard.grants_person;
  insert into guard.grants (person, organization, kind, ends_at)
    values ('eng', '00000000-0000-4000-8000-00000000000c', 'shell', now() + interval '1 h');
  set role guard_owner;
  create function guard.granted_organizations() returns uuid[] language sql stable as $$ select '{}'::uuid[] $$;
  create function guard.live_grants(token_kind text, grant_kind text) returns setof guard.grants language sql stable as $$ select * from guard.grants $$`;

test('grants gain their new columns, and helpers that nothing calls any more go', async () => {
  await admin(OLD);
  expect((await remaining()).sort()).toEqual([
    'add guard.grants access text',
    'add guard.grants request uuid',
    "change guard.grants CHECK ((access = ANY (ARRAY['read'::text, 'write'::text])))",
    'remove guard.granted_organizations()',
    'remove guard.live_grants(text, text)',
  ]);
  const report = await applyTo(database.applier, registry);
  expect(report.remaining).toEqual([]);
  expect(await remaining()).toEqual([]);
  const { rows } = await admin('select access, request from guard.grants');
  expect(rows).toEqual([{ access: 'read', request: null }]);
  await expect(admin(`update guard.grants set access = 'all'`)).rejects.toMatchObject({ code: '23514' });
});

test('a column that no version of the engine made is reported, and stays', async () => {
  await admin('alter table guard.grants add column note text');
  const report = await applyTo(database.applier, registry);
  expect(report.remaining.map(({ note }) => note)).toEqual([
    'somebody altered guard.grants: undo it (note text)',
  ]);
  expect((await admin('select note from guard.grants')).rowCount).toBe(0);
});

test('a column that was there from the beginning is not made anew: what stood in it is gone', async () => {
  await admin('alter table guard.grants drop column revoked_at');
  const report = await applyTo(database.applier, registry);
  expect(report.remaining.map(({ note }) => note)).toEqual([
    expect.stringContaining('undo it (revoked_at timestamp with time zone)'),
  ]);
});
