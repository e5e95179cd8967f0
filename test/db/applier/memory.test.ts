/** `guard.state`: what the applier writes down, for whom, and how far it is believed. */
import { apply } from '../../../sql/applier/apply';
import { plan } from '../../../sql/planner/plan';
import { verify } from '../../../sql/verifier/verify';
import { withClient } from '../../support/database';
import { watch } from './faults';
import { applySmall, createSmall, makeRoles, PARTS, type Small, small } from './world';

jest.setTimeout(60_000);

let applied: Small;
beforeAll(async () => {
  await makeRoles();
  applied = await createSmall();
  await applySmall(applied, small());
});

const copy = () => createSmall({ template: applied.name });
const administrator = (database: Small, sql: string, values: unknown[] = []) =>
  withClient(database.superuser, async (client) => (await client.query(sql, values)).rows);
const state = async (database: Small) =>
  (await administrator(database, 'select registry_hash, detail from guard.state'))[0];
const wider = small({ roles: PARTS.roles.replace('non-sensitive', 'everything') });

test('says which registry was applied, and nothing while that is not certain', async () => {
  const database = await copy();
  expect((await state(database)).registry_hash).toBe(small().hash);
  await withClient(database.applier, async (client) => {
    const watched = watch(client, {
      async before(_, sql) {
        if (/ALTER TABLE ONLY public.people/.test(sql)) throw new Error('the wire is cut');
      },
    });
    await apply(watched.client, wider).catch(() => undefined);
  });
  expect((await state(database)).registry_hash).toBeNull();
  await applySmall(database, wider);
  expect((await state(database)).registry_hash).toBe(wider.hash);
});

test('keeps what others wrote beside it', async () => {
  const database = await copy();
  await administrator(
    database,
    `update guard.state set detail = detail || '{"releases": [{"id": "a", "day": "2026-11-20"}], "other": 1}'`,
  );
  await applySmall(database, wider);
  expect((await state(database)).detail).toMatchObject({
    releases: [{ id: 'a', day: '2026-11-20' }],
    other: 1,
  });
});

test('does not grow: what the registry no longer needs is forgotten', async () => {
  const database = await copy();
  const size = async () => JSON.stringify((await state(database)).detail).length;
  const before = await size();
  for (let round = 0; round < 3; round++) {
    await applySmall(database, wider);
    await applySmall(database, small());
  }
  expect(await size()).toBe(before);
  await withClient(database.owner, (client) => client.query('drop table public.notes'));
  await applySmall(database, small({ tables: PARTS.tables.replace(/\n {2}public.notes.*/, '') }));
  expect(Object.keys((await state(database)).detail.owners).some((key) => key.includes('notes'))).toBe(false);
});

describe('forged by somebody who may write it', () => {
  /** The wall of one table is opened, and the memory says that this is how the wall prints. */
  async function forged(): Promise<Small> {
    const database = await copy();
    await administrator(
      database,
      `alter policy tenant_zero_permit_small_app on public.teams using (true) with check (true);
       alter policy tenant_zero_restrict_small_app on public.teams using (true) with check (true)`,
    );
    const { printed } = (await state(database)).detail as { printed: Record<string, string> };
    const wall = Object.entries(printed).filter(([, text]) => text.includes('current_organization'));
    expect(wall.length).toBeGreaterThan(0);
    for (const [key] of wall)
      await administrator(
        database,
        `update guard.state set detail = jsonb_set(detail, array['printed', $1], '"true"')`,
        [key],
      );
    return database;
  }

  test('deceives neither verification nor an apply that is told not to believe it', async () => {
    const database = await forged();
    const { failing } = await withClient(database.applier, (client) =>
      verify(client, small(), { probes: 'none' }),
    );
    expect(failing).toContainEqual(
      expect.objectContaining({ rule: 'TZ100', key: 'public.teams tenant_zero_restrict_small_app' }),
    );
    const report = await withClient(database.applier, (client) =>
      apply(client, small(), { useMemory: false }),
    );
    expect(report.applied.map(({ unit, name }) => `${unit} ${name}`)).toContain(
      'public.teams tenant_zero_restrict_small_app',
    );
    expect(report.remaining).toEqual([]);
    expect((await withClient(database.applier, (client) => plan(client, small()))).changes).toEqual([]);
  });

  test('is not believed as soon as anything at all is to be changed', async () => {
    const database = await forged();
    const report = await applySmall(database, wider);
    expect(report.applied.map(({ unit, name }) => `${unit} ${name}`)).toContain(
      'public.teams tenant_zero_restrict_small_app',
    );
  });
});
