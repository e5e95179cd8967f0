import { readFileSync } from 'node:fs';
import { findings, runProbes } from '../../../sql/verifier/probes';
import { product, boundOf } from './product';
import { createPlatformDatabase, REGISTRY as PR } from '../../support/platform';
import { applyTo, registryOf } from '../../support/engine';
import { withClient } from '../../support/database';

function show(report: any) {
  console.log(JSON.stringify(report.counts), report.milliseconds, findings(report).map((f)=>`${f.rule} ${f.key}: ${f.message}`).join('\n'));
}
test('debug', async () => {
  show(await product('', (client, bound) => runProbes(client, bound)));
  show(await product('', (client, bound) => runProbes(client, bound, {mode:'existing'})));
}, 60000);
test('platform', async () => {
  const yaml = readFileSync(PR, 'utf8');
  const database = await createPlatformDatabase();
  await applyTo(database.applier, registryOf(yaml));
  await withClient(database.applier, async (client) => show(await runProbes(client, await boundOf(client, yaml))));
}, 60000);
