/**
 * Mistakes that administrators and migrations leave behind: verification names each of them, and is content again when
 * they are gone. A cluster of its own: roles with rights too many would be findings of the tests beside this one.
 */
import { verify } from '../../../sql/verifier/verify';
import { withClient } from '../../support/database';
import { applyTo } from '../../support/engine';
import { moveToOwnCluster } from '../../support/own-cluster';
import type { PlatformDatabase } from '../../support/platform';
import { createTenantDatabase, platformRegistry } from '../../support/tenants';
import { guard } from './mistakes/guard';
import type { Mistake } from './mistakes/mistake';
import { objects } from './mistakes/objects';
import { protection } from './mistakes/protection';
import { roles } from './mistakes/roles';
import { structure } from './mistakes/structure';

let stop: () => Promise<void> = async () => undefined;
let database: PlatformDatabase;
beforeAll(async () => {
  const cluster = await moveToOwnCluster();
  stop = cluster.stop;
  database = await createTenantDatabase();
  standing = await found('synthetic');
  expect(standing.filter((finding) => !finding.endsWith('(info)'))).toEqual([]);
}, 60_000);
afterAll(() => stop());

/** What the untouched database is told, for information only. */
let standing: string[] = [];

async function found(probes: 'synthetic' | 'none' = 'none'): Promise<string[]> {
  const { findings } = await withClient(database.applier, (client) =>
    verify(client, platformRegistry, { probes }),
  );
  return findings
    .filter(({ acknowledged }) => !acknowledged)
    .map(({ rule, key, severity }) => `${rule} ${key} (${severity})`)
    .filter((finding) => !standing.includes(finding));
}

const administrator = (sql: string) =>
  withClient(database.superuser, (client) => client.query(sql.replaceAll(':db', database.name)));

const isNamed = (findings: readonly string[], { finds }: Mistake): boolean => {
  const [rule, ...key] = finds.split(' ');
  return findings.some((finding) => finding.startsWith(`${rule} `) && finding.includes(key.join(' ')));
};

async function undo(mistakes: readonly Mistake[]): Promise<void> {
  for (const mistake of [...mistakes].reverse()) if (mistake.undo) await administrator(mistake.undo);
  if (mistakes.some((mistake) => !mistake.undo)) await applyTo(database.applier, platformRegistry);
}

/** Planted together where they do not disturb each other: one verification then answers for all of them. */
describe.each([
  ['roles', roles],
  ['protection', protection],
  ['guard', guard],
  ['objects', objects],
  ['structure', structure],
] as const)('of %s verification finds', (_, all) => {
  const together = all.filter((mistake) => !mistake.alone);
  let findings: string[] = [];
  beforeAll(async () => {
    for (const mistake of together) await administrator(mistake.plant);
    findings = await found();
  }, 60_000);

  test.each(together)('$what', (mistake) => {
    expect({ finds: mistake.finds, isNamed: isNamed(findings, mistake), findings }).toMatchObject({
      isNamed: true,
    });
  });

  test('nothing when they are undone', async () => {
    await undo(together);
    expect(await found('synthetic')).toEqual([]);
  }, 60_000);

  const alone = all.filter((mistake) => mistake.alone);
  if (alone.length > 0)
    test.each(alone)(
      '$what',
      async (mistake) => {
        await administrator(mistake.plant);
        const named = await found(mistake.finds.startsWith('TZ2') ? 'synthetic' : 'none');
        await undo([mistake]);
        expect({ isNamed: isNamed(named, mistake), named }).toMatchObject({ isNamed: true });
        expect(await found()).toEqual([]);
      },
      60_000,
    );
});

test('a registered column that is not there ends verification with its place in the registry', async () => {
  await administrator('alter table public.rooms rename column organization_id to tenant_id');
  await expect(found()).rejects.toMatchObject({
    message: expect.stringContaining('public.rooms has no column organization_id'),
  });
  await administrator('alter table public.rooms rename column tenant_id to organization_id');
  expect(await found()).toEqual([]);
});
