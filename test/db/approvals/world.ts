/** A platform in which people ask, approve and revoke, as the approval function does it, but with codes that are only time steps. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import {
  type Accepted,
  type CallerIdentity,
  type Gate,
  gateOf,
  type NewAttempt,
  type NewRequest,
} from '../../../sql/approvals/gate';
import type { RequestView } from '../../../sql/approvals/views';
import { withClient } from '../../support/database';
import type { PlatformDatabase } from '../../support/platform';
import { createTenantDatabase, makeOwnTenant, ORGANIZATIONS } from '../../support/tenants';

function caller(name: string, persona: string): CallerIdentity {
  return { person: `p-${name}`, login: `${name}@example.com`, persona };
}

export const PEOPLE = {
  uma: caller('uma', 'ProdEngineer'),
  sam: caller('sam', 'ProdEngineer'),
  ada: caller('ada', 'SensitiveApprover'),
  grace: caller('grace', 'SensitiveApprover'),
  ivo: caller('ivo', 'SensitiveApprover'),
  bea: caller('bea', 'BreakGlassAdmin'),
} as const;

/** The same human being as an approver, with the other permission set. */
export const ADA_ASKS: CallerIdentity = { ...PEOPLE.ada, persona: 'ProdEngineer' };

export const { clinic, acme, beta } = ORGANIZATIONS;
/** The own tenant. */
export const zero = '00000000-0000-4000-8000-0000000000ff';
export const REASON = 'payroll shows the wrong month';

export function asks(given: Partial<NewRequest> = {}): NewRequest {
  return {
    id: randomUUID(),
    kind: 'shell',
    access: 'read',
    organization: clinic,
    sensitive: null,
    minutes: 30,
    reason: REASON,
    ticket: 'OPS-1',
    ...given,
  };
}

export function attemptFor(
  request: Pick<RequestView, 'id' | 'hash'>,
  purpose: NewAttempt['purpose'] = 'approve',
  given: Partial<NewAttempt> = {},
): NewAttempt {
  const reason = purpose === 'approve' ? null : 'it was looked at closely';
  return {
    id: randomUUID(),
    purpose,
    request: request.id,
    hash: request.hash,
    approver: null,
    reason,
    ...given,
  };
}

/** Steps are handed out, later and later, from the clock's: no test has to wait for a new code. */
let step = Math.floor(Date.now() / 30_000);
export function nextStep(): number {
  step += 1;
  return step;
}

/** Failures of approvers are forgotten: tests of one file share them. */
export async function forgive(world: World): Promise<void> {
  await world.look(`update vault.attempts set at = at - interval '15 minutes'`);
  await world.look('update vault.approvers set locked_until = null');
}

export interface World {
  readonly database: PlatformDatabase;
  readonly client: Client;
  readonly gate: Gate;
  /** Another connection of the gate's, closed with the world. */
  another(): Promise<{ client: Client; gate: Gate; pid: number }>;
  /** As the superuser: looks, and moves time by moving what was written. */
  look<T extends object = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export async function createWorld(
  approvers: readonly (keyof typeof PEOPLE)[] = ['ada', 'grace', 'ivo'],
): Promise<World> {
  const database = await createTenantDatabase();
  await withClient(database.migrator, (client) => makeOwnTenant(client, zero));
  const superuser = new Client({ connectionString: database.superuser });
  await superuser.connect();
  const open: Client[] = [superuser];
  const connect = async () => {
    const client = new Client({ connectionString: database.superuser });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    await client.query('set session authorization sensitive_gate');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return { client, gate: gateOf(client), pid: rows[0]?.pid as number };
  };
  const { client, gate } = await connect();
  const world: World = {
    database,
    client,
    gate,
    another: connect,
    look: async <T extends object>(sql: string, values: unknown[] = []) =>
      (await superuser.query<T>(sql, values)).rows,
    close: async () => {
      await Promise.all(open.map((each) => each.end().catch(() => undefined)));
    },
  };
  for (const name of approvers) await enrol(world, name);
  // A day later: the third one is new for the own tenant until then.
  await world.look('update vault.approvers set own_from = null');
  return world;
}

async function enrol(world: World, name: keyof typeof PEOPLE): Promise<void> {
  const who = PEOPLE[name];
  await world.gate.addApprover(who, name);
  const confirm: NewAttempt = {
    id: randomUUID(),
    purpose: 'confirm-approver',
    request: null,
    hash: null,
    approver: name,
    reason: null,
  };
  const { request } = await gives(world, who, confirm);
  if (request) await gives(world, PEOPLE.ada, attemptFor(request));
}

type Hand = Pick<World, 'client' | 'gate'>;

/** The second transaction: weigh, a right code, accept. */
export async function completes({ client, gate }: Hand, attempt: string, at = nextStep()): Promise<Accepted> {
  await client.query('begin');
  try {
    await gate.weigh(attempt);
    const accepted = await gate.accept(attempt, at, 0);
    await client.query('commit');
    return accepted;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Both transactions of a right code. */
export async function gives(
  hand: Hand,
  who: CallerIdentity,
  attempt: NewAttempt,
  at = nextStep(),
): Promise<Accepted> {
  await hand.gate.attempt(who, attempt);
  return completes(hand, attempt.id, at);
}

/** Both transactions of a wrong one. */
export async function errs({ client, gate }: Hand, who: CallerIdentity, attempt: NewAttempt) {
  await gate.attempt(who, attempt);
  await client.query('begin');
  await gate.weigh(attempt.id);
  const refused = await gate.refuse(attempt.id, 'wrong');
  await client.query('commit');
  return refused;
}

/** The SQLSTATE that it fails with, or undefined. */
export async function refusal(act: Promise<unknown>): Promise<string | undefined> {
  try {
    await act;
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

export async function granted(world: World, given: Partial<NewRequest> = {}): Promise<RequestView> {
  const request = await world.gate.request(PEOPLE.uma, asks(given));
  const { request: approved } = await gives(world, PEOPLE.ada, attemptFor(request));
  return approved as RequestView;
}
