/** Who could and who did, against a model of a few lines: random grants, ends, revocations, broken glass, flags and shells. */
import fc from 'fast-check';
import type { Client } from 'pg';
import { issueTicket, redeem } from '../../support/tenants';
import {
  asks,
  attemptFor,
  beta,
  clinic,
  createWorld,
  gives,
  PEOPLE,
  refusal,
  type World,
} from '../approvals/world';
import { logIn } from './attack';

jest.setTimeout(240_000);

const { uma, sam, ada, bea } = PEOPLE;
const ASKERS = [uma, sam] as const;
const ORGANIZATIONS = [clinic, beta] as const;
const MINUTE = 60_000;
let world: World;
const open: Client[] = [];
beforeAll(async () => {
  world = await createWorld(['ada']);
});
afterAll(async () => {
  await Promise.all(open.splice(0).map((client) => client.end()));
  await world.close();
});

type Op =
  | {
      op: 'grant';
      who: 0 | 1;
      organization: 0 | 1;
      kind: 'shell' | 'console';
      access: 'read' | 'write';
      minutes: number;
    }
  | { op: 'revoke' | 'close'; which: number }
  | { op: 'break'; organization: 0 | 1 }
  | { op: 'flag'; sensitive: boolean }
  | { op: 'open'; who: 0 | 1; write: boolean }
  | { op: 'pass'; minutes: number };

const bit = fc.constantFrom(0 as const, 1 as const);
const is = <T extends string>(op: T) => fc.constant(op);
const operation: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      op: is('grant'),
      who: bit,
      organization: bit,
      kind: fc.constantFrom('shell' as const, 'shell' as const, 'console' as const),
      access: fc.constantFrom('read' as const, 'write' as const),
      minutes: fc.integer({ min: 1, max: 240 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constantFrom('revoke' as const, 'close' as const),
      which: fc.nat({ max: 9 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: is('break'), organization: bit }) },
  { weight: 2, arbitrary: fc.record({ op: is('flag'), sensitive: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: is('open'), who: bit, write: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ op: is('pass'), minutes: fc.integer({ min: 1, max: 300 }) }) },
);

/** Minutes of the model; `now` begins at 0. */
type Span = readonly [from: number, to: number];
interface Grant {
  readonly person: string;
  readonly organization: string;
  readonly kind: string;
  readonly access: string;
  readonly broken: boolean;
  readonly request: string;
  readonly from: number;
  to: number;
}
interface Shell {
  readonly person: string;
  readonly id: string;
  readonly from: number;
  to: number;
}
interface Model {
  now: number;
  readonly grants: Grant[];
  readonly shells: Shell[];
  /** When beta was ordinary; the last one may be open. */
  readonly ordinary: [number, number][];
}

test('could and did are what the model says, in the whole range and in a part of it', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { minLength: 4, maxLength: 18 }),
      fc.tuple(fc.integer({ min: -60, max: 600 }), fc.integer({ min: 1, max: 300 })),
      async (operations, [from, length]) => {
        await afresh();
        const model: Model = {
          now: 0,
          grants: [],
          shells: [],
          ordinary: [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
        };
        for (const each of operations) await perform(each, model);
        for (const organization of ORGANIZATIONS)
          for (const range of [
            [-100_000, model.now + 100_000],
            [from, from + length],
          ] as const) {
            expect(await told(organization, range, model.now)).toEqual(expected(organization, range, model));
            compared += 1;
          }
      },
    ),
    { numRuns: 40 },
  );
  expect(compared).toBeGreaterThanOrEqual(160);
});

/** The ledger begins anew: what earlier runs did is nobody's business. */
async function afresh(): Promise<void> {
  await Promise.all(open.splice(0).map((client) => client.end()));
  await world.look(`set session_replication_role = replica`);
  await world.look(`alter table guard.ledger disable trigger all`);
  await world.look(`delete from guard.ledger`);
  await world.look(
    `alter table guard.ledger enable always trigger tenant_zero_append_only, enable always trigger tenant_zero_follows`,
  );
  await world.look(`update guard.ledger_end set sequence = 0, hash = decode(repeat('00', 32), 'hex')`);
  await world.look(`reset session_replication_role`);
  for (const table of [
    'guard.grants',
    'guard.requests',
    'guard.approvals',
    'vault.sessions',
    'vault.tickets',
    'vault.attempts',
  ])
    await world.look(`delete from ${table}`);
  const [flag] = await world.look<{ is: boolean }>(
    'select is_sensitive as is from public.organizations where id = $1',
    [beta],
  );
  if (flag?.is) {
    const request = await world.gate.request(
      uma,
      asks({ kind: 'flag', organization: beta, sensitive: false }),
    );
    await gives(world, ada, attemptFor(request));
    await afresh();
  }
}

async function perform(each: Op, model: Model): Promise<void> {
  const { now } = model;
  const last = model.ordinary.at(-1);
  const isOrdinary = last?.[1] === Number.POSITIVE_INFINITY;
  const refused = (organization: string) => organization === beta && isOrdinary;
  switch (each.op) {
    case 'pass':
      model.now += each.minutes;
      return passes(each.minutes);
    case 'grant': {
      const [who, organization] = [ASKERS[each.who], ORGANIZATIONS[each.organization]];
      const { kind, access, minutes } = each;
      const asked = asks({ kind, access, minutes, organization });
      if (refused(organization)) return expect(await refusal(world.gate.request(who, asked))).toBe('TZ051');
      await gives(world, ada, attemptFor(await world.gate.request(who, asked)));
      const same = model.grants.filter(
        (g) =>
          !g.broken &&
          g.person === who.person &&
          g.organization === organization &&
          g.kind === kind &&
          g.access === access &&
          g.to > now,
      );
      const to = Math.max(now + minutes, ...same.map((g) => g.to));
      for (const g of same) g.to = to;
      model.grants.push({
        person: who.person,
        organization,
        kind,
        access,
        broken: false,
        request: asked.id,
        from: now,
        to,
      });
      return;
    }
    case 'break': {
      const organization = ORGANIZATIONS[each.organization];
      const asked = asks({ organization });
      if (refused(organization))
        return expect(await refusal(world.gate.breakGlass(bea, asked))).toBe('TZ051');
      await world.gate.breakGlass(bea, asked);
      model.grants.push({
        person: bea.person,
        organization,
        kind: 'shell',
        access: 'read',
        broken: true,
        request: asked.id,
        from: now,
        to: now + 30,
      });
      return;
    }
    case 'revoke': {
      const live = model.grants.filter((g) => g.to > now);
      const one = live[each.which % Math.max(live.length, 1)];
      if (!one) return;
      await world.gate.revoke(ada, one.request, 'it is not needed any more');
      for (const g of live) if (g.person === one.person && g.organization === one.organization) g.to = now;
      return;
    }
    case 'flag': {
      if (each.sensitive !== isOrdinary) return;
      const request = await world.gate.request(
        sam,
        asks({ kind: 'flag', organization: beta, sensitive: each.sensitive }),
      );
      await gives(world, ada, attemptFor(request));
      if (each.sensitive && last) last[1] = now;
      else model.ordinary.push([now, Number.POSITIVE_INFINITY]);
      return;
    }
    case 'open': {
      const { person } = ASKERS[each.who];
      const client = await logIn(world.database, 'support_shell');
      open.push(client);
      await redeem(client, await issueTicket(world.database, { person, write: each.write }));
      const [row] = await world.look<{ id: string }>(
        'select id from vault.tickets order by issued_at desc limit 1',
      );
      model.shells.push({ person, id: row?.id as string, from: now, to: now + 480 });
      return;
    }
    case 'close': {
      const live = model.shells.filter((s) => s.to > now);
      const one = live[each.which % Math.max(live.length, 1)];
      if (!one) return;
      await world.gate.closeShell(ada, one.id, 'it is not needed any more');
      one.to = now;
    }
  }
}

/** Moves everything that was written into the past; the ledger is sealed anew, as only a superuser could. */
async function passes(minutes: number): Promise<void> {
  const back = `interval '${minutes} minutes'`;
  await world.look(
    `update guard.grants set starts_at = starts_at - ${back}, ends_at = ends_at - ${back}, revoked_at = revoked_at - ${back}`,
  );
  await world.look(
    `update vault.sessions set opened_at = opened_at - ${back}, expires_at = expires_at - ${back}`,
  );
  await world.look(
    `update vault.tickets set issued_at = issued_at - ${back}, expires_at = expires_at - ${back}`,
  );
  const us = minutes * MINUTE * 1000;
  await world.look(`alter table guard.ledger disable trigger all`);
  await world.look(`do $do$
    declare l record; d jsonb; before bytea := decode(repeat('00', 32), 'hex');
    begin
      for l in select sequence, body::jsonb as body from guard.ledger order by sequence loop
        d := jsonb_set(l.body, '{at}', to_jsonb((l.body ->> 'at')::bigint - ${us}));
        if d -> 'detail' ? 'until' then d := jsonb_set(d, '{detail,until}', to_jsonb((d #>> '{detail,until}')::bigint - ${us})); end if;
        if d -> 'detail' ? 'openedAt' then d := jsonb_set(d, '{detail,openedAt}', to_jsonb((d #>> '{detail,openedAt}')::bigint - ${us})); end if;
        update guard.ledger k set body = d::text, previous = before, hash = sha256(before || convert_to(d::text, 'UTF8')) where k.sequence = l.sequence;
        before := sha256(before || convert_to(d::text, 'UTF8'));
      end loop;
      update guard.ledger_end set hash = before;
    end $do$`);
  await world.look(
    `alter table guard.ledger enable always trigger tenant_zero_append_only, enable always trigger tenant_zero_follows`,
  );
}

/** Spans in minutes, by who and how; those that touch are one. */
type Told = Record<string, Span[]>;

function put(into: Told, key: string, [from, to]: Span): void {
  if (from >= to) return;
  const spans = [...(into[key] ?? []), [from, to] as const].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [f, t] of spans) {
    const before = merged.at(-1);
    if (before && f <= before[1]) before[1] = Math.max(before[1], t);
    else merged.push([f, t]);
  }
  into[key] = merged;
}

const cut = ([from, to]: Span, [least, most]: Span): Span => [Math.max(from, least), Math.min(to, most)];

function expected(organization: string, range: Span, model: Model): Told {
  const all: Told = {};
  const own = model.grants.filter((g) => g.organization === organization);
  for (const g of own) put(all, `could ${g.person} ${g.kind} ${g.access}`, cut([g.from, g.to], range));
  for (const s of model.shells)
    for (const g of own)
      if (g.person === s.person && g.kind === 'shell')
        put(all, `did ${s.person}`, cut(cut([s.from, Math.min(s.to, model.now)], [g.from, g.to]), range));
  if (organization === beta) for (const span of model.ordinary) put(all, 'could everybody', cut(span, range));
  if (Object.keys(all).length === 0) all.nobody = [range];
  return all;
}

async function told(organization: string, [from, to]: Span, now: number): Promise<Told> {
  const clock = Date.now();
  const at = (minute: number) => new Date(clock + (minute - now) * MINUTE);
  const minute = (time: Date) => now + Math.round((time.getTime() - clock) / MINUTE);
  const rows = await world.look<{
    how: string;
    person: string | null;
    kind: string;
    access: string;
    starts: Date;
    ends: Date;
  }>('select how, person, kind, access, starts, ends from guard.audit($1, $2, $3)', [
    organization,
    at(from),
    at(to),
  ]);
  const all: Told = {};
  for (const { how, person, kind, access, starts, ends } of rows) {
    const key =
      how === 'nobody'
        ? how
        : how === 'did'
          ? `did ${person}`
          : person === null
            ? 'could everybody'
            : `could ${person} ${kind} ${access}`;
    put(all, key, [minute(starts), minute(ends)]);
  }
  // Of what lasted no minute the model knows nothing.
  if (Object.keys(all).length === 0) all.nobody = [[from, to]];
  return all;
}
