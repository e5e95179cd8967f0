/** The proof that a support session is restricted: none -> break it -> said -> mended -> none. A cluster of its own: roles break. */
import { proveRestricted, redeem } from '../../../sql/support-session';
import { withClient } from '../../support/database';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';
import type { PlatformDatabase } from '../../support/platform';
import {
  asLogin,
  createTenantDatabase,
  issueTicket,
  platformRegistry,
  withoutApprovals,
} from '../../support/tenants';

jest.setTimeout(60_000);
let cluster: OwnCluster;
let database: PlatformDatabase;

beforeAll(async () => {
  cluster = await moveToOwnCluster();
  database = await createTenantDatabase();
});
afterAll(() => cluster.stop());

const proof = (login = 'support_shell', registry = platformRegistry) =>
  asLogin(database, login, (client) => proveRestricted(client, registry));
const sudo = (...statements: string[]) =>
  withClient(database.superuser, async (client) => {
    for (const each of statements) await client.query(each);
  });

test('a session as it is deployed is proved', async () => {
  expect(await proof()).toEqual([]);
});

test.each([
  [
    'a table without forced row security',
    ['alter table public.employees no force row level security'],
    ['alter table public.employees force row level security'],
    ['public.employees is not protected'],
  ],
  [
    'a table without row security, which shows its rows',
    ['alter table public.employees disable row level security'],
    ['alter table public.employees enable row level security'],
    ['public.employees is not protected', 'public.employees shows rows to a session without a ticket'],
  ],
  [
    'a role with BYPASSRLS',
    ['alter role support_shell bypassrls'],
    ['alter role support_shell nobypassrls'],
    [expect.stringContaining('BYPASSRLS')],
  ],
  [
    'a membership that opens nothing yet',
    ['create role helper', 'grant helper to support_shell'],
    ['drop role helper'],
    ['the database role is a member of helper'],
  ],
])('%s', async (_, breaks, mends, found) => {
  try {
    await sudo(...breaks);
    const said = await proof();
    for (const each of found) expect(said).toContainEqual(each);
  } finally {
    await sudo(...mends);
  }
  expect(await proof()).toEqual([]);
});

test('the membership by which RDS asks IAM is none', async () => {
  await sudo('create role rds_iam', 'grant rds_iam to support_shell');
  expect(await proof()).toEqual([]);
  await sudo('drop role rds_iam');
});

test('another login is not it, however harmless', async () => {
  expect(await proof('auditor')).toEqual(['the session is auditor, not support_shell']);
});

test('another registry than the applied one proves nothing, and one without approvals less', async () => {
  expect(await proof('support_shell', { ...platformRegistry, hash: '0'.repeat(64) })).toEqual([
    expect.stringContaining('another registry'),
  ]);
  expect(await proof('support_shell', withoutApprovals)).toContain(
    'the registry has no approvals: no session needs a ticket',
  );
});

test('a session that has redeemed its ticket already is not proved: it is asked before', async () => {
  const ticket = await issueTicket(database, { person: '1' });
  const said = await asLogin(database, 'support_shell', async (client) => {
    await client.query('set default_transaction_read_only = on');
    expect(await redeem(client, ticket)).toEqual({
      person: '1',
      name: 'support-shell 1@example.com',
      mode: 'read-only',
    });
    return proveRestricted(client, platformRegistry);
  });
  expect(said).toContain('public.employees shows rows to a session without a ticket');
});

test('a ticket is redeemed once', async () => {
  const ticket = await issueTicket(database, { person: '1' });
  await asLogin(database, 'support_shell', (client) => redeem(client, ticket));
  await expect(asLogin(database, 'support_shell', (client) => redeem(client, ticket))).rejects.toMatchObject({
    code: 'TZ031',
  });
});
