import { readSchema } from '../../../sql/discovery/read-schema';
import { createDatabase, serverVersion, urlFor, withClient } from '../../support/database';
import { type Inspected, inspect } from './inspect';

describe('several schemas with quoted names, partitions, inheritance, cycles', () => {
  let found: Inspected;
  beforeAll(async () => {
    found = await inspect(
      `
      create schema "Core"; create schema crm; create schema billing; create schema guard; create schema "we""ird";
      create domain crm.org_key as varchar(21);
      create table "Core"."Organization" (
        id varchar(21) primary key, slug text not null unique, parent_id varchar(21) references "Core"."Organization",
        owner_id bigint, "isSensitive" boolean not null default false);
      create table crm.users (id bigint primary key, org varchar(21) references "Core"."Organization");
      alter table "Core"."Organization" add foreign key (owner_id) references crm.users;
      create table crm.employees (
        organization_id varchar(21) not null references "Core"."Organization", id bigint, manager_id bigint,
        primary key (organization_id, id),
        foreign key (organization_id, manager_id) references crm.employees (organization_id, id));
      create table billing.payslips (
        id bigint primary key, organization_id varchar(21) not null, employee_id bigint not null,
        foreign key (organization_id, employee_id) references crm.employees (organization_id, id) on delete cascade);
      create table crm.settings (organization_key crm.org_key primary key references "Core"."Organization");
      create table crm.pages (id bigint primary key, org_slug text not null references "Core"."Organization" (slug));
      create table crm.blocks (id bigint primary key, page_id bigint not null references crm.pages);
      create table crm.partnerships (
        from_organization_id varchar(21) not null references "Core"."Organization",
        to_organization_id varchar(21) not null references "Core"."Organization",
        primary key (from_organization_id, to_organization_id));
      create table billing.invoices (
        id bigint primary key, organization_id varchar(21) not null references "Core"."Organization",
        reseller_id varchar(21) references "Core"."Organization");
      create table billing.lines (
        id bigint, invoice_id bigint not null references billing.invoices on delete cascade,
        page_id bigint not null references crm.pages, primary key (invoice_id, id));
      create table crm.events (
        id bigint, at date, organization_id varchar(21) not null references "Core"."Organization", primary key (id, at)
      ) partition by range (at);
      create table crm.events_2026 partition of crm.events for values from ('2026-01-01') to ('2027-01-01')
        partition by range (at);
      create table crm.events_2026_a partition of crm.events_2026 for values from ('2026-01-01') to ('2026-07-01');
      create table crm.event_notes (
        id bigint primary key, event_id bigint not null, at date not null,
        foreign key (event_id, at) references crm.events);
      create table crm.base (id bigint, organization_id crm.org_key not null);
      create table crm.derived (extra text) inherits (crm.base);
      create table crm.plain (id bigint);
      create table crm.plain_child (organization_id varchar(21) not null) inherits (crm.plain);
      create table crm.a (id bigint primary key, b_id bigint not null, employee_org varchar(21), employee bigint);
      create table crm.b (id bigint primary key, a_id bigint not null references crm.a,
        page_id bigint references crm.pages);
      alter table crm.a add foreign key (b_id) references crm.b;
      create table "we""ird"."na me" (id int primary key, "org id" varchar(21) not null references "Core"."Organization");
      create table guard.state (id int);
      create temp table scratch (id int);
      create materialized view crm.totals as select organization_id, count(*) from billing.invoices group by 1;
      create view crm.over_totals with (security_invoker = on) as select * from crm.totals;
      create foreign data wrapper nowhere; create server away foreign data wrapper nowhere;
      create foreign table crm.remote (organization_id varchar(21) not null) server away;
      create policy "odd, name" on crm.pages as restrictive using (org_slug = current_user);
      create function crm.count_pages() returns bigint language sql security definer
        begin atomic select count(*) from crm.pages; end;
      create function crm.touch() returns void language plpgsql as
        $$ begin update crm.Blocks set id = id; perform 1 from "we""ird"."na me"; end $$;`,
      '"Core"."Organization"',
    );
  });

  test('the proposal is a registry that parses and binds', () => {
    expect(found.problems).toEqual([]);
  });

  test.each([
    ['crm.users', 'certain {"organization":"org"}'],
    ['crm.employees', 'certain {"organization":"organization_id"}'],
    ['billing.payslips', 'certain {"organization":"organization_id"}'],
    ['crm.settings', 'certain {"organization":"organization_key"}'],
    ['crm.pages', 'certain {"via":"org_slug"}'],
    ['crm.blocks', 'certain {"via":"page_id"}'],
    ['billing.invoices', 'certain {"organization":"organization_id"}'],
    ['billing.lines', 'certain {"via":"invoice_id"}'],
    ['crm.events', 'certain {"organization":"organization_id"}'],
    ['crm.events_2026', 'follows crm.events'],
    ['crm.events_2026_a', 'follows crm.events'],
    ['crm.event_notes', 'certain {"via":["event_id","at"]}'],
    ['crm.base', 'certain {"organization":"organization_id"}'],
    ['crm.derived', 'follows crm.base'],
    ['crm.plain', 'none'],
    ['crm.plain_child', 'certain {"organization":"organization_id"}'],
    ['crm.b', 'ambiguous {"via":"page_id"}'],
    ['"we""ird"."na me"', 'certain {"organization":"org id"}'],
    ['crm.totals', 'none'],
    ['crm.remote', 'none'],
  ])('%s: %s', (table, said) => {
    expect(found.said(table)).toBe(said);
  });

  test('two NOT NULL organizations are both asked about, together first', () => {
    expect(found.said('crm.partnerships')).toBe(
      'ambiguous {"organization":["from_organization_id","to_organization_id"]}' +
        ' | {"organization":"from_organization_id"} | {"organization":"to_organization_id"}',
    );
  });

  test('notes say what is not checked', () => {
    expect(found.reach('crm.users').notes).toContain('rows whose org is NULL are visible to no role');
    expect(found.reach('billing.invoices').notes).toContain(
      'reseller_id points at an organization too and is not checked',
    );
    expect(found.reach('crm.plain_child').notes[1]).toContain('also read through crm.plain');
    expect(found.reach('crm.a').reason).toContain('leads to crm.b, which is itself undecided');
  });

  test('copies of a foreign key that PostgreSQL keeps per partition are not read as keys', () => {
    expect(found.relation('crm.event_notes').foreignKeys).toHaveLength(1);
    expect(found.relation('crm.events_2026_a').foreignKeys).toEqual([]);
  });

  test("the engine's own schemas and temporary tables are not read", () => {
    const schemas = new Set([...found.schema.relations.values()].map((one) => one.table.schema));
    expect([...schemas].sort()).toEqual(['Core', 'billing', 'crm', 'we"ird']);
  });

  test('domains are unwrapped', () => {
    expect(found.relation('crm.base').columns[1]).toMatchObject({ type: 'crm.org_key', baseType: 1043 });
  });

  test('functions say what they mention', () => {
    const [count, touch] = found.schema.functions;
    expect(count).toMatchObject({ name: 'count_pages', definer: true });
    expect(count?.mentions).toEqual([found.relation('crm.pages').oid]);
    expect(touch?.mentions).toEqual(
      [found.relation('crm.blocks').oid, found.relation('"we""ird"."na me"').oid].sort((x, y) => x - y),
    );
  });

  test('a security_invoker view over copies is a gap like the copies', () => {
    const open = new Map(found.proposal.undecided.map((one) => [one.table, one.because]));
    expect(open.get('crm.over_totals')).toBe('reads crm.totals, which row security cannot protect');
    expect(found.proposal.questions[0]?.policies).toEqual(['odd, name']);
    expect(found.proposal.yaml).toContain('# Not listed: 3 partitions and inheriting tables');
  });
});

describe('reading', () => {
  test('leaves search_path and transaction as they were, whatever they are', async () => {
    const database = await createDatabase();
    await withClient(urlFor(database), async (client) => {
      await client.query(`create table t (id int); create type mood as enum ('x'); alter table t add m mood`);
      await client.query('set search_path = public, pg_catalog');
      const outside = await readSchema(client);
      await client.query('begin transaction read only; set local search_path = information_schema');
      const inside = await readSchema(client);
      expect((await client.query('show search_path')).rows).toEqual([{ search_path: 'information_schema' }]);
      await client.query('commit');
      expect((await client.query('show search_path')).rows).toEqual([{ search_path: 'public, pg_catalog' }]);
      expect([...outside.relations.values()][0]?.columns[1]?.type).toBe('public.mood');
      expect(inside).toEqual(outside);
    });
  });

  // Both are new in PostgreSQL 18.
  const since18 = serverVersion() >= 180000 ? test : test.skip;
  since18('a NOT NULL that is not validated and a key that is not enforced prove nothing', async () => {
    const found = await inspect(`
      create table tenants (id uuid primary key);
      create table a (id int primary key, tenant_id uuid);
      alter table a add constraint n not null tenant_id not valid;
      create table b (id int primary key, t uuid not null references tenants not enforced);`);
    expect(found.said('public.a')).toBe('ambiguous {"organization":"tenant_id"}');
    expect(found.said('public.b')).toBe('none');
    expect(found.reach('public.b').reason).toContain('NOT ENFORCED');
  });
});
