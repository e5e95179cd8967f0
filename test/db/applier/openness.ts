/** What every role can do with every row at one moment, by doing it in transactions that are rolled back. */
import type { Client } from 'pg';
import { signToken } from '../../../sql/db/tenant';
import type { TokenSubject } from '../../../sql/db/token';
import { withClient } from '../../support/database';
import { OWNER, ROLES, type Small } from './world';

/** `role table verb` -> what it can do that to: ids of rows, or organizations to insert for. */
export type Openness = ReadonlyMap<string, ReadonlySet<string>>;

export const TABLES = [
  'public.organizations',
  'public.teams',
  'public.people',
  'public.notes',
  'public.countries',
  'side.staffing',
  'side.rota',
  'public.names',
  'public.team_names',
];

/**
 * The tries, as the role that calls: every one is undone, and what fails is not allowed. Reads of all rows; writes to
 * those of an ordinary and of the sensitive organization.
 */
export const PROBE = `
  create schema probe;
  -- A refusal answers the question; a deadlock, a timeout or a full disk does not.
  create function probe.refused(state text, message text) returns void language plpgsql as $$
  begin
    if state !~ '^(ZZ|TZ|22|23|42|0A|55000)' then
      raise exception 'not an answer: % %', state, message;
    end if;
  end $$;
  create function probe.tries(relation text, extra text) returns table (verb text, what text) language plpgsql as $$
  declare found text[]; n int;
  begin
    begin
      execute format('select array_agg(id::text) from %s', relation) into found;
      return query select 'select', unnest(found);
    exception when others then perform probe.refused(sqlstate, sqlerrm);
    end;
    if relation like '%names' then return; end if;
    for id in 1..2 loop
      begin
        execute format('update %s set label = label where id = %s', relation, id);
        get diagnostics n = row_count;
        if n > 0 then return query select 'update', id::text; end if;
        raise exception 'undo' using errcode = 'ZZ001';
      exception when others then perform probe.refused(sqlstate, sqlerrm);
      end;
      begin
        execute format(case relation when 'public.organizations' then 'update %s set is_sensitive = not is_sensitive where id = %s'
          else 'update %s set organization_id = organization_id %% 3 + 1 where id = %s' end, relation, id);
        get diagnostics n = row_count;
        if n > 0 then return query select 'move', id::text; end if;
        raise exception 'undo' using errcode = 'ZZ001';
      exception when others then perform probe.refused(sqlstate, sqlerrm);
      end;
      begin
        execute format(case relation when 'public.organizations' then 'delete from %s where id = %s' else
          'insert into %s select (r).* from (select jsonb_populate_record(null::%1$s, jsonb_build_object(''id'', 100 + %2$s, ''organization_id'', %2$s, ''person'', ''ann'', ''person_id'', %2$s, ''label'', ''new'')) r) s' end, relation, id);
        get diagnostics n = row_count;
        if n > 0 then return query select case relation when 'public.organizations' then 'delete' else 'insert' end, id::text; end if;
        raise exception 'undo' using errcode = 'ZZ001';
      exception when others then perform probe.refused(sqlstate, sqlerrm);
      end;
    end loop;
    begin
      execute format('truncate %s cascade', relation);
      return query select 'truncate', 'all';
      raise exception 'undo' using errcode = 'ZZ001';
    exception when others then perform probe.refused(sqlstate, sqlerrm);
    end;
  end $$;
  grant usage on schema probe to public;
`;

export const SIGNING = { current: { id: 'small', secret: Buffer.alloc(32, 9) } };

const SUBJECTS: Readonly<Record<string, TokenSubject>> = {
  small_app: { kind: 'tenant', organization: '1', person: 'ann' },
  small_staff: { kind: 'staff', person: 'ann' },
  small_support: { kind: 'support', person: 'ann' },
};

export async function measure(small: Small): Promise<Openness> {
  return withClient(small.superuser, async (client) => {
    const open = new Map<string, Set<string>>();
    for (const role of [...ROLES, OWNER]) {
      for (const { relation, verb, what } of await tries(client, role)) {
        const key = `${role} ${relation} ${verb}`;
        open.set(key, (open.get(key) ?? new Set()).add(what));
      }
    }
    if (await lifts(client)) open.set('small_app lifts the veil', new Set(['2']));
    return open;
  });
}

/** The sensitive tenant's own app clears its flag, in two steps. Shows when the list follows. */
async function lifts(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ listed: boolean }>(
    `select to_regclass('guard.hidden') is not null as listed`,
  );
  if (!rows[0]?.listed) return false;
  const listed = async () =>
    (await client.query('select from guard.hidden where 2 = any (organizations)')).rowCount === 1;
  if (!(await listed())) return false;
  await client.query('begin');
  await client.query(`select set_config('tenant_zero.token', $1, true)`, [
    signToken(SIGNING, { kind: 'tenant', organization: '2', person: 'eve', expiresInSeconds: 600 }),
  ]);
  await client.query('savepoint tries; set local session authorization small_app');
  for (const flag of ['true', 'false'])
    await client
      .query(`update public.organizations set is_sensitive = ${flag} where id = 2`)
      .catch(() => client.query('rollback to tries'));
  await client.query('reset session authorization');
  const lifted = !(await listed());
  await client.query('rollback');
  return lifted;
}

async function tries(client: Client, role: string) {
  const subject = SUBJECTS[role];
  const token = subject ? signToken(SIGNING, { ...subject, expiresInSeconds: 600 }) : '';
  await client.query(
    `begin; select set_config('tenant_zero.token', '${token}', true); set local session authorization ${role}`,
  );
  const { rows } = await client.query<{ relation: string; verb: string; what: string }>(
    `select relation, verb, what from unnest($1::text[]) relation, lateral probe.tries(relation, '')`,
    [TABLES],
  );
  await client.query('rollback');
  return rows;
}

/** What is open at a moment and neither was before nor will be in the end. */
export function excess(now: Openness, before: Openness, final: Openness): string[] {
  const within = (a: ReadonlySet<string>, b: ReadonlySet<string> | undefined) =>
    [...a].every((each) => b?.has(each) ?? false);
  return [...now]
    .filter(([key, what]) => !within(what, before.get(key)) && !within(what, final.get(key)))
    .map(([key, what]) => `${key}: ${[...what].join(', ')}`);
}
