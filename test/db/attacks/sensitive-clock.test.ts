import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS } from '../../support/tenants';
import { logInToShell, outcome } from './attack';
import { createFilledDatabase } from './fill';
jest.setTimeout(60_000);
let database: PlatformDatabase;
beforeAll(async () => { database = await createFilledDatabase(); }, 60_000);
const admin = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  withClient(database.superuser, async (client) => (await client.query(sql, values)).rows as T[]);
test('float', async () => {
  await admin('delete from guard.grants');
  await admin(`insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', now() + interval '2 s')`, [ORGANIZATIONS.clinic]);
  const c = await logInToShell(database, { person: 'eng' });
  await c.query('set extra_float_digits = -15');
  console.log((await c.query('begin read only; select guard.granted() as g')).at?.(1)?.rows);
  await c.query(`declare c cursor for select organization_id from public.documents where organization_id = '${ORGANIZATIONS.clinic}'`);
  await c.query('fetch 1 from c');
  await new Promise((r) => setTimeout(r, 2300));
  console.log('float cursor', (await c.query('fetch all from c')).rows.filter((r) => r.organization_id === ORGANIZATIONS.clinic).length);
  await c.end();
});
test('do', async () => {
  await admin('delete from guard.grants');
  await admin(`insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', now() + interval '2 s')`, [ORGANIZATIONS.clinic]);
  const c = await logInToShell(database, { person: 'eng' });
  const notices: string[] = [];
  c.on('notice', (n) => notices.push(n.message as string));
  await c.query('begin read only');
  await c.query(`do $$ begin raise notice '%', (select count(*) from public.documents where organization_id = '${ORGANIZATIONS.clinic}'); perform pg_sleep(2.5);
   raise notice '%', (select count(*) from public.documents where organization_id = '${ORGANIZATIONS.clinic}'); end $$`);
  console.log('do', notices);
  await c.end();
});
