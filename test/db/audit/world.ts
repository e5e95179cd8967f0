/** A database with a ledger in it, and an auditor who may read it and nothing else. */
import { randomUUID } from 'node:crypto';
import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { dataApiConnection } from '../../../cli/audit/data-api-source';
import type { Head } from '../../../cli/audit/heads';
import { ledgerOver } from '../../../cli/audit/ledger';
import type { LedgerSource } from '../../../cli/audit/ledger-source';
import { pgConnection } from '../../../cli/audit/pg-source';
import { type RdsDataServer, type ServerOptions, startRdsData } from '../../../local/rds-data';
import { bearingRaces } from '../../../sql/db/races';
import { clusterUrl, withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { createTenantDatabase, markSensitive, ORGANIZATIONS } from '../../support/tenants';

export const PASSWORD = 'test-auditor';
export const RESOURCE = 'arn:aws:rds:eu-central-1:000000000000:cluster:tz-test-database';
export const SECRET =
  'arn:aws:secretsmanager:eu-central-1:000000000000:secret:tz-test/sensitive/auditor-login-AbCdEf';

export interface World {
  readonly database: PlatformDatabase;
  /** As the auditor. */
  readonly url: string;
  readonly api: RdsDataServer;
  readonly client: RDSDataClient;
  /** What the commands say while they wait. */
  readonly notes: string[];
  pg(): Promise<LedgerSource>;
  dataApi(): Promise<LedgerSource>;
  asSuperuser(sql: string, values?: unknown[]): Promise<void>;
  close(): Promise<void>;
}

export async function auditWorld(fault?: ServerOptions['fault']): Promise<World> {
  const database = await createTenantDatabase();
  await markSensitive(database, NOBODY);
  await withClient(database.superuser, (client) =>
    // Of the whole cluster, and the same in every test.
    bearingRaces(async () => void (await client.query(`alter role auditor password '${PASSWORD}'`))),
  );
  const { hostname, port } = new URL(clusterUrl());
  const api = await startRdsData({
    resourceArn: RESOURCE,
    host: hostname,
    port: Number(port),
    secret: (arn) => (arn === SECRET ? { username: 'auditor', password: PASSWORD } : undefined),
    ...(fault && { fault }),
  });
  const client = clientOf(api.endpoint);
  const notes: string[] = [];
  const url = database.as('auditor', PASSWORD);
  return {
    database,
    url,
    api,
    client,
    notes,
    pg: async () => ledgerOver(await pgConnection(url)),
    dataApi: async () =>
      ledgerOver(
        dataApiConnection({
          client: clientOf(api.endpoint),
          place: { resourceArn: RESOURCE, secretArn: SECRET, database: database.name },
          note: (text) => notes.push(text),
          pauseMs: 5,
          attempts: 5,
        }),
      ),
    asSuperuser: (sql, values) =>
      withClient(database.superuser, async (client) => void (await client.query(sql, values))),
    close: async () => {
      client.destroy();
      await api.close();
    },
  };
}

function clientOf(endpoint: string): RDSDataClient {
  return new RDSDataClient({
    endpoint,
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

/** The head of the ledger as it stands, as the approval function exports it. */
export async function exportedHead(world: World): Promise<Head> {
  return withClient(world.database.superuser, async (client) => {
    const { rows } = await client.query(
      `select sequence::int, encode(hash, 'hex') as hash from guard.ledger order by sequence desc limit 1`,
    );
    const { sequence, hash } = rows[0];
    return {
      sequence,
      hash,
      at: '2026-04-15T10:00:00Z',
      name: `ledger/${String(sequence).padStart(12, '0')}.json`,
    };
  });
}

/** Sensitive, and sensitive with nobody ever let in. */
export const { clinic: CLINIC, beta: NOBODY } = ORGANIZATIONS;

export const UMA = { person: 'uma', login: 'uma@example.com', persona: 'ProdEngineer' };

/** Entries of the ledger, written by the function that writes all of them. */
export async function record(
  world: World,
  count: number,
  { event = 'request', organization = CLINIC as string, detail = '{}' } = {},
): Promise<void> {
  await world.asSuperuser(
    `select guard.record($1, $2, $3, null, $4::jsonb || jsonb_build_object('n', n)) from generate_series(1, $5) n`,
    [event, JSON.stringify(UMA), organization, detail, count],
  );
}

export interface Granted {
  readonly from: string;
  readonly until: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly approvers?: readonly string[];
}

/** As `guard.record` writes, but of another day. */
const RECORD_AT = `create function pg_temp.record_at(written timestamptz, event text, caller jsonb, organization text, request uuid, detail jsonb)
  returns void language plpgsql as $$
  declare
    before guard.ledger_end;
    entry text;
  begin
    select * into strict before from guard.ledger_end for update;
    entry := (jsonb_build_object('sequence', before.sequence + 1, 'at', (extract(epoch from written) * 1000000)::bigint, 'event', event,
      'organization', organization, 'request', request, 'detail', detail) || caller)::text;
    insert into guard.ledger (sequence, body, previous, hash)
      values (before.sequence + 1, entry, before.hash, sha256(before.hash || convert_to(entry, 'UTF8')));
    update guard.ledger_end set sequence = before.sequence + 1, hash = sha256(before.hash || convert_to(entry, 'UTF8'));
  end $$`;

/** Grants with their requests, as accepting the last code makes them, at another time. Returns the requests. */
export async function grant(world: World, granted: Granted, copies = 1): Promise<string[]> {
  const { from, until, reason = 'payslip 7, "net" is – wrong', ticket = 'OPS', approvers = [] } = granted;
  const requests = Array.from({ length: copies }, () => randomUUID());
  await withClient(world.database.superuser, async (client) => {
    await client.query(RECORD_AT);
    for (const [n, request] of requests.entries()) {
      const record = (event: string, caller: object, detail: string) =>
        client.query(`select pg_temp.record_at($1, $2, $3, $4, $5, ${detail})`, [
          from,
          event,
          JSON.stringify(caller),
          CLINIC,
          request,
        ]);
      const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
      await record(
        'request',
        UMA,
        `jsonb_build_object('reason', ${text(reason)}, 'ticket', '${ticket}-${n + 1}')`,
      );
      for (const name of approvers)
        await record(
          'approval',
          { person: name, login: name, persona: 'SensitiveApprover' },
          `jsonb_build_object('approver', '${name}')`,
        );
      const { rows } = await client.query<{ id: string }>(
        `insert into guard.grants (person, organization, kind, access, request, starts_at, ends_at)
         values ($1, $2, 'shell', 'read', $3, $4, $5) returning id`,
        [UMA.person, CLINIC, request, from, until],
      );
      await record(
        'grant',
        { person: 'ada', login: 'ada', persona: 'SensitiveApprover' },
        `jsonb_build_object('grant', ${rows[0]?.id}, 'merged', '[]'::jsonb, 'for', '${UMA.person}', 'forLogin', '${UMA.login}',
          'kind', 'shell', 'access', 'read', 'until', (extract(epoch from timestamptz '${until}') * 1000000)::bigint)`,
      );
    }
  });
  return requests;
}

/** What only a superuser can do: the table as it would be without its guards. */
export async function unguarded(world: World): Promise<void> {
  await world.asSuperuser(`alter table guard.ledger disable trigger all`);
  await world.asSuperuser(`do $$ declare c name; begin
    for c in select conname from pg_constraint where conrelid = 'guard.ledger'::regclass and contype = 'c' loop
      execute format('alter table guard.ledger drop constraint %I', c); end loop; end $$`);
}
