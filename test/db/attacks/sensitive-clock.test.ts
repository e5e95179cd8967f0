/** A grant and a session end when they say, whatever the session sets and however long its statement runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { ORGANIZATIONS } from '../../support/tenants';
import { logInToShell, outcome } from './attack';
import { createFilledDatabase } from './fill';

jest.setTimeout(60_000);

const { acme, clinic } = ORGANIZATIONS;
let database: PlatformDatabase;
let support: Client;
const admin = (sql: string, values: unknown[] = []) =>
  withClient(database.superuser, async (client) => (await client.query(sql, values)).rows);

beforeAll(async () => {
  database = await createFilledDatabase();
}, 60_000);
beforeEach(async () => {
  await admin('delete from guard.grants');
  support = await logInToShell(database, { person: 'eng' });
});
afterEach(() => support.end());

const grant = (lasts: string) =>
  admin(
    `insert into guard.grants (person, organization, kind, ends_at) values ('eng', $1, 'shell', clock_timestamp() + $2::interval)`,
    [clinic, lasts],
  );

async function cursorWith(digits: string): Promise<void> {
  await grant('1200 ms');
  await support.query(`set extra_float_digits = ${digits}; begin read only`);
  await support.query(
    `declare c cursor for select from public.documents where organization_id = '${clinic}'`,
  );
  expect((await support.query('fetch 1 from c')).rowCount).toBe(1);
  await sleep(1300);
  expect((await support.query('fetch all from c')).rowCount).toBe(0);
  await support.query('rollback');
}

test.each(['0', '3'])('an open cursor shows no more rows with extra_float_digits = %s', (digits) =>
  cursorWith(digits),
);

test('an open cursor shows no more rows with extra_float_digits = -15, which cuts numbers that are printed', () =>
  cursorWith('-15'));

/** What a DO block counts, once now and once after it has slept: for the server it is one statement. */
async function inOneBlock(organization: string): Promise<string[]> {
  const counted: string[] = [];
  support.on('notice', ({ message }) => counted.push(message ?? ''));
  const count = `(select count(*) from public.jobs where organization_id = '${organization}')`;
  await support.query('begin read only');
  const got = await outcome(
    support,
    `do $$ begin raise notice '%', ${count}; perform pg_sleep(1.5); raise notice '%', ${count}; end $$`,
  );
  await support.query('rollback');
  return typeof got === 'string' ? [...counted, got] : counted;
}

test('a block that runs for hours sees a grant end', async () => {
  await grant('1 s');
  expect(await inOneBlock(clinic)).toEqual(['1', '0']);
  await grant('1 h');
  expect(await inOneBlock(clinic)).toEqual(['1', '1']);
});

test('a block that runs for hours sees its session end', async () => {
  expect(await inOneBlock(acme)).toEqual(['1', '1']);
  await admin(
    `update vault.sessions set expires_at = clock_timestamp() + interval '1 s' where ended_at is null`,
  );
  expect(await inOneBlock(acme)).toEqual(['1', 'TZ030']);
});
