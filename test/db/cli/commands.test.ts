/** Every command against the product schema, in the order in which a deploy meets them. */
import { withClient } from '../../support/database';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';
import { createPlatformDatabase, type PlatformDatabase } from '../../support/platform';
import { type Ran, rls, start, until } from './rls';

jest.setTimeout(120_000);

let database: PlatformDatabase;
const on = (...args: string[]): Promise<Ran> => rls(...args, '--database-url', database.applier);
const value = (ran: Ran) => JSON.parse(ran.stdout);

// Roles that tests beside this one plant would be findings of `check`.
let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await moveToOwnCluster();
  database = await createPlatformDatabase();
});
afterAll(() => cluster.stop());

test('plan finds changes on a new database, says who loses, and changes nothing', async () => {
  const [text, json, markdown, again] = await Promise.all([
    on('plan'),
    on('plan', '--format', 'json'),
    on('plan', '--format', 'markdown'),
    on('plan', '--format', 'json'),
  ]);
  expect(text).toMatchObject({ code: 1, stderr: '' });
  expect(text.stdout).toMatch(/^public\.employees\n {2}\+ ENABLE ROW LEVEL SECURITY$/m);
  expect(text.stdout).toContain('Who gains and who loses');
  expect(text.stdout).toMatch(/\d+ changes in \d+ units: rls apply\.\n$/);
  expect(value(json).changes.length).toBeGreaterThan(100);
  expect(value(json)).toEqual(value(again));
  expect(markdown.stdout).toContain('| unit |');
});

test('status before apply: nothing is protected, and nothing was applied', async () => {
  const ran = await on('status');
  expect(ran.code).toBe(0);
  expect(ran.stdout).toContain('0 of 20 tables protected, 20 with pending changes, 5 excluded');
  expect(ran.stdout).toContain('not applied');
});

test('Ctrl-C during apply ends between two tables, says what is done, and the next apply does the rest', async () => {
  await withClient(database.migrator, async (holder) => {
    await holder.query('set role platform_owner; begin; lock table public.payslips in access exclusive mode');
    const apply = start('rls', ['apply', '--database-url', database.applier, '--patience', '60']);
    await until(() => apply.stderr().includes('public.payslips is locked'));
    apply.child.kill('SIGINT');
    const ran = await apply.ran;
    expect(ran).toMatchObject({ code: 130, stdout: '' });
    expect(ran.stderr).toMatch(
      /interrupted: \d+ of the units are done and stay \(roles, guard, .*\); run apply again/,
    );
    await holder.query('rollback');
  });
  const half = value(await on('status', '--format', 'json'));
  expect(half.counts.protected).toBeGreaterThan(0);
  expect(half.counts.pending).toBeGreaterThan(0);
});

test('apply does the rest, and a second one nothing', async () => {
  const first = await on('apply');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(
    /Applied \d+ changes in \d+ units\. The database is what the registry says\.\n$/,
  );
  const second = await on('apply', '--format', 'json');
  expect(value(second)).toMatchObject({ complete: true, applied: [], remaining: [] });
  const applied = value(await on('status', '--format', 'json')).registry;
  expect(applied.applied).toBe(applied.hash);
  expect(applied.appliedBy).toBe('registry_applier');
});

test('apply --only leaves the rest, and says so with its exit code', async () => {
  await withClient(database.migrator, (client) =>
    client.query(
      'set role platform_owner; alter table public.rooms no force row level security; alter table public.jobs no force row level security',
    ),
  );
  const only = await on('apply', '--only', 'rooms', '--format', 'json');
  expect(only.code).toBe(1);
  expect(value(only).remaining.map((each: { unit: string }) => each.unit)).toEqual(['public.jobs']);
  expect((await on('apply', '--format', 'markdown')).stdout).toContain('Applied 1 change in 1 unit.');
});

test('check applies and proves, in every format', async () => {
  const [text, json, markdown, sarif, github] = await Promise.all(
    ['text', 'json', 'markdown', 'sarif', 'github'].map((format, i) =>
      i === 0 ? on('check') : on('verify', '--probes', 'none', '--format', format),
    ),
  );
  expect(text?.stdout).toContain('nothing fails');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text?.stdout).toMatch(/20 of 20 tables protected, 5 excluded/);
  expect(text?.stdout).toMatch(/probes \(synthetic\): \d+ proved, 0 violated, 0 unproved/);
  expect(value(json as Ran)).toMatchObject({ failing: 0, probes: null, tables: { protected: 20, gap: 0 } });
  expect(markdown?.stdout).toContain('- 20 of 20 tables protected');
  expect(value(sarif as Ran)).toMatchObject({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'tenant-zero rls' } } }],
  });
  expect(github?.stdout).toContain('no probes: behaviour is unproved');
});

test('a table that nobody registered is a gap: verify fails, apply seals it, and verify still fails', async () => {
  await withClient(database.migrator, (client) =>
    client.query('set role platform_owner; create table public.forgotten (id int)'),
  );
  const before = await on('verify', '--probes', 'none', '--format', 'github');
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(
    /^::error file=sql\/registry\.yaml,line=1,title=TZ105 unregistered-relation::/m,
  );
  expect((await on('apply')).code).toBe(0);
  const after = await on('verify', '--probes', 'none', '--format', 'sarif');
  expect(after.code).toBe(1);
  const keys = value(after).runs[0].results.map(
    (each: { properties: { key: string } }) => each.properties.key,
  );
  expect(keys).toContain('public.forgotten');
  expect((await on('status')).stdout).toMatch(/public\.forgotten +gap, sealed/);
});

test('whoever reads may stop reading: no error, and the same exit code', async () => {
  const { child, ran } = start('rls', ['status', '--database-url', database.applier]);
  child.stdout?.destroy();
  expect(await ran).toMatchObject({ code: 0, stderr: '' });
});

test('advise needs temporary tables, and says so', async () => {
  const ran = await on('advise');
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain('TEMPORARY');
  await withClient(database.superuser, (client) =>
    client.query(`grant temporary on database ${database.name} to registry_applier`),
  );
  const [text, json] = await Promise.all([on('advise'), on('advise', '--format', 'json')]);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('public.legacy_notes: organization through public.employees');
  expect(value(json)[0].table).toBe('public.legacy_notes');
});
