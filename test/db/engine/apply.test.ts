import { readFileSync } from 'node:fs';
import { plan } from '../../../sql/planner/plan';
import { withClient } from '../../support/database';
import { applyTo, registryOf } from '../../support/engine';
import { createPlatformDatabase, REGISTRY } from '../../support/platform';

const registry = registryOf(readFileSync(REGISTRY, 'utf8'));

test('the first apply leaves nothing to do, and the second one does nothing', async () => {
  const database = await createPlatformDatabase();
  const first = await applyTo(database.applier, registry);
  expect(
    first.remaining.map(
      (change) => `${change.unit} ${change.name} ${change.note ?? ''} ${change.before} -> ${change.after}`,
    ),
  ).toEqual([]);
  expect(first.applied.length).toBeGreaterThan(100);
  const second = await applyTo(database.applier, registry);
  expect(second.applied).toEqual([]);
  expect(second.remaining).toEqual([]);
  const fresh = await withClient(database.applier, (client) => plan(client, registry, { useMemory: false }));
  expect(fresh.changes).toEqual([]);
});
