/** The same path in schemas of other people: other keys, other spellings, a flag that the engine keeps itself. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { gateOf } from '../../../sql/approvals/gate';
import { createDatabase, urlFor, withClient } from '../../support/database';
import { applyTo, registryOf } from '../../support/engine';
import { moveToOwnCluster, type OwnCluster } from '../../support/own-cluster';
import { asks, attemptFor, completes, PEOPLE, refusal } from './world';

const { uma, ada } = PEOPLE;

jest.setTimeout(120_000);

// Roles belong to the whole cluster: those that this registry makes would be in the way of other files.
let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await moveToOwnCluster();
});
afterAll(() => cluster.stop());

interface Case {
  readonly title: string;
  readonly type: string;
  readonly keys: readonly [own: string, secret: string, ordinary: string, none: string];
  readonly sensitive: string;
  readonly own: string;
}

const cases: readonly Case[] = [
  {
    title: 'numbers',
    type: 'bigint',
    keys: ['1', '2', '3', '4'],
    sensitive: 'sensitive: isSecret',
    own: 'own: isOwn',
  },
  {
    title: 'text, the own one by its key',
    type: 'text',
    keys: ["o'wn", 'a.b', 'c"d', 'e'],
    sensitive: 'sensitive: isSecret',
    own: `own: { id: "o'wn" }`,
  },
  {
    title: 'varchar of a length',
    type: 'varchar(21)',
    keys: ['own-1', 'xx', 'yy', 'zz'],
    sensitive: 'sensitive: isSecret',
    own: 'own: isOwn',
  },
];

test.each(cases)(
  '$title',
  async ({ type, keys: [own, secret, ordinary, none], sensitive, own: ownEntry }) => {
    const name = await createDatabase();
    const url = urlFor(name);
    const registry = registryOf(`
organizations:
  table: '"Core"."Workspace"'
  id: Id
  ${sensitive}
  ${ownEntry}
  gate: sensitive_gate
approvals: { auditor: auditor, default_minutes: 20, max_minutes: 60 }
roles:
  support_shell: { sees: non-sensitive, verbs: [select], login: true }
  sensitive_gate: { sees: nothing, verbs: [], login: true }
  auditor: { sees: nothing, verbs: [], login: true }
tables:
  '"Core"."Task"': { organization: workspaceId }
`);
    await withClient(url, async (client) => {
      await client.query(`revoke all on database ${name} from public; create schema "Core";
      create table "Core"."Workspace" ("Id" ${type} primary key, "isSecret" boolean not null, "isOwn" boolean not null);
      create table "Core"."Task" ("Id" bigint generated always as identity primary key, "workspaceId" ${type} not null references "Core"."Workspace")`);
      for (const [key, isSecret, isOwn] of [
        [own, true, true],
        [secret, true, false],
        [ordinary, false, false],
      ]) {
        await client.query('insert into "Core"."Workspace" values ($1, $2, $3)', [key, isSecret, isOwn]);
        await client.query(
          'insert into "Core"."Task" ("workspaceId") select $1 from generate_series(1, 12)',
          [key],
        );
      }
    });
    await applyTo(url, registry);
    const again = await applyTo(url, registry);
    expect(again.applied ?? []).toEqual([]);
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('set session authorization sensitive_gate');
      const gate = gateOf(client);
      expect(await gate.context(uma, 'own')).toMatchObject({
        organization: own,
        own: true,
        codesNeeded: 2,
        defaultMinutes: 20,
      });
      expect(await gate.context(uma, ordinary)).toMatchObject({ own: false, sensitive: false });
      expect(await refusal(gate.context(uma, none))).toBe('TZ050');
      expect(await refusal(gate.request(uma, asks({ organization: ordinary })))).toBe('TZ051');
      const request = await gate.request(uma, asks({ organization: secret }));
      expect(request).toMatchObject({
        organization: secret,
        codesNeeded: 1,
        blast: [{ table: '"Core"."Task"', rows: 20 }],
      });
      await gate.addApprover(ada, 'ada');
      const confirm = {
        ...attemptFor(request),
        purpose: 'confirm-approver',
        request: null,
        hash: null,
        approver: 'ada',
      } as const;
      await gate.attempt(ada, confirm);
      await completes({ client, gate }, confirm.id);
      const attempt = attemptFor(request, 'approve', { id: randomUUID() });
      await gate.attempt(ada, attempt);
      expect((await completes({ client, gate }, attempt.id)).request?.state).toBe('approved');
      const flag = await gate.request(uma, asks({ organization: ordinary, kind: 'flag', sensitive: true }));
      const marking = attemptFor(flag);
      await gate.attempt(ada, marking);
      await completes({ client, gate }, marking.id);
      expect(await gate.context(uma, ordinary)).toMatchObject({ sensitive: true });
      expect((await gate.revoke(uma, request.id, 'the test is over now')).request.state).toBe('revoked');
    } finally {
      await client.end();
    }
  },
);
