/** One small product, with organizations known by a key of each type that somebody uses. */
import type { Product } from './product';

interface Key {
  readonly name: string;
  readonly type: string;
  readonly tenants: readonly [string, string];
  /** The same keys as other tables may spell them. */
  readonly spelled?: readonly [string, string];
  readonly types?: string;
  readonly prepare?: string;
}

const KEYS: readonly Key[] = [
  {
    name: 'uuid',
    type: 'uuid',
    tenants: ['0a000000-0000-4000-8000-00000000000a', '0b000000-0000-4000-8000-00000000000b'],
  },
  { name: 'bigint', type: 'bigint', tenants: ['9007199254740993', '-5'] },
  { name: 'smallint', type: 'smallint', tenants: ['1', '2'] },
  { name: 'varchar', type: 'varchar(21)', tenants: ["o'brien \\ %", 'ünï"$1'] },
  { name: 'char', type: 'char(26)', tenants: ['01ARZ3NDEKTSV4RRFFQ69G5FAV', 'short'] },
  {
    name: 'citext',
    type: 'ext.citext',
    tenants: ['Acme', 'beta'],
    spelled: ['ACME', 'BETA'],
    prepare: 'create schema ext; create extension citext schema ext; grant usage on schema ext to public;',
  },
  {
    name: 'domain',
    type: 'public.org_key',
    types: `create domain base_key as varchar(30) check (value ~ '^[a-z]+_[0-9a-z]+$'); create domain org_key as base_key not null;`,
    tenants: ['org_a', 'org_b'],
  },
  { name: 'ulid', type: 'bytea', tenants: ['\\x01890a5d', '\\x01890a5e'] },
  {
    name: 'tenant_enum',
    type: 'public.tenant',
    types: `revoke usage on schema public from public; create type tenant as enum ('north', 'south', 'east', 'west', 'six', 'seven', 'eight', 'nine');`,
    tenants: ['north', 'south'],
  },
  {
    name: 'nondeterministic',
    type: 'text collate public.ci',
    types: `create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);`,
    tenants: ['Acme', 'beta'],
    spelled: ['ACME', 'BETA'],
  },
];

function product({ name, type, types, tenants, spelled, prepare }: Key): Product {
  const plain = type.replace(/ collate.*/, '');
  const literal = (text: string) => `E'${text.replace(/['\\]/g, '\\$&')}'`;
  const [a, b] = tenants.map(literal);
  const [otherA, otherB] = (spelled ?? tenants).map(literal);
  return {
    name: `key_${name}`,
    organizations: 'company',
    tenants,
    ...(prepare && { prepare: () => prepare }),
    schema: () => `
      ${types ?? ''}
      create table company (id ${type} primary key, name text not null default 'x');
      create table person (id bigint generated always as identity primary key, company_id ${type} not null references company);
      create table project (company_id ${type} not null references company, no int, lead bigint references person, primary key (company_id, no));
      create table task (id serial primary key, company_id ${type}, project_no int, foreign key (company_id, project_no) references project);
      create table label (id int primary key, person_id bigint not null references person on delete cascade);
      create table deal (id int primary key, buyer ${type} not null references company, seller ${type} not null references company, check (buyer <> seller));
      create table loose (id int primary key, company_id ${plain} not null);
      create table global (id int primary key);
      create table member (company_id ${type} not null references company, human_id int not null, primary key (company_id, human_id));
      create table human (id int primary key);
      alter table member add foreign key (human_id) references human;
      create table log (company_id ${type} not null references company, at date not null, body text) partition by range (at);
      create table log_2026 partition of log for values from ('2026-01-01') to ('2027-01-01');`,
    seed: `
      insert into company (id) values (${a}), (${b});
      insert into person (company_id) values (${otherA}), (${otherB});
      insert into label select id, id from person;
      insert into project (company_id, no) values (${otherA}, 1), (${otherB}, 1);
      insert into task (company_id, project_no) values (${otherA}, 1), (${otherB}, 1);
      insert into loose (id, company_id) values (1, ${plain === type ? otherA : a}), (2, ${plain === type ? otherB : b});
      insert into human values (1), (2);
      insert into member values (${otherA}, 1), (${otherB}, 2);
      insert into log values (${otherA}, '2026-05-01', 'x'), (${otherB}, '2026-05-01', 'x');`,
    writes: [
      `insert into person (company_id) values (${a})`,
      `insert into task (company_id, project_no) values (${otherA}, 1)`,
    ],
    seen: ['company', 'person', 'label', 'project', 'task', 'loose', 'human', 'member', 'log'],
  };
}

export const keys: Readonly<Record<string, Product>> = Object.fromEntries(
  KEYS.map((key) => [key.name, product(key)]),
);
