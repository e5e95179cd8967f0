/** Others at work on the same database while an apply runs. */
import { fork } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { type ApplyOptions, apply, type Progress } from '../../../sql/applier/apply';
import { plan } from '../../../sql/planner/plan';
import type { Registry } from '../../../sql/registry';
import { withClient } from '../../support/database';
import { watch } from './faults';
import { applySmall, createSmall, makeRoles, OWNER, PARTS, type Small, small } from './world';

jest.setTimeout(120_000);

let empty: Small;
beforeAll(async () => {
  await makeRoles();
  empty = await createSmall();
});

const copy = () => createSmall({ template: empty.name });
const SHORT = { lockTimeoutMs: 10, patienceMs: 400 };
const run = (database: Small, registry: Registry, options: ApplyOptions = {}) =>
  withClient(database.applier, (client) => apply(client, registry, options));
const left = async (database: Small, registry: Registry) =>
  (await withClient(database.applier, (client) => plan(client, registry, { useMemory: false }))).changes;

/** A session that holds the locks of `sql` as long as `use` takes. */
async function holding<T>(
  database: Small,
  sql: string,
  use: (pid: number, end: () => Promise<unknown>) => Promise<T>,
) {
  return withClient(database.superuser, async (client) => {
    await client.query('begin');
    await client.query(sql);
    const { rows } = await client.query('select pg_backend_pid() as pid');
    const result = await use(rows[0].pid, () => client.query('rollback'));
    await client.query('rollback');
    return result;
  });
}

/** Runs `meddle` once, right before the first statement that matches. */
async function meddling(database: Small, registry: Registry, before: RegExp, meddle: string) {
  let done = false;
  const events: Progress[] = [];
  const report = await withClient(database.applier, async (client) => {
    const watched = watch(client, {
      async before(_, sql) {
        if (done || !before.test(sql)) return;
        done = true;
        await withClient(database.owner, (other) => other.query(meddle));
      },
    });
    return apply(watched.client, registry, { progress: (event) => events.push(event) });
  });
  expect(done).toBe(true);
  return { report, events };
}

describe('two appliers', () => {
  test('of one registry: the second waits, and finds nothing to do', async () => {
    const database = await copy();
    const events: string[] = [];
    const watchers = [0, 1].map(() => ({ progress: ({ kind }: Progress) => events.push(kind) }));
    const [a, b] = await Promise.all(watchers.map((options) => run(database, small(), options)));
    expect(events.filter((kind) => kind === 'waiting')).toHaveLength(1);
    expect([a?.applied.length, b?.applied.length].sort((x = 0, y = 0) => x - y)[0]).toBe(0);
    expect(await left(database, small())).toEqual([]);
  });

  test('of different registries: one after the other, and the last one stands', async () => {
    const database = await copy();
    const other = small({ roles: PARTS.roles.replace('non-sensitive', 'nothing') });
    await Promise.all([run(database, small()), run(database, other)]);
    const [one, two] = [await left(database, small()), await left(database, other)];
    expect([one.length, two.length].filter((n) => n === 0)).toHaveLength(1);
  });
});

describe('a table that is locked', () => {
  test('does not keep the others waiting, and is named in the end with who holds it', async () => {
    const database = await copy();
    await holding(database, 'select from public.people', async (pid) => {
      const error = await run(database, small(), { patience: SHORT }).catch((each: unknown) => each);
      expect(error).toMatchObject({
        code: 'lock-timeout',
        message: expect.stringMatching(
          /^public\.people stayed locked for 0 s; not begun, because it rests on these: public\.notes, public\.names$/,
        ),
        next: expect.stringContaining(`process ${pid} (postgres, AccessShareLock)`),
      });
    });
    const units = new Set((await left(database, small())).map(({ unit }) => unit));
    // The view reads people; who may enter the schemas waits for the tables that grants from before would show.
    expect([...units].sort()).toEqual(['guard', 'public.names', 'public.notes', 'public.people']);
    await applySmall(database, small());
    expect(await left(database, small())).toEqual([]);
  });

  test('is got as soon as it is free, and waits for nobody longer than the lock timeout', async () => {
    const database = await copy();
    const stalls: number[] = [];
    await holding(database, 'select from public.people', async (_, end) => {
      let busy = true;
      const traffic = withClient(database.superuser, async (client) => {
        while (busy) {
          const started = performance.now();
          await client.query('select from public.people limit 1');
          stalls.push(performance.now() - started);
          await sleep(2);
        }
      });
      // Given back at the fourth try, whenever that is.
      const applying = run(database, small(), {
        patience: { lockTimeoutMs: 30, patienceMs: 20_000 },
        progress: (event) => void (event.kind === 'retry' && event.attempt === 4 && end()),
      });
      expect((await applying).remaining).toEqual([]);
      busy = false;
      await traffic;
    });
    // 30 ms, and what a busy machine adds; behind an ordinary ALTER TABLE it would be as long as the lock is held.
    expect(stalls.length).toBeGreaterThan(3);
    expect(Math.max(...stalls)).toBeLessThan(600);
  });

  test.each([
    ['VACUUM', 'lock table public.people in share update exclusive mode'],
    ['CREATE INDEX', 'lock table public.people in share mode'],
  ])('by %s is waited for', async (_, sql) => {
    const database = await copy();
    await holding(database, sql, async (__, end) => {
      setTimeout(() => void end(), 300);
      expect(
        (await run(database, small(), { patience: { lockTimeoutMs: 10, patienceMs: 20_000 } })).remaining,
      ).toEqual([]);
    });
  });

  test('and is the organizations table: nothing is opened, and everything that waits is named', async () => {
    const database = await copy();
    await holding(database, 'select from public.organizations', async () => {
      const error = await run(database, small(), { patience: SHORT }).catch((each: unknown) => each);
      expect(error).toMatchObject({ code: 'lock-timeout', message: expect.stringContaining('side.rota') });
      const { rows } = await withClient(database.superuser, (client) =>
        client.query(`select count(*)::int as n from pg_policy where polname like 'tenant_zero%'`),
      );
      expect(rows[0].n).toBe(0);
    });
  });
});

describe('a statement that fails', () => {
  test('leaves its table as it was; the others are done, and all failures are named together', async () => {
    const database = await copy();
    // Somebody forbids what we do to two of the tables.
    await withClient(database.superuser, (client) =>
      client.query(`create function public.forbid() returns event_trigger language plpgsql as $$
        begin
          if exists (select from pg_event_trigger_ddl_commands() where object_identity ~ 'public.teams|side.rota' and object_type <> 'view') then
            raise exception 'not here' using errcode = '42501';
          end if;
        end $$;
        create event trigger forbid on ddl_command_end when tag in ('CREATE POLICY') execute function public.forbid()`),
    );
    const error = await run(database, small()).catch((each: unknown) => each);
    expect(error).toMatchObject({
      code: 'apply-failed',
      message: expect.stringMatching(/public\.teams: not here \(42501\).*side\.rota: not here/),
    });
    const open = await withClient(database.superuser, (client) =>
      client.query(
        `select relname from pg_class where relname in ('teams', 'people', 'notes') and not relforcerowsecurity`,
      ),
    );
    expect(open.rows).toEqual([{ relname: 'teams' }]);
    await withClient(database.superuser, (client) => client.query('drop event trigger forbid'));
    expect((await run(database, small())).remaining).toEqual([]);
  });
});

describe('migrations in the middle', () => {
  test('a new column is no obstacle', async () => {
    const { report } = await meddling(
      await copy(),
      small(),
      /ALTER TABLE ONLY public.people/,
      'alter table public.people add column age int',
    );
    expect(report.remaining).toEqual([]);
  });

  test('a new table is found and sealed by the same run', async () => {
    const database = await copy();
    const { report } = await meddling(
      database,
      small(),
      /ALTER TABLE ONLY public.people/,
      'create table public.late (id int); grant select on public.late to public',
    );
    expect(report.remaining).toEqual([]);
    expect(report.applied.map(({ unit }) => unit)).toContain('public.late');
  });

  test('a table that is not registered may go', async () => {
    const { report } = await meddling(
      await copy(),
      small(),
      /ALTER TABLE ONLY side.rota/,
      'drop table side.rota',
    );
    expect(report.remaining).toEqual([]);
  });

  test('a table that is dropped and made anew is not opened by what was planned for the old one', async () => {
    const database = await copy();
    await applySmall(database, small());
    const wider = small({
      tables: PARTS.tables.replace(
        'public.notes: { via: person_id }',
        'public.notes: { via: person_id, grants: { small_extra: [select] } }',
      ),
    });
    // All that is planned is a grant. On the new table nothing else would stand.
    const { report, events } = await meddling(
      database,
      wider,
      /GRANT SELECT ON public.notes/,
      'drop table public.notes; create table public.notes (id int primary key, organization_id int, person_id int references public.people, team_id int, label text)',
    );
    expect(events).toContainEqual({ kind: 'failed', unit: 'public.notes' });
    expect(report.remaining).toEqual([]);
    expect(report.applied.filter(({ unit }) => unit === 'public.notes').length).toBeGreaterThan(5);
  });

  test('a policy that somebody drops between plan and transaction is made again', async () => {
    const database = await copy();
    await applySmall(database, small());
    const wider = small({
      tables: PARTS.tables.replace(
        'public.notes: { via: person_id }',
        'public.notes: { via: person_id, grants: { small_extra: [select] } }',
      ),
    });
    const { report } = await meddling(
      database,
      wider,
      /GRANT SELECT ON public.notes/,
      'drop policy tenant_zero_restrict_small_app on public.notes',
    );
    expect(report.remaining).toEqual([]);
    expect(await left(database, wider)).toEqual([]);
  });
});

describe('an applier that ends', () => {
  test('by SIGKILL leaves neither its lock nor half a table', async () => {
    const database = await copy();
    const child = fork(path.join(__dirname, 'killed.mjs'), [database.applier], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    child.kill('SIGKILL');
    const events: string[] = [];
    const report = await run(database, small(), { progress: ({ kind }) => events.push(kind) });
    expect(report.remaining).toEqual([]);
    const { rowCount } = await withClient(database.superuser, (client) =>
      client.query(`select from pg_class where relname = 'half'`),
    );
    expect(rowCount).toBe(0);
  });

  test('because its connection is lost: said so, and the next one completes', async () => {
    const database = await copy();
    const error = await withClient(database.applier, async (client) => {
      client.on('error', () => undefined);
      let terminated = false;
      const watched = watch(client, {
        async before(_, sql) {
          if (terminated || !/ALTER TABLE ONLY public.people/.test(sql)) return;
          terminated = true;
          await withClient(database.superuser, (admin) =>
            admin.query('select pg_terminate_backend($1, 5000)', [
              (client as unknown as { processID: number }).processID,
            ]),
          );
        },
      });
      return apply(watched.client, small()).catch((each: unknown) => each);
    });
    expect(error).toMatchObject({
      code: 'connection-lost',
      message: expect.stringContaining('public.people'),
    });
    expect((await run(database, small())).remaining).toEqual([]);
  });
});

describe('a login with settings of its own', () => {
  const settings = async (database: Small, ...pairs: [string, string][]) => {
    const url = new URL(database.applier);
    url.searchParams.set(
      'options',
      pairs.map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`).join(' '),
    );
    return { ...database, applier: url.href };
  };

  test.each<[string, [string, string][]]>([
    ['a search path of somebody else', [['search_path', 'evil,public,pg_catalog']]],
    ['row_security off', [['row_security', 'off']]],
    ['identifiers always quoted', [['quote_all_identifiers', 'on']]],
    ['serializable transactions', [['default_transaction_isolation', 'serializable']]],
    ['a role', [['role', OWNER]]],
    ['an idle-in-transaction timeout', [['idle_in_transaction_session_timeout', '500']]],
  ])('%s', async (_, pairs) => {
    const database = await copy();
    await withClient(database.superuser, (client) =>
      client.query(`create schema evil; grant usage on schema evil to public;
        create function evil.concat(jsonb, jsonb) returns jsonb language plpgsql as $$ begin raise exception 'evil was called'; end $$;
        create operator evil.|| (leftarg = jsonb, rightarg = jsonb, function = evil.concat);
        create function evil.equal(name, name) returns boolean language plpgsql as $$ begin raise exception 'evil was called'; end $$;
        create operator evil.= (leftarg = name, rightarg = name, function = evil.equal)`),
    );
    const odd = await settings(database, ...pairs);
    expect((await run(odd, small())).remaining).toEqual([]);
    expect((await run(odd, small())).applied).toEqual([]);
    expect((await run(database, small())).applied).toEqual([]);
    expect(await left(database, small())).toEqual([]);
  });

  test('read-only by default: refused before anything, with a next step', async () => {
    const odd = await settings(await copy(), ['default_transaction_read_only', 'on']);
    await expect(run(odd, small())).rejects.toMatchObject({
      code: 'read-only',
      next: expect.stringContaining('default_transaction_read_only'),
    });
  });

  test('a statement timeout that is too short ends with its code, and nothing is half-done', async () => {
    const database = await copy();
    const odd = await settings(database, ['statement_timeout', '1']);
    await expect(run(odd, small())).rejects.toMatchObject({
      code: expect.stringMatching(/^(57014|apply-failed)$/),
    });
    expect((await run(database, small())).remaining).toEqual([]);
  });
});

test('a pooler that lends another process to each transaction is found out before anything is changed', async () => {
  const database = await copy();
  const [one, two] = [new Client(database.applier), new Client(database.applier)];
  await Promise.all([one.connect(), two.connect()]);
  let turn = one;
  const pooled = new Proxy(one, {
    get(target, property) {
      if (property !== 'query') return Reflect.get(target, property);
      return async (sql: string, values?: unknown[]) => {
        if (/^begin/i.test(sql)) turn = turn === one ? two : one;
        return turn.query(sql, values);
      };
    },
  });
  await expect(apply(pooled, small())).rejects.toMatchObject({ code: 'pooled-connection' });
  await Promise.all([one.end(), two.end()]);
  const { rows } = await withClient(database.superuser, (client) =>
    client.query(`select count(*)::int as n from pg_namespace where nspname = 'guard'`),
  );
  expect(rows[0].n).toBe(0);
});
