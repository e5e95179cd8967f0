import type { Finding } from '../../../sql/verifier/types';
import { withClient } from '../../support/database';
import { createPlatformDatabase } from '../../support/platform';
import { Stage } from './stage';

jest.setTimeout(120_000);
const stage = new Stage();
beforeAll(() => stage.open());
afterAll(() => stage.close());

test('a clean database yields a metric; planted drift shows in it, fails the call, and is not mended', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  const verifyOnce = () => stage.call('onSchedule', {}, stage.environment(database));
  const clean = await verifyOnce();
  expect(clean.error).toBeUndefined();
  expect(clean.result).toBeNull();
  const metric = clean.log.find((line) => line._aws) as { _aws: { CloudWatchMetrics: unknown[] } };
  expect(metric).toMatchObject({ Database: database.name, Operation: 'verify', Findings: 0, Drift: 0 });
  expect(metric._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'TenantZero/RlsRegistry',
      Dimensions: [['Database', 'Operation']],
      Metrics: ['Findings', 'Drift', 'TablesProtected', 'Unproved', 'DurationMs'].map((Name) => ({
        Name,
        Unit: Name === 'DurationMs' ? 'Milliseconds' : 'Count',
      })),
    },
  ]);

  await withClient(database.superuser, (client) =>
    client.query('alter table public.payslips disable row level security'),
  );
  for (let time = 1; time <= 2; time += 1) {
    const drifted = await verifyOnce();
    expect(drifted.error?.message).toMatch(/^Row security has \d+ gaps:\nTZ100 public\.payslips/);
    const values = drifted.log.find((line) => line._aws) as Record<string, number>;
    expect(values.Drift).toBeGreaterThan(0);
    expect(values.Findings).toBeGreaterThanOrEqual(values.Drift ?? 0);
    expect(drifted.log.find((line) => line.event === 'failed')).toMatchObject({ name: 'GapsFound' });
  }
});

test('a verification waits for an apply that is under way, and says so when it does not end', async () => {
  const database = await createPlatformDatabase();
  await stage.deploy('Create', database);
  await withClient(database.superuser, async (applier) => {
    await applier.query('select pg_advisory_lock(8387226000912395056)');
    const answer = await stage.call('onSchedule', {}, stage.environment(database), {
      environment: { TZ_LOCK_SECONDS: '1' },
    });
    expect(answer.error?.message).toMatch(/^another run migrates, applies or verifies/);
  });
});

test('a database to which the registry was never applied fails', async () => {
  const database = await createPlatformDatabase();
  const answer = await stage.call('onSchedule', {}, stage.environment(database));
  expect(answer.error?.message).toMatch(
    /^Row security has \d+ gaps:\n(TZ100 .*\n)+and \d+ more; the log has all of them$/,
  );
  const reports = answer.log.filter((line) => line.event === 'report') as {
    gaps: number;
    findings: Finding[];
  }[];
  const failing = reports.flatMap((report) => report.findings).filter((each) => each.severity !== 'info');
  expect(reports[0]?.gaps).toBeGreaterThan(100);
  // Tables without rows are counted apart.
  expect(failing.filter((each) => each.rule !== 'TZ203')).toHaveLength(reports[0]?.gaps ?? 0);
});
