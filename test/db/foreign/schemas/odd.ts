/** Whatever else PostgreSQL allows, around organizations that are partitioned, owned by their own users, and known by two keys. */
import type { Product } from './product';

/** Types that need a value of a certain make, one table each. */
const TYPES: readonly string[] = [
  'timetz',
  'name',
  'oid',
  'regclass',
  'tsquery',
  'int4multirange',
  'pg_lsn',
  'bit varying(3)',
  'numeric(3,-2)',
  'text[][]',
  'public.mood[]',
  'public.short[]',
  'public.shorts',
  'public.pair',
  'public.pair[]',
  'public.floatrange',
  'inet[]',
  'macaddr8',
  'path',
  'jsonpath',
  'xml',
  'bytea',
  'daterange',
  'varchar(1)',
  'char',
  'float4',
  'interval day to second',
  'timestamp(0)',
  'cidr',
  'line',
  'uuid[]',
  'jsonb[]',
  'txid_snapshot',
  'tsvector',
];

/** CHECK constraints of many kinds, over columns a to d. */
const CHECKS: readonly (readonly [columns: string, check: string])[] = [
  ['a text not null', `a ~* '^(foo|bar)-[0-9]{3}$'`],
  ['a text not null', `a similar to '[a-c]{2}%'`],
  ['a text not null unique', `length(a) between 3 and 8 and a !~ '[^a-z]'`],
  ['a text not null', `a = any (array['x', 'y']::text[]) or a like 'z\\_%'`],
  ['a int not null, b int not null', 'a < b and b - a >= 5'],
  ['a int not null', '(a & 7) = 5 and a > 100'],
  ['a date not null, b date', `b is null or (b > a and b <= a + 30)`],
  ['a jsonb not null', `a ?& array['x', 'y'] and (a ->> 'x') is not null`],
  ['a jsonb not null', `jsonb_typeof(a) = 'array' and jsonb_array_length(a) > 0`],
  ['a text[] not null', `array_length(a, 1) = 2 and array_position(a, null) is null`],
  ['a numeric not null, b text not null', `(a > 1000) = (b = 'big')`],
  ['a boolean not null, b boolean not null, c boolean not null', `(a::int + b::int + c::int) = 1`],
  ['a text, b int, c uuid', 'num_nonnulls(a, b, c) = 2'],
  ['a timestamptz not null, b timestamptz not null', `b - a between interval '1 hour' and interval '1 day'`],
  ['a bytea not null', 'octet_length(a) = 16 and get_byte(a, 0) < 128'],
  ['a uuid not null', `substring(a::text, 15, 1) = '4'`],
  ['a int4range not null', 'not isempty(a) and upper(a) - lower(a) <= 10 and lower_inc(a)'],
  ['a text not null', `a = lower(btrim(a)) and a <> '' and position(' ' in a) = 0`],
  ['a varchar(10) not null', `a::int between 10 and 99`],
  ['a public.mood not null, b text', `case a when 'sad' then b is not null else b is null end`],
  ['a inet not null', `family(a) = 6`],
  ['a text not null', `a is json object`],
];

export const odd: Product = {
  name: 'odd',
  organizations: '"Org"',
  tenants: ['1', '2'],
  schema: (version) => `
    create type mood as enum ('ok', 'sad'); create domain short as varchar(5) check (value <> ''); create domain shorts as short[] check (cardinality(value) < 3);
    create type pair as (x int, y mood); create type floatrange as range (subtype = float8);
    create table "Org" (id bigint generated always as identity, region text not null default 'eu', code varchar(8) not null, owner_id bigint not null, parent_id bigint not null, primary key (id)) partition by hash (id);
    ${[0, 1, 2].map((i) => `create table "Org_${i}" partition of "Org" for values with (modulus 3, remainder ${i});`).join('\n')}
    alter table "Org" add foreign key (parent_id) references "Org" deferrable initially deferred;
    create table "User" (id bigint generated always as identity primary key, "orgId" bigint not null references "Org" deferrable initially deferred, email text not null, unique nulls not distinct ("orgId", email));
    alter table "Org" add foreign key (owner_id) references "User" deferrable initially deferred;
    create table team (org_id bigint not null references "Org", id int not null, lead bigint references "User", primary key (org_id, id));
    create table team_member (org_id bigint not null, team_id int not null, user_id bigint not null references "User", foreign key (org_id, team_id) references team on update cascade on delete cascade, primary key (org_id, team_id, user_id));
    create table computed (id int primary key, packed jsonb not null default '{}', org_id bigint not null references "Org", doubled bigint generated always as (org_id * 2) stored${version >= 180000 ? ', tripled bigint generated always as (org_id * 3) virtual' : ''});
    create table tree (id int primary key, up int not null references tree, org_id bigint not null references "Org");
    create table ring_a (id int primary key, b int not null); create table ring_b (id int primary key, a int not null references ring_a deferrable initially deferred, org_id bigint not null references "Org");
    alter table ring_a add foreign key (b) references ring_b deferrable initially deferred;
    create table stiff_a (id int primary key, org_id bigint not null references "Org", b int); create table stiff_b (id int primary key, a int not null references stiff_a); alter table stiff_a add foreign key (b) references stiff_b;
    create table one_each (org_id bigint primary key references "Org", v text); create table hangs_on_one (org_id bigint not null references one_each, n int not null, primary key (org_id, n));
    create table enum_key (org_id bigint not null references "Org", kind mood, primary key (org_id, kind)); create table bool_key (org_id bigint not null references "Org", flag boolean, primary key (org_id, flag));
    create table two_ways (id int primary key, org_id bigint not null references "Org", team_org bigint not null, team_id int not null, foreign key (team_org, team_id) references team, check (team_org = org_id));
    create table later_unique (id int primary key, org_id bigint not null references "Org", position int not null, unique (org_id, position) deferrable initially deferred);
    create table by_list (org_id bigint not null references "Org", kind mood not null, at date not null, unique (org_id, kind, at)) partition by list (kind);
    create table by_list_ok partition of by_list for values in ('ok') partition by range (at); create table by_list_ok_2026 partition of by_list_ok for values from ('2026-01-01') to ('2026-02-01');
    create table by_nothing (org_id bigint not null references "Org", at int not null) partition by range (at);
    create table by_expression (org_id bigint not null references "Org", at timestamptz not null) partition by range (extract(year from at at time zone 'utc'), (org_id % 2));
    create table by_expression_1 partition of by_expression for values from (2026, minvalue) to (2026, maxvalue); create table by_default partition of by_expression default;
    create table only_default (org_id bigint not null references "Org" default 1);
    create sequence numbers; create table numbered (id bigint primary key default nextval('numbers'), org_id bigint not null references "Org"); create table numbered_too (id bigint primary key default nextval('numbers'), org_id bigint not null references "Org");
    create table booked (org_id bigint not null references "Org", room int not null, during tstzrange not null, exclude using gist (during with &&) where (room = 1), exclude using gist (during with &&) where (room = 2));
    create table partial_unique (id int primary key, org_id bigint not null references "Org", active boolean not null default true, name text not null default 'x'); create unique index on partial_unique (name) where active; create unique index on partial_unique (lower(name), (org_id + 1));
    ${version >= 180000 ? `create table "when" (org_id bigint not null references "Org", id int4range not null, during daterange not null, primary key (id, during without overlaps)); create table period_child (id int4range not null, during daterange not null, foreign key (id, period during) references "when" (id, period during));` : ''}
    ${TYPES.map((type, i) => `create table type_${i} (org_id bigint not null references "Org", value ${type} not null);`).join('\n')}
    ${CHECKS.filter(([, check]) => version >= 160000 || !check.includes('is json'))
      .map(
        ([columns, check], i) =>
          `create table check_${i} (id int generated always as identity primary key, org_id bigint not null references "Org", ${columns}, check (${check}));`,
      )
      .join('\n')}`,
  seed: `
    begin; insert into "Org" (id, code, owner_id, parent_id) overriding system value values (1, 'a', 1, 1), (2, 'b', 2, 2);
    insert into "User" (id, "orgId", email) overriding system value values (1, 1, 'a'), (2, 2, 'b'); commit;
    insert into team (org_id, id) values (1, 1), (2, 1); insert into team_member values (1, 1, 1), (2, 1, 2);
    insert into tree values (1, 1, 1), (2, 2, 2); insert into one_each values (1), (2); insert into hangs_on_one values (1, 1), (2, 1);
    insert into by_list values (1, 'ok', '2026-01-05'), (2, 'ok', '2026-01-05'); insert into numbered (org_id) values (1), (2);`,
  writes: [
    `insert into numbered (org_id) values (1)`,
    `insert into numbered_too (org_id) values (1)`,
    `insert into tree values (9, 1, 1)`,
  ],
  seen: ['"Org"', '"User"', 'team', 'team_member', 'tree', 'one_each', 'hangs_on_one', 'by_list', 'numbered'],
  // It has no partition yet.
  gaps: ['public.by_nothing'],
};
