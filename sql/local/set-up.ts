/** The steps from an empty server to a platform that is measured. Each can be repeated: it does what is missing. */
import path from 'node:path';
import { apply } from '../applier/apply';
import type { ProgressLine } from '../cli/progress';
import { findingsText } from '../cli/render/findings';
import { summaryLines } from '../cli/render/summary';
import { tableStates } from '../cli/table-states';
import { bootstrap } from '../db/bootstrap';
import { migrate } from '../db/migrate';
import { ident, literal } from '../db/names';
import type { SigningKeys } from '../db/tenant';
import { withClient } from '../db/transaction';
import { loadRegistry, type Registry } from '../registry';
import { type VerifyReport, verify } from '../verifier/verify';
import { DATABASE, ensureDatabase, type LocalCluster } from './cluster';
import { LOGINS } from './home';
import { type Classes, measure } from './measure';
import { observers } from './observers';
import { measuredTable, stepLine } from './render';
import { seed } from './seed';
import { TENANTS, type TenantClass } from './tenants';

export interface Output {
  print(text: string): void;
  readonly progress: ProgressLine;
}

export type Step = <T>(name: string, work: () => Promise<T>, result?: (value: T) => string) => Promise<T>;

/** Runs a step and prints how long it took. */
export function stepper({ print, progress }: Output): Step {
  return async (name, work, result) => {
    progress.show(`${name} ...`);
    const started = performance.now();
    const value = await work();
    progress.clear();
    print(stepLine(performance.now() - started, `${name}${result ? `: ${result(value)}` : ''}`));
    return value;
  };
}

/** What tenant tokens are signed with on this machine. */
export function signingKeys({ secrets: { signing } }: LocalCluster): SigningKeys {
  return { current: { id: signing.id, secret: Buffer.from(signing.secret, 'base64url') } };
}

const SQL = path.join(__dirname, '..');

/** Returns how many findings fail. */
export async function setUp(cluster: LocalCluster, output: Output, step: Step): Promise<number> {
  const { passwords } = cluster.secrets;
  const keys = signingKeys(cluster);
  const registry = await loadRegistry(path.join(SQL, 'registry.yaml'));
  await step('Roles and database', async () => {
    await ensureDatabase(cluster);
    const { migrator = '', registry_applier = '', app_backend = '' } = passwords;
    await withClient(cluster.url('postgres'), async (client) => {
      await bootstrap(client, { database: DATABASE, passwords: { migrator, registry_applier, app_backend } });
      // `rls advise` measures on temporary tables: harmless on one machine, not wanted in production.
      await client.query(`grant temporary on database ${ident(DATABASE)} to registry_applier`);
    });
  });
  await step(
    'Migrations',
    () => migrate({ url: cluster.url('migrator'), dir: path.join(SQL, 'migrations') }),
    (applied) => (applied.length === 0 ? 'nothing new' : `${applied.length} applied`),
  );
  await step(
    'Registry applied',
    () => withClient(cluster.url('registry_applier'), (client) => apply(client, registry)),
    (report) => `${report.applied.length} changes, ${report.remaining.length} remain`,
  );
  const verified = await step(
    'Registry verified',
    () => verifyAll(cluster, registry, output),
    (report) => (report.failing.length === 0 ? 'nothing fails' : `${report.failing.length} findings fail`),
  );
  await step('Passwords and signing key', () => logins(cluster, keys));
  await step(
    'Demo tenants',
    () => seed({ url: cluster.url, keys }),
    (made) => (made.length === 0 ? 'there already' : made.join(', ')),
  );
  const measured = await step('Measured', () =>
    measure(verified.plan.bound, CLASSES, observers(cluster.url, keys)),
  );
  output.print('');
  const { findings, failing, probes } = verified;
  if (failing.length > 0) output.print(`${findingsText(failing)}\n`);
  output.print(summaryLines({ status: tableStates(verified.plan), findings, failing, probes }).join('\n'));
  const counts = {
    ordinary: CLASSES.ordinary.length,
    sensitive: CLASSES.sensitive.length,
    own: CLASSES.own.length,
  };
  output.print(`\n${measuredTable(measured, counts)}`);
  return failing.length;
}

const ids = (is: TenantClass) => TENANTS.filter((tenant) => tenant.is === is).map((tenant) => tenant.id);
const CLASSES: Classes = { ordinary: ids('ordinary'), sensitive: ids('sensitive'), own: ids('own') };

function verifyAll(cluster: LocalCluster, registry: Registry, { progress }: Output): Promise<VerifyReport> {
  return withClient(cluster.url('registry_applier'), (client) =>
    verify(client, registry, { probes: 'synthetic', progress: (message) => progress.show(message) }),
  );
}

/** The engine makes roles without passwords: who may log in how is not its business, but ours here. */
async function logins(cluster: LocalCluster, { current }: SigningKeys): Promise<void> {
  await withClient(cluster.url('postgres'), async (client) => {
    for (const login of LOGINS.filter((each) => each !== 'postgres'))
      await client.query(
        `alter role ${ident(login)} password ${literal(cluster.secrets.passwords[login] ?? '')}`,
      );
  });
  await withClient(cluster.url('registry_applier'), (client) =>
    client.query('select vault.set_signing_key($1, $2)', [current.id, current.secret]),
  );
}
