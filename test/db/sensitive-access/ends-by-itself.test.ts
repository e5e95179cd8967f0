/**
 * A grant of one minute, and then nothing but the database: no function, no endpoint of AWS, no clock of ours, nobody who may
 * still log in. It ends in an open transaction, in an open cursor and for new statements, and what is ordinary stays.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { ORGANIZATIONS } from '../../support/tenants';
import { World } from '../lambda/approvals/world';

jest.setTimeout(150_000);

const world = new World();
const clinic = ORGANIZATIONS.clinic;
let uma: Client;

beforeAll(async () => {
  await world.open();
  await world.enrol('ada');
});
afterAll(async () => {
  await uma?.end().catch(() => undefined);
  await world.close();
});

const of = async (client: Client, organization: string): Promise<number> =>
  (await client.query('select from public.documents where organization_id = $1', [organization])).rowCount ??
  -1;

test('a grant ends by itself with everything else stopped', async () => {
  const granted = await world.granted('uma', { minutes: 1 }, 'ada');
  const until = new Date(granted.grant?.endsAt ?? 0).getTime();
  uma = (await world.shell('uma')).client;
  expect(await of(uma, clinic)).toBe(1);

  // Everything else stops: AWS does not answer, and the function could not log in again.
  await world.stopAws();
  await world.superuser('alter role sensitive_gate nologin');
  await world.superuser('alter role registry_applier nologin');
  expect((await world.ask('ada', 'list', {}).catch(() => ({ ok: false }))).ok).toBe(false);

  await uma.query('begin read only');
  await uma.query(
    'declare c cursor for select organization_id from public.documents order by organization_id',
  );
  const [first] = (await uma.query('fetch 1 from c')).rows;
  expect(first).toBeDefined();
  expect(await of(uma, clinic)).toBe(1);

  // The server's clock decides; ours is the same machine's.
  await sleep(Math.max(0, until - Date.now()) + 100);
  const { rows } = await uma.query('fetch all from c');
  expect(rows.map((row) => row.organization_id)).not.toContain(clinic);
  expect(rows.map((row) => row.organization_id)).toContain(ORGANIZATIONS.beta);
  expect(await of(uma, clinic)).toBe(0);
  await uma.query('commit');
  expect(await of(uma, clinic)).toBe(0);
  // The session itself lives, and sees what it always may.
  expect(await of(uma, ORGANIZATIONS.acme)).toBe(1);
});
