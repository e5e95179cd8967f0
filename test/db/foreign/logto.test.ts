/** A real product's schema, from nothing to proved: init, its answers, check, and rows of two tenants by hand. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { apply } from '../../../sql/applier/apply';
import { signToken } from '../../../sql/db/tenant';
import { answerProposal, proposeRegistry, readSchema } from '../../../sql/discovery';
import { plan } from '../../../sql/planner/plan';
import type { Registry } from '../../../sql/registry';
import { verify } from '../../../sql/verifier/verify';
import { serverVersion, withClient } from '../../support/database';
import { registryOf, stateOf } from '../../support/engine';
import { createForeignDatabase, type ForeignDatabase } from '../../support/foreign';
import { loadLogto } from '../../support/logto';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';

const ANSWERS = readFileSync(path.join(__dirname, 'logto.answers.yaml'), 'utf8');

let database: ForeignDatabase;
let proposal: string;
let tables: string[];
// Roles that tests beside this one plant would be findings here.
let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await moveToOwnCluster();
  database = await createForeignDatabase('logto_owner', async (client, name) => {
    tables = await loadLogto(client, name);
    await client.query(
      `insert into tenants (id, db_user, db_user_password) values ('acme', 'acme', 'x'), ('beta', 'beta', 'x'), ('quiet', 'quiet', 'x')`,
    );
    for (const tenant of ['acme', 'beta', 'quiet']) {
      await client.query('insert into users (tenant_id, id) values ($1, $1)', [tenant]);
    }
  });
  proposal = await withClient(
    database.applier,
    async (client) => proposeRegistry(await readSchema(client), {}).yaml,
  );
}, 60_000);

afterAll(() => cluster.stop());

const check = (registry: Registry) =>
  withClient(database.applier, async (client) => {
    const applied = await apply(client, registry);
    return { applied, verified: await verify(client, registry, { probes: 'synthetic' }) };
  });

test('init registers every table with a tenant, and asks about the one without', () => {
  const registry = registryOf(proposal);
  expect(registry.tables.length + 1 + registry.undecided.length).toBe(tables.length);
  expect(registry.undecided.map((entry) => entry.table.name)).toEqual(['systems']);
});

test('the plan says who loses what before anything is changed', async () => {
  const { impact } = await withClient(database.applier, (client) => plan(client, registryOf(proposal)));
  const sentences = impact.map((each) => each.sentence);
  expect(sentences).toContainEqual(
    expect.stringMatching(
      /^role logto_owner owns \d+ relations and reads them today: its statements will be refused/,
    ),
  );
  const answered = registryOf(answerProposal(proposal, ANSWERS).yaml);
  const after = await withClient(database.applier, (client) => plan(client, answered));
  expect(after.impact.map((each) => each.sentence)).toContainEqual(
    expect.stringMatching(
      /^role logto_tenant_\w+ reads \d+ relations today without being in the registry: it will see nothing/,
    ),
  );
});

test('answered and checked, every table is isolated and proved so', async () => {
  const { applied, verified } = await check(registryOf(answerProposal(proposal, ANSWERS).yaml));
  expect(applied.remaining).toEqual([]);
  // Logto's login creates roles: before PostgreSQL 16 that is the right to become almost anybody, and said to be so.
  const failing = verified.failing.filter(({ rule }) => serverVersion() >= 160000 || rule !== 'TZ136');
  expect(failing.map((finding) => `${finding.rule} ${finding.key} ${finding.message}`)).toEqual([]);
  expect(verified.probes?.counts).toMatchObject({ tables: tables.length - 1, violated: 0, unproved: 0 });
}, 60_000);

test('rows of two tenants: each sees its own, support does not see the hidden one, the owner is told', async () => {
  const secret = Buffer.alloc(32, 3);
  await withClient(database.applier, async (client) => {
    await client.query('set role guard_owner');
    await client.query(`select vault.set_signing_key('k', $1)`, [secret]);
    await client.query(
      `begin; insert into guard.sensitive_organizations (organization) values ('quiet'); commit`,
    );
  });
  await withClient(database.superuser, async (client) => {
    await client.query('set session authorization app_backend');
    const see = async (organization: string) => {
      const token = signToken(
        { current: { id: 'k', secret } },
        { kind: 'tenant', organization, expiresInSeconds: 60 },
      );
      await client.query(`select set_config('tenant_zero.token', $1, false)`, [token]);
      return (await client.query('select id from public.users')).rows.map((row) => row.id);
    };
    expect(await see('acme')).toEqual(['acme']);
    expect(await see('beta')).toEqual(['beta']);
    expect(await stateOf(client, `insert into public.users (tenant_id, id) values ('acme', 'x')`)).toBe(
      '42501',
    );
    await client.query('reset session authorization; set session authorization support_shell');
    await client.query(`select set_config('tenant_zero.token', '', false)`);
    expect((await client.query('select id from public.users order by 1')).rows).toEqual([
      { id: 'acme' },
      { id: 'beta' },
    ]);
  });
  await withClient(database.applier, async (client) => {
    await client.query('set role logto_owner');
    expect(await stateOf(client, 'select * from public.users')).toBe('TZ010');
  });
  await withClient(database.owner, async (client) => {
    expect((await client.query('select from public.users')).rowCount).toBe(3);
  });
});

test('unanswered, the gap fails the build and is named', async () => {
  const { verified } = await check(registryOf(proposal));
  expect(verified.failing).toContainEqual(
    expect.objectContaining({
      rule: 'TZ105',
      key: 'public.systems',
      message: expect.stringContaining('undecided:'),
    }),
  );
}, 60_000);
